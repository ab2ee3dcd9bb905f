#include <cstdio>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/exit_code.h"
#include "base/summary.h"
#include "stress/placement/cpu_list.h"
#include "stress/placement/machine_text.h"
#include "stress/placement/placement.h"
#include "tools/verbs.h"

namespace ordeal {
namespace {

using stress::Placement;
using stress::PlacementSpec;
using stress::Policy;
using stress::Topology;

constexpr size_t kMostCrews = 16;

struct Asked {
  std::string topology;
  bool policy_named = false;
  PlacementSpec spec;
  u64 threads = 2, crews = 0, reserve = 0, seed = 1, epoch = 0;
};

absl::Status ReadNumbers(const VerbArgs& a, Asked& asked) {
  struct {
    const char* name;
    u64* value;
    u64 most;
  } const numbers[] = {{"threads", &asked.threads, 1 << 20},
                       {"crews", &asked.crews, 1 << 20},
                       {"reserve", &asked.reserve, 1 << 20},
                       {"seed", &asked.seed, ~u64{0}},
                       {"epoch", &asked.epoch, ~u64{0}}};
  for (const auto& n : numbers) {
    const std::string text = a.Get(n.name, absl::StrCat(*n.value));
    if (!absl::SimpleAtoi(text, n.value) || *n.value > n.most)
      return absl::InvalidArgumentError(absl::StrCat("topo: --", n.name, ": expected 0..", n.most, ", got \"", text, "\""));
  }
  return absl::OkStatus();
}

absl::StatusOr<Asked> Read(const std::vector<std::string>& args) {
  const absl::StatusOr<VerbArgs> a = ParseVerbArgs("topo", args);
  if (!a.ok()) return a.status();
  Asked asked;
  asked.topology = a->Get("topology", "native");
  asked.policy_named = a->Has("placement") || a->Has("cpulist");
  const absl::StatusOr<Policy> policy = stress::ParsePolicy(a->Get("placement", a->Has("cpulist") ? "list" : "rotate"));
  if (!policy.ok()) return policy.status();
  asked.spec.policy = *policy;
  if (a->Has("cpulist")) {
    absl::StatusOr<std::vector<int>> list = stress::ParseCpuList(a->Get("cpulist", ""));
    if (!list.ok()) return list.status();
    asked.spec.list = *std::move(list);
  }
  if (absl::Status s = ReadNumbers(*a, asked); !s.ok()) return s;
  asked.spec.reserve = static_cast<int>(asked.reserve);
  asked.spec.oversubscribe = a->Has("oversubscribe");
  return asked;
}

absl::StatusOr<Placement> PlaceBy(Policy policy, const Topology& topology, const Asked& asked) {
  PlacementSpec spec = asked.spec;
  spec.policy = policy;
  return stress::Place(topology, spec, static_cast<int>(asked.threads), static_cast<int>(asked.crews), asked.seed, asked.epoch);
}

// No policy was named: what each of them could do here.
void PrintPolicies(const Topology& topology, const Asked& asked) {
  std::printf("\ncrews of %llu:\n", static_cast<unsigned long long>(asked.threads));
  for (const Policy policy : stress::RotatedPolicies()) {
    const absl::StatusOr<Placement> p = PlaceBy(policy, topology, asked);
    if (p.ok()) {
      std::printf("  %-8s  %zu\n", stress::PolicyName(policy), p->crews.size());
    } else {
      const std::string why(p.status().message());  // "POLICY: ..."
      std::printf("  %-8s  none: %s\n", stress::PolicyName(policy), why.substr(why.find(' ') + 1).c_str());
    }
  }
  std::printf("--placement=POLICY shows where they go\n");
}

// What the machine cannot do is no error of usage.
int Refused(const absl::Status& status) {
  PrintError(status);
  return absl::IsFailedPrecondition(status) ? kExitUnfit : kExitUsage;
}

}  // namespace

int TopoVerb(const std::vector<std::string>& args) {
  const absl::StatusOr<Asked> asked = Read(args);
  if (!asked.ok()) return Refused(asked.status());
  const absl::StatusOr<Topology> topology = Topology::Load(asked->topology);
  if (!topology.ok()) return Refused(topology.status());
  std::printf("%s\n%s", stress::FactsText(*topology).c_str(), stress::DrawMachine(*topology).c_str());
  if (!asked->policy_named) {
    PrintPolicies(*topology, *asked);
    PrintSummary(absl::StrCat("topo: ", topology->Describe()));
    return kExitClean;
  }
  const absl::StatusOr<Placement> placement = PlaceBy(asked->spec.policy, *topology, *asked);
  if (!placement.ok()) return Refused(placement.status());
  std::printf("\n%s", stress::PlacementText(*placement, kMostCrews).c_str());
  PrintSummary(absl::StrCat("topo: ", topology->Describe(), ", ", stress::PolicyName(placement->policy), " ", placement->crews.size(), " x ",
                            asked->threads, topology->this_system() ? "" : ", not this machine"));
  return kExitClean;
}

}  // namespace ordeal
