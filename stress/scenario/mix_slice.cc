#include "stress/scenario/mix_slice.h"

#include <algorithm>

#include "base/hash.h"
#include "stress/mixes/mix.h"

namespace ordeal::stress {
namespace {

MixOptions OptionsOf(const SliceOptions& o, int crew) {
  MixOptions m;
  m.threads = o.threads_each;
  m.seconds = o.seconds;
  m.rounds = o.rounds == ~u64{0} ? o.rounds : std::max<u64>(1, o.rounds / static_cast<u64>(o.crews));
  m.seed = Mix64(o.seed + static_cast<u64>(crew));
  if (o.pin != nullptr) m.pin = [&o, crew](int thread) { return o.pin(crew, thread); };
  if (o.still_there != nullptr) m.still_there = [&o, crew](int thread) { return o.still_there(crew, thread); };
  return m;
}

// The round in which something goes wrong is the last.
void Count(MixResult r, SliceResult* slice) {
  if (!r.outcome.empty()) r.meters.rounds = std::max<u64>(r.meters.rounds, 1);
  Add(slice->result.meters, r.meters);
  slice->result.interrupted |= r.interrupted;
  slice->result.outcomes["fine"] += r.meters.rounds - !r.outcome.empty();
  if (r.outcome.empty()) return;
  ++slice->result.outcomes[r.outcome];
  if (std::ranges::none_of(slice->hits, [&](const Hit& h) { return h.outcome == r.outcome; })) slice->hits.push_back({r.outcome, {}, r.text});
}

}  // namespace

absl::StatusOr<SliceResult> RunMixSlice(const std::string& mix, const SliceOptions& options) {
  std::vector<MixOptions> crews;
  for (int crew = 0; crew < options.crews; ++crew) crews.push_back(OptionsOf(options, crew));
  absl::StatusOr<std::vector<MixResult>> results = RunMixesApart(mix, crews);
  if (!results.ok()) return results.status();
  SliceResult slice;
  double longest = 0;
  for (MixResult& r : *results) {
    longest = std::max(longest, r.meters.seconds);
    Count(std::move(r), &slice);
  }
  slice.result.meters.seconds = longest;
  return slice;
}

}  // namespace ordeal::stress
