#include "finding/replay.h"

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/suggest.h"
#include "finding/opened.h"
#include "program/bytes.h"
#include "program/text.h"

namespace ordeal {

absl::StatusOr<model::Rung> ParseRung(const std::string& name) {
  for (int r = 0; r < model::kRungs; ++r)
    if (name == std::string(model::kRungNames[r])) return static_cast<model::Rung>(r);
  return absl::InvalidArgumentError(absl::StrCat(
      "got model ", name, ", expected lkmm, power, armv8, armv8-ldar, tso, rc11, coherence, sc or sequential", DidYouMean(name, model::kRungNames)));
}

absl::StatusOr<Reproducer> ParseReproducer(std::string_view content, const std::string& name) {
  if (content.substr(0, 3) != "ORD") return Parse(content, name);
  absl::StatusOr<Reproducer> r = Decode({reinterpret_cast<const uint8_t*>(content.data()), content.size()});
  if (!r.ok()) return absl::InvalidArgumentError(absl::StrCat(name, ": ", r.status().message()));
  return r;
}

absl::StatusOr<Reproducer> ReadReproducer(const std::string& path) {
  absl::StatusOr<std::string> content = ReadFile(path);
  if (!content.ok()) return content.status();
  return ParseReproducer(*content, path);
}

absl::StatusOr<ReplayResult> Replay(const Reproducer& r, int times, Budget budget) {
  absl::StatusOr<Opened> opened = Open(r, budget);
  if (!opened.ok()) return opened.status();
  Machine& machine = *opened->machine;
  Investigator& investigator = *opened->investigator;
  ReplayResult result;
  model::RunOptions options;
  options.rung = investigator.rung();
  options.replay = &r.decisions;
  for (int i = 0; i < times; ++i) {
    const Outcome& o = machine.Run(options);
    if (i == 0) {
      result.first = o;
      result.unmet = o.run.unmet;
    }
    ++result.times;
    result.same += o.run.hash == result.first.run.hash;
    result.effects += investigator.Suspicious(o);
  }
  result.finding = std::move(opened->finding);
  if (result.finding) investigator.Conclude(&*result.finding);
  result.tally = investigator.tally();
  const bool states = !(r.expect == Expectation());
  if (states) result.met = result.finding && Meets(result.finding->verdict, r.expect);
  return result;
}

}  // namespace ordeal
