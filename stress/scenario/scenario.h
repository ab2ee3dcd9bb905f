// What does a night run? Scenarios: the reproducers of the corpus, programs that are drawn anew all the time, and real allocators under mixes.
#pragma once
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "program/reproducer.h"

namespace ordeal::stress {

enum class ScenarioKind : u8 {
  kCorpus,  // one program, with the bug that it is there for: how often does this machine show what the model allows?
  kDrawn,   // a new program for each crew again and again; whatever goes wrong is a finding
  kMix,     // a real allocator under a mix (stress/mixes/mix.h); whatever goes wrong is a finding
};

struct Scenario {
  std::string name;  // "corpus/slub.exts_reader_order", "drawn/slub", "mix/larson"
  ScenarioKind kind = ScenarioKind::kDrawn;
  Reproducer reproducer;  // kDrawn: allocator and bugs alone; kMix: none
  std::string not_run;    // why threads cannot run it; empty: they can
  bool planted = false;   // with bugs: what it shows is expected, and no finding unless it was asked for

  // What is asked about: the violation that the corpus expects, if it is an effect: threads show nothing else. Empty: any.
  std::string wanted() const;
  // On which rungs of the ladder the model shows it: "sequential", "SC", "ARMv8+POWER"; empty: not known, or nothing goes wrong.
  std::string model_allows() const;
};

struct ScenarioChoice {
  std::vector<std::string> patterns;  // names, or their beginnings; empty or "all": every one. "3*NAME": three times in each epoch
  std::vector<std::string> bugs;      // planted in the drawn ones; then of the corpus only their reproducers are left
  std::vector<std::string> arm;       // planted beside the bugs in a second copy of each corpus scenario, NAME+arm: does it help?
  std::string allocator;              // of the drawn ones; empty: each there is. A real one, or a path: mixes alone
  std::vector<std::string> files;     // reproducers from files, beside those of the corpus
};

// Every scenario, in the order of the names, those that were asked for more often repeatedly. InvalidArgument or NotFound: a name that does not
// exist (with a suggestion), a bug that does not, a file that cannot be read.
absl::StatusOr<std::vector<Scenario>> ChooseScenarios(const ScenarioChoice& choice);

// Does a machine of this architecture (TSO on x86, ARMv8, POWER) have what the scenario needs to show? True where it is not known.
bool MachineCanShow(const Scenario& scenario);
// "TSO", "ARMv8", "POWER".
const char* RungOfThisMachine();

}  // namespace ordeal::stress
