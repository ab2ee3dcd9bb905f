#include "stress/placement/crews.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/check.h"

namespace ordeal::stress {
namespace {

using Key = int Seat::*;

// Together what has the same key, groups in the order in which they are met, seats too.
std::vector<std::vector<Seat>> GroupedBy(Key key, const std::vector<Seat>& seats) {
  std::vector<std::vector<Seat>> groups;
  std::vector<std::pair<int, size_t>> index;  // sorted by key
  for (const Seat& s : seats) {
    const auto at = std::lower_bound(index.begin(), index.end(), std::pair<int, size_t>(s.*key, 0));
    if (at != index.end() && at->first == s.*key) {
      groups[at->second].push_back(s);
    } else {
      index.insert(at, {s.*key, groups.size()});
      groups.push_back({s});
    }
  }
  return groups;
}

constexpr Key kLevels[] = {&Seat::package, &Seat::node, &Seat::last_cache, &Seat::core};

std::vector<Seat> SpreadFrom(const std::vector<Seat>& seats, size_t level) {
  if (level == std::size(kLevels) || seats.size() < 2) return seats;
  std::vector<std::vector<Seat>> groups = GroupedBy(kLevels[level], seats);
  size_t longest = 0;
  for (std::vector<Seat>& group : groups) {
    group = SpreadFrom(group, level + 1);
    longest = std::max(longest, group.size());
  }
  std::vector<Seat> out;
  for (size_t turn = 0; turn < longest; ++turn)
    for (const std::vector<Seat>& group : groups)
      if (turn < group.size()) out.push_back(group[turn]);
  return out;
}

// The next `threads` seats of the pool, again and again.
std::vector<Crew> InTurn(const std::vector<Seat>& pool, size_t threads, size_t most) {
  std::vector<Crew> crews;
  for (size_t at = 0; crews.size() < most && at + threads <= pool.size(); at += threads)
    crews.emplace_back(pool.begin() + at, pool.begin() + at + threads);
  return crews;
}

// One crew dealt over the groups: each thread to the group that has fewest of this crew, of those to the one with most seats left. Which makes
// as many crews as can be: the scarce groups are spared. Empty when it would not reach `span` groups, or not evenly.
Crew DealOne(std::vector<std::vector<Seat>>& groups, size_t threads, size_t span) {
  std::vector<size_t> dealt(groups.size(), 0);
  Crew crew;
  while (crew.size() < threads) {
    size_t best = groups.size();
    for (size_t g = 0; g < groups.size(); ++g) {
      const size_t left = groups[g].size() - dealt[g];
      if (left == 0) continue;
      if (best == groups.size() || dealt[g] < dealt[best] || (dealt[g] == dealt[best] && left > groups[best].size() - dealt[best])) best = g;
    }
    if (best == groups.size()) return {};
    crew.push_back(groups[best][dealt[best]++]);
  }
  size_t reached = 0, lightest = threads, heaviest = 0;
  for (const size_t n : dealt) {
    if (n == 0) continue;
    ++reached;
    lightest = std::min(lightest, n);
    heaviest = std::max(heaviest, n);
  }
  if (reached < span || heaviest - lightest > 1) return {};
  for (size_t g = 0; g < groups.size(); ++g) groups[g].erase(groups[g].begin(), groups[g].begin() + static_cast<long>(dealt[g]));
  return crew;
}

std::vector<Crew> Across(std::vector<std::vector<Seat>> groups, size_t threads, size_t most) {
  std::vector<Crew> crews;
  const size_t span = std::min(threads, groups.size());
  for (Crew crew; crews.size() < most && !(crew = DealOne(groups, threads, span)).empty();) crews.push_back(crew);
  return crews;
}

// Crews of several groups, one of each group in turn.
std::vector<Crew> TakingTurns(const std::vector<std::vector<Crew>>& of_groups, size_t most) {
  std::vector<Crew> crews;
  bool more = true;
  for (size_t turn = 0; more && crews.size() < most; ++turn) {
    more = false;
    for (const std::vector<Crew>& of_group : of_groups)
      if (turn < of_group.size() && crews.size() < most) {
        crews.push_back(of_group[turn]);
        more = true;
      }
  }
  return crews;
}

std::vector<Crew> SiblingCrews(const std::vector<Seat>& pool, size_t threads, size_t most) {
  std::vector<std::vector<Crew>> crews;
  for (const std::vector<Seat>& core : GroupedBy(&Seat::core, pool)) crews.push_back(InTurn(core, threads, most));
  return TakingTurns(crews, most);
}

std::vector<Crew> CacheCrews(const std::vector<Seat>& pool, size_t threads, size_t most) {
  std::vector<std::vector<Crew>> crews;
  for (const std::vector<Seat>& cache : GroupedBy(&Seat::last_cache, pool)) {
    std::vector<std::vector<Seat>> cores = GroupedBy(&Seat::core, cache);
    if (cache.front().last_cache >= 0 && cores.size() >= threads) crews.push_back(Across(std::move(cores), threads, most));
  }
  return TakingTurns(crews, most);
}

std::vector<Crew> CrewsOver(Key key, const std::vector<Seat>& pool, size_t threads, size_t most) {
  std::vector<std::vector<Seat>> groups = GroupedBy(key, pool);
  if (threads > 1 && groups.size() < 2) return {};
  return Across(std::move(groups), threads, most);
}

std::string WhyNot(Policy policy, const std::vector<Seat>& pool, int threads) {
  switch (policy) {
    case Policy::kSmt: return absl::StrCat("smt: no core has ", threads, " usable PUs");
    case Policy::kCache: {
      const bool known = std::any_of(pool.begin(), pool.end(), [](const Seat& s) { return s.last_cache >= 0; });
      return known ? absl::StrCat("cache: no last-level cache has ", threads, " usable cores") : "cache: this machine tells of no cache";
    }
    case Policy::kPackage: return "package: all usable PUs are in one package";
    case Policy::kNode: return "node: all usable PUs are in one NUMA node";
    default: return absl::StrCat(PolicyName(policy), ": ", threads, " threads, ", pool.size(), " PUs");
  }
}

std::vector<Crew> Made(Policy policy, const std::vector<Seat>& pool, size_t threads, size_t most) {
  switch (policy) {
    case Policy::kSmt: return SiblingCrews(pool, threads, most);
    case Policy::kCache: return CacheCrews(pool, threads, most);
    case Policy::kPackage: return CrewsOver(&Seat::package, pool, threads, most);
    case Policy::kNode: return CrewsOver(&Seat::node, pool, threads, most);
    default: return InTurn(pool, threads, most);
  }
}

}  // namespace

std::vector<Seat> SpreadOrder(const std::vector<Seat>& seats) { return SpreadFrom(seats, 0); }

absl::StatusOr<std::vector<Crew>> CrewsOf(Policy policy, const std::vector<Seat>& pool, int threads, int most) {
  ORDEAL_CHECK(policy != Policy::kRotate && threads >= 1 && most >= 1, "rotate chooses one of the others");
  std::vector<Crew> crews = Made(policy, pool, static_cast<size_t>(threads), static_cast<size_t>(most));
  if (crews.empty()) return absl::FailedPreconditionError(WhyNot(policy, pool, threads));
  return crews;
}

}  // namespace ordeal::stress
