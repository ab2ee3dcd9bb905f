#include "stress/placement/placement.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "base/random.h"
#include "stress/placement/cpu_list.h"

namespace ordeal::stress {
namespace {

struct Request {
  const Topology& topology;
  const PlacementSpec& spec;
  int threads;  // of a crew
  int crews;    // wanted; 0: as many as fit
  u64 seed;
};

absl::Status Check(const Request& r) {
  if (r.threads < 1) return absl::InvalidArgumentError(absl::StrCat("placement: expected at least 1 thread a crew, got ", r.threads));
  if (r.crews < 0) return absl::InvalidArgumentError(absl::StrCat("placement: expected 0 or more crews, got ", r.crews));
  if (r.spec.reserve < 0) return absl::InvalidArgumentError(absl::StrCat("placement: expected a reserve of 0 or more PUs, got ", r.spec.reserve));
  const bool list = r.spec.policy == Policy::kList;
  if (list == r.spec.list.empty())
    return absl::InvalidArgumentError(list ? "placement: list needs OS numbers, as in --cpulist=0,8,16"
                                           : absl::StrCat("placement: a list of OS numbers goes with list, not with ", PolicyName(r.spec.policy)));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Seat>> Listed(const Request& r) {
  std::vector<Seat> out;
  std::set<int> seen;
  for (const int os : r.spec.list) {
    const auto has = [os](const Seat& s) { return s.os == os; };
    const std::vector<Seat>& usable = r.topology.usable();
    const auto at = std::find_if(usable.begin(), usable.end(), has);
    if (at == usable.end()) {
      const bool exists = std::any_of(r.topology.seats().begin(), r.topology.seats().end(), has);
      return absl::FailedPreconditionError(
          absl::StrCat("list: P#", os, exists ? " may not be used by this process" : " does not exist on this machine"));
    }
    if (!seen.insert(os).second) return absl::InvalidArgumentError(absl::StrCat("list: P#", os, " is named twice"));
    out.push_back(*at);
  }
  return out;
}

u64 ThreadsWanted(const Request& r) { return static_cast<u64>(r.threads) * static_cast<u64>(std::max(r.crews, 1)); }

absl::Status TooMany(const Request& r, size_t pus) {
  return absl::FailedPreconditionError(absl::StrCat(PolicyName(r.spec.policy), ": ", ThreadsWanted(r), " threads wanted (", std::max(r.crews, 1),
                                                    " x ", r.threads, "), ", pus, " PUs to be had (", r.topology.usable().size(), " usable, ",
                                                    r.spec.reserve, " in reserve)"));
}

// The PUs that may be taken, in hwloc's order or the list's.
absl::StatusOr<std::vector<Seat>> PoolOf(const Request& r) {
  const std::vector<Seat>& usable = r.topology.usable();
  const size_t reserve = static_cast<size_t>(r.spec.reserve);
  if (reserve >= usable.size()) return TooMany(r, 0);
  std::vector<Seat> pool(usable.begin() + r.spec.reserve, usable.end());
  if (r.spec.policy == Policy::kList) {
    absl::StatusOr<std::vector<Seat>> listed = Listed(r);
    if (!listed.ok()) return listed.status();
    if (listed->size() + reserve > usable.size()) return TooMany(r, usable.size() - reserve);
    pool = *std::move(listed);
  }
  const u64 wanted = ThreadsWanted(r);
  if (wanted <= pool.size()) return pool;
  if (!r.spec.oversubscribe) return TooMany(r, pool.size());
  if (wanted > 1'000'000) return absl::InvalidArgumentError(absl::StrCat("placement: expected at most 1000000 threads, got ", wanted));
  // Every PU as often as is needed: a second lap begins when the first is used up.
  const std::vector<Seat> lap = pool;
  while (pool.size() < wanted) pool.insert(pool.end(), lap.begin(), lap.end());
  return pool;
}

// `turn` counts the epochs of this policy.
absl::StatusOr<std::vector<Crew>> Crews(const Request& r, Policy policy, std::vector<Seat> pool, u64 turn) {
  const bool fixed = policy == Policy::kCompact || policy == Policy::kList;
  if (!fixed) pool = SpreadOrder(pool);
  if (policy == Policy::kRandom || (!fixed && policy != Policy::kSpread && turn > 0)) {
    u64 mixed = r.seed;
    Rng rng(SplitMix64(mixed) ^ (turn * 0x9e3779b97f4a7c15));
    for (size_t i = pool.size(); i > 1; --i) std::swap(pool[i - 1], pool[rng.Below(i)]);
  }
  const int most = r.crews > 0 ? r.crews : static_cast<int>(pool.size());
  return CrewsOf(policy, pool, r.threads, most);
}

void CountSeats(const Topology& topology, Placement& p) {
  std::set<int> taken;
  for (const Crew& crew : p.crews)
    for (const Seat& s : crew) p.shared |= !taken.insert(s.logical).second;
  for (const Seat& s : topology.usable())
    if (!taken.contains(s.logical)) p.left_free.push_back(s);
}

}  // namespace

absl::StatusOr<Placement> Place(const Topology& topology, const PlacementSpec& spec, int threads_per_crew, int crews_wanted, u64 seed, u64 epoch) {
  const Request r{topology, spec, threads_per_crew, crews_wanted, seed};
  if (absl::Status s = Check(r); !s.ok()) return s;
  const absl::StatusOr<std::vector<Seat>> pool = PoolOf(r);
  if (!pool.ok()) return pool.status();
  Placement p;
  p.policy = spec.policy;
  p.crews_wanted = crews_wanted;
  p.this_system = topology.this_system();
  u64 turn = epoch;
  if (spec.policy == Policy::kRotate) {
    std::vector<Policy> possible;
    for (const Policy policy : RotatedPolicies()) {
      if (absl::StatusOr<std::vector<Crew>> crews = Crews(r, policy, *pool, 0); crews.ok()) {
        possible.push_back(policy);
      } else {
        p.left_out.emplace_back(crews.status().message());
      }
    }
    p.policy = possible[epoch % possible.size()];  // spread, compact and random can always be done
    turn = epoch / possible.size();
  }
  absl::StatusOr<std::vector<Crew>> crews = Crews(r, p.policy, *pool, turn);
  if (!crews.ok()) return crews.status();
  p.crews = *std::move(crews);
  CountSeats(topology, p);
  return p;
}

std::string PlacementText(const Placement& p, size_t most_crews) {
  const size_t threads = p.crews.front().size();
  std::string out = absl::StrCat("placement ", PolicyName(p.policy), ": ", p.crews.size(), p.crews.size() == 1 ? " crew of " : " crews of ", threads,
                                 threads == 1 ? " thread" : " threads");
  if (static_cast<size_t>(p.crews_wanted) > p.crews.size()) absl::StrAppend(&out, " (", p.crews_wanted, " wanted, no more of this shape fit)");
  absl::StrAppend(&out, p.this_system ? ", to be pinned" : ", planned: no thread can be bound to this machine from here",
                  p.shared ? "; some PUs have several threads\n" : "\n");
  for (size_t c = 0; c < std::min(most_crews, p.crews.size()); ++c) {
    absl::StrAppend(&out, "  crew ", c, " ");
    for (const Seat& s : p.crews[c]) absl::StrAppend(&out, "  L#", s.logical, " P#", s.os);
    absl::StrAppend(&out, "\n");
  }
  if (p.crews.size() > most_crews) absl::StrAppend(&out, "  and ", p.crews.size() - most_crews, " more\n");
  std::vector<int> free;
  for (const Seat& s : p.left_free) free.push_back(s.os);
  std::sort(free.begin(), free.end());
  absl::StrAppend(&out, "  left free: ", free.empty() ? "none" : absl::StrCat("P#", CpuListText(free)), "\n");
  for (const std::string& why : p.left_out) absl::StrAppend(&out, "  left out: ", why, "\n");
  return out;
}

}  // namespace ordeal::stress
