#include "stress/mixes/crew_of_mix.h"

#include <algorithm>
#include <cstring>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/suggest.h"
#include "shadow/violation.h"
#include "stress/crew/escape.h"
#include "stress/crew/timebase.h"

namespace ordeal::stress {
namespace {

struct MixEntry {
  MixInfo info;
  Mix* (*make)(Ground& ground, int threads);
  Edge edge = Edge::kContract;
  u64 ops_of_a_shift = ~u64{0};
};

constexpr MixEntry kMixes[] = {
    {{"producer_consumer", "half of the threads allocate, half free"}, &MakeProducerConsumer},
    {{"xmalloc", "batches that one thread allocates and another frees"}, &MakeXmalloc},
    {{"larson", "random replacement in slots that go from thread to thread; threads end and begin"},
     &MakeLarson,
     Edge::kContract,
     kOpsOfALarsonThread},
    {{"mstress", "sizes of all magnitudes, calloc, realloc, aligned_alloc, shelves of blocks that change hands"}, &MakeMstress},
    {{"mstress_full", "mstress with full barriers at every hand-over: more order than users owe"}, &MakeMstress, Edge::kFull},
};

void NotePin(Member& m, const absl::Status& s) {
  m.pin_code = static_cast<int>(s.code());
  std::strncpy(m.pin_message, std::string(s.message()).c_str(), sizeof m.pin_message - 1);
}

// One shift of one member: from a thread's beginning to its end. The first ones wait until all are there.
void Shift(Bench& bench, Mix& mix, int member, bool is_first) {
  if (bench.options->pin != nullptr)
    if (const absl::Status s = bench.options->pin(member); !s.ok()) {
      NotePin(bench.members[member], s);
      bench.stop = true;
      return;
    }
  Worker w(bench, member);
  bench.begun += is_first;
  while (bench.begun < bench.options->threads && w.GoOn()) w.Pause();
  if (Guarded([&] { mix.Work(w); }) != Left::kDone)
    w.Wrong(ViolationName(Violation::kWildAccess), "thread %d: the allocator, or a look at what it gave, touched the address 0x%lx\n", member,
            FaultAddress());
}

}  // namespace

const std::vector<MixInfo>& Mixes() {
  static const auto* all = [] {
    auto* infos = new std::vector<MixInfo>;
    for (const MixEntry& e : kMixes) infos->push_back(e.info);
    return infos;
  }();
  return *all;
}

absl::StatusOr<MixAtWork> SetUp(const std::string& name, const MixOptions& options, Ground& ground) {
  const auto* entry = std::ranges::find(kMixes, name, [](const MixEntry& e) { return e.info.name; });
  if (entry == std::end(kMixes)) {
    std::vector<std::string_view> names;
    for (const MixInfo& m : Mixes()) names.push_back(m.name);
    return absl::NotFoundError(absl::StrCat("no mix '", name, "'", DidYouMean(name, names)));
  }
  if (options.threads < 1 || options.threads > kMostMixThreads)
    return absl::InvalidArgumentError(absl::StrCat("a mix of ", options.threads, " threads: expected 1..", kMostMixThreads));
  if (!ground.ok()) return absl::ResourceExhaustedError("no memory for the records of a mix");
  Bench* bench = ground.New<Bench>();
  bench->options = &options;
  bench->edge = entry->edge;
  bench->ops_of_a_shift = entry->ops_of_a_shift;
  bench->end = Now() + options.seconds;
  bench->members = ground.Make<Member>(static_cast<size_t>(options.threads));
  return MixAtWork{bench, entry->make(ground, options.threads)};
}

void WorkAndDrain(MixAtWork at) {
  Bench& bench = *at.bench;
  std::vector<std::thread> places;
  for (int member = 0; member < bench.options->threads; ++member) {
    places.emplace_back([&bench, at, member] {
      std::atomic<int>& thread = bench.members[member].thread;
      // The beginning and the end of a thread are the allocator's work too.
      bool is_first = true;
      for (thread = ThisThread(); is_first || !bench.stop.load(std::memory_order_relaxed); thread = ThisThread()) {
        std::thread shift([&] { Shift(bench, *at.mix, member, is_first); });
        shift.join();
        is_first = false;
      }
      thread = 0;
    });
  }
  for (std::thread& t : places) t.join();
  for (int i = 0; i < bench.options->threads; ++i)
    if (bench.members[i].wrong.outcome[0] != 0) return;  // its records may be of any kind
  Worker last(bench, 0);
  if (Guarded([&] { at.mix->Drain(last); }) != Left::kDone)
    last.Wrong(ViolationName(Violation::kWildAccess), "at the end, when the last blocks were freed: the address 0x%lx was touched\n", FaultAddress());
}

absl::StatusOr<MixResult> ResultOf(const Bench& bench, double seconds) {
  MixResult r;
  std::vector<const WrongThing*> wrong, misaligned;
  u64 shares = 0, overlapped = 0, drifted = 0, starved = 0;
  for (int i = 0; i < bench.options->threads; ++i) {
    const Member& m = bench.members[i];
    if (m.pin_code != 0) return absl::Status(static_cast<absl::StatusCode>(m.pin_code), m.pin_message);
    shares += m.rounds, overlapped += m.overlapped, drifted += m.drifted, starved += m.starved;
    r.meters.ops += m.done.load(std::memory_order_relaxed);
    r.allocations += m.allocations, r.frees += m.frees, r.meters.remote_frees += m.remote_frees, r.refused += m.refused;
    if (m.wrong.outcome[0] != 0) wrong.push_back(&m.wrong);
    if (m.misaligned.outcome[0] != 0) misaligned.push_back(&m.misaligned);
  }
  // Each thread counts its own rounds: of the crew's, as many as they are on average.
  const auto n = static_cast<u64>(bench.options->threads);
  r.meters.rounds = shares / n, r.meters.overlapped = overlapped / n, r.meters.drifted = drifted / n, r.meters.starved = starved / n;
  r.meters.seconds = seconds;
  r.interrupted = bench.interrupted;
  std::ranges::sort(wrong, {}, &WrongThing::ticks);
  wrong.insert(wrong.end(), misaligned.begin(), misaligned.end());
  for (const WrongThing* w : wrong) absl::StrAppend(&r.text, w == wrong[0] ? "" : absl::StrCat("then, ", w->outcome, ": "), w->text);
  if (!wrong.empty()) r.outcome = wrong[0]->outcome;
  if (r.outcome.empty() && 2 * r.refused > r.allocations)
    return absl::ResourceExhaustedError(absl::StrCat("the allocator refused ", r.refused, " of ", r.allocations, " allocations: nothing was tested"));
  return r;
}

}  // namespace ordeal::stress
