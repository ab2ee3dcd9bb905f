#include "stress/placement/placement.h"

#include <map>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "stress/placement/topology_testing.h"

namespace ordeal::stress {
namespace {

using testing::HasSubstr;

// Machines of every shape that a policy could trip over.
const std::vector<Topology>& Machines() {
  static const std::vector<Topology>& all = *new std::vector<Topology>{Loaded(kPower),
                                                                       Loaded(kEightNodes),
                                                                       Hybrid(),
                                                                       OddOnly(),
                                                                       Allowed(1, 99, 7),
                                                                       Allowed(60, 70, 1),
                                                                       Loaded("synthetic:pu:1"),
                                                                       Loaded("synthetic:pack:3 pu:3"),
                                                                       Loaded("synthetic:pack:1 l3:1 core:2 pu:2"),
                                                                       Loaded("synthetic:pack:3 [numa] l3:4 l2:2 core:2 pu:1(indexes=2*24:1*2)"),
                                                                       Loaded("synthetic:pack:2 l2:4 core:1 pu:8")};
  return all;
}

std::set<int> Values(const Crew& crew, int Seat::* key) {
  std::set<int> out;
  for (const Seat& s : crew) out.insert(s.*key);
  return out;
}

// How many different values the PUs have that may be taken.
size_t Known(const Topology& t, int reserve, int Seat::* key) { return Values({t.usable().begin() + reserve, t.usable().end()}, key).size(); }

// Over as many values as there are threads, or all of them; none of them with two threads more than another.
void ExpectDealtOver(const Topology& t, int reserve, const Crew& crew, int Seat::* key) {
  std::map<int, size_t> count;
  for (const Seat& s : crew) ++count[s.*key];
  size_t least = crew.size(), most = 0;
  for (const auto& [value, n] : count) least = std::min(least, n), most = std::max(most, n);
  EXPECT_EQ(count.size(), std::min(crew.size(), Known(t, reserve, key)));
  EXPECT_LE(most - least, 1u);
}

void ExpectShape(const Topology& t, int reserve, Policy policy, const Crew& crew) {
  switch (policy) {
    case Policy::kSmt: EXPECT_EQ(Values(crew, &Seat::core).size(), 1u); break;
    case Policy::kCache:
      EXPECT_EQ(Values(crew, &Seat::last_cache).size(), 1u);
      EXPECT_GE(crew[0].last_cache, 0);
      EXPECT_EQ(Values(crew, &Seat::core).size(), crew.size());
      break;
    case Policy::kPackage: ExpectDealtOver(t, reserve, crew, &Seat::package); break;
    case Policy::kNode: ExpectDealtOver(t, reserve, crew, &Seat::node); break;
    default: break;
  }
}

void ExpectSound(const Topology& t, const Placement& p, int threads, int crews, int reserve) {
  std::set<int> taken;
  for (const Crew& crew : p.crews) {
    ASSERT_EQ(crew.size(), static_cast<size_t>(threads));
    ExpectShape(t, reserve, p.policy, crew);
    for (const Seat& s : crew) {
      EXPECT_TRUE(t.IsUsable(s)) << "P#" << s.os;
      EXPECT_TRUE(taken.insert(s.os).second) << "P#" << s.os << " is used twice";
    }
  }
  if (crews > 0) {
    EXPECT_LE(p.crews.size(), static_cast<size_t>(crews));
  }
  EXPECT_EQ(p.left_free.size(), t.usable().size() - taken.size());
  EXPECT_GE(p.left_free.size(), static_cast<size_t>(reserve));
  EXPECT_FALSE(p.shared);
}

// Whether some crew of the policy's shape exists, by counting.
bool Possible(const Topology& t, Policy policy, int threads) {
  std::map<int, size_t> of_core;
  std::map<int, std::set<int>> cores_of_cache;
  for (const Seat& s : t.usable()) {
    ++of_core[s.core];
    if (s.last_cache >= 0) cores_of_cache[s.last_cache].insert(s.core);
  }
  const size_t n = static_cast<size_t>(threads);
  switch (policy) {
    case Policy::kSmt: return std::any_of(of_core.begin(), of_core.end(), [n](const auto& core) { return core.second >= n; });
    case Policy::kCache:
      return std::any_of(cores_of_cache.begin(), cores_of_cache.end(), [n](const auto& cache) { return cache.second.size() >= n; });
    case Policy::kPackage: return n == 1 || Known(t, 0, &Seat::package) > 1;
    case Policy::kNode: return n == 1 || Known(t, 0, &Seat::node) > 1;
    default: return true;
  }
}

TEST(PlacementTest, EveryPolicyOnEveryMachineIsSoundAndOfItsShape) {
  size_t placed = 0, refused = 0;
  for (const Topology& t : Machines())
    for (const Policy policy : RotatedPolicies())
      for (const int threads : {1, 2, 3, 4, 8})
        for (const int crews : {0, 1, 3})
          for (const int reserve : {0, 1, 5})
            for (const u64 epoch : {0, 1, 2}) {
              const auto p = Place(t, {.policy = policy, .reserve = reserve}, threads, crews, /*seed=*/epoch * 7 + 1, epoch);
              SCOPED_TRACE(
                  absl::StrCat(t.spec(), " ", t.Describe(), " ", PolicyName(policy), " threads ", threads, " crews ", crews, " reserve ", reserve));
              if (p.ok()) {
                ExpectSound(t, *p, threads, crews, reserve);
                ++placed;
              } else {
                EXPECT_TRUE(absl::IsFailedPrecondition(p.status())) << p.status();
                ++refused;
              }
              const bool enough = reserve + threads * std::max(crews, 1) <= static_cast<int>(t.usable().size());
              if (!enough) {
                EXPECT_FALSE(p.ok());
              }
              // What is kept in reserve may be what the shape needs; without a reserve, what is possible is done.
              if (enough && reserve == 0) {
                EXPECT_EQ(p.ok(), Possible(t, policy, threads)) << p.status();
              }
            }
  EXPECT_GT(placed, 1000u);
  EXPECT_GT(refused, 1000u);
}

TEST(PlacementTest, AsManyCrewsAsFit) {
  const Topology power = Loaded(kPower);
  for (const auto& [policy, threads, crews] : std::vector<std::tuple<Policy, int, size_t>>{{Policy::kCompact, 2, 64},
                                                                                           {Policy::kCompact, 3, 42},
                                                                                           {Policy::kSpread, 2, 64},
                                                                                           {Policy::kSmt, 2, 64},
                                                                                           {Policy::kSmt, 3, 32},
                                                                                           {Policy::kSmt, 4, 32},
                                                                                           {Policy::kCache, 2, 64},
                                                                                           {Policy::kCache, 16, 8},
                                                                                           {Policy::kPackage, 2, 64},
                                                                                           {Policy::kPackage, 3, 42},
                                                                                           {Policy::kNode, 2, 64},
                                                                                           {Policy::kRandom, 5, 25}})
    EXPECT_EQ(Place(power, {.policy = policy}, threads, 0, 1, 3)->crews.size(), crews) << PolicyName(policy) << " " << threads;
  // 8 and 1 and 1 PUs in three packages: two crews of two, not one across the two small ones.
  const Topology uneven = Edited("pack:3 core:8 pu:1", [](hwloc_topology_t raw) {
    hwloc_bitmap_t allowed = PuSet(0, 8, 1);
    hwloc_bitmap_set(allowed, 16);
    EXPECT_EQ(hwloc_topology_allow(raw, allowed, nullptr, HWLOC_ALLOW_FLAG_CUSTOM), 0);
    hwloc_bitmap_free(allowed);
  });
  EXPECT_EQ(Place(uneven, {.policy = Policy::kPackage}, 2, 0, 1, 0)->crews.size(), 2u);
}

TEST(PlacementTest, SpreadIsFarAndCompactIsNear) {
  const Topology eight = Loaded(kEightNodes);
  const Placement spread = *Place(eight, {.policy = Policy::kSpread}, 8, 0, 1, 0);
  for (const Crew& crew : spread.crews) {
    EXPECT_EQ(Values(crew, &Seat::node).size(), 8u);
    EXPECT_EQ(Values(crew, &Seat::core).size(), 8u);
  }
  EXPECT_EQ(Values(Place(eight, {.policy = Policy::kSpread}, 2, 1, 1, 0)->crews[0], &Seat::package).size(), 2u);
  EXPECT_EQ(Values(Place(eight, {.policy = Policy::kSpread}, 64, 1, 1, 0)->crews[0], &Seat::core).size(), 64u)
      << "no sibling before every core has a thread";
  const Placement compact = *Place(eight, {.policy = Policy::kCompact}, 8, 0, 1, 0);
  for (const Crew& crew : compact.crews) {
    EXPECT_EQ(Values(crew, &Seat::last_cache).size(), 1u);
    EXPECT_EQ(Values(crew, &Seat::core).size(), 4u);
  }
}

// Few crews are put out of each other's way.
TEST(PlacementTest, CrewsThatAreFewLieApart) {
  const Topology power = Loaded(kPower);
  for (const Policy policy : {Policy::kSmt, Policy::kCache}) {
    const Placement p = *Place(power, {.policy = policy}, 2, 2, 1, 0);
    EXPECT_NE(p.crews[0][0].package, p.crews[1][0].package) << PolicyName(policy);
  }
}

TEST(PlacementTest, AFunctionOfItsArguments) {
  const Topology t = Loaded(kPower);
  const auto seats = [&](Policy policy, u64 seed, u64 epoch) { return Place(t, {.policy = policy}, 2, 0, seed, epoch)->crews; };
  for (const Policy policy : RotatedPolicies()) EXPECT_EQ(seats(policy, 5, 6), seats(policy, 5, 6));
  EXPECT_NE(seats(Policy::kRandom, 1, 0), seats(Policy::kRandom, 2, 0));
  EXPECT_NE(seats(Policy::kRandom, 1, 0), seats(Policy::kRandom, 1, 1));
  for (const Policy policy : {Policy::kSmt, Policy::kCache, Policy::kPackage, Policy::kNode}) {
    EXPECT_EQ(seats(policy, 1, 0), seats(policy, 2, 0)) << "epoch 0 is the plain order";
    EXPECT_NE(seats(policy, 1, 1), seats(policy, 1, 2)) << PolicyName(policy) << ": the same partners all night";
  }
  for (const Policy policy : {Policy::kSpread, Policy::kCompact}) EXPECT_EQ(seats(policy, 1, 1), seats(policy, 2, 2));
}

TEST(PlacementTest, RotateVisitsWhatTheMachineCanDoAndSaysWhatNot) {
  for (const Topology& t : Machines()) {
    const int threads = static_cast<int>(std::min<size_t>(2, t.usable().size()));
    std::set<Policy> possible, visited;
    for (const Policy policy : RotatedPolicies())
      if (Possible(t, policy, threads)) possible.insert(policy);
    for (u64 epoch = 0; epoch < possible.size(); ++epoch) {
      const auto p = Place(t, {.policy = Policy::kRotate}, threads, 0, 1, epoch);
      ASSERT_TRUE(p.ok()) << p.status();
      ExpectSound(t, *p, threads, 0, 0);
      visited.insert(p->policy);
      EXPECT_EQ(p->left_out.size(), RotatedPolicies().size() - possible.size());
    }
    EXPECT_EQ(visited, possible) << t.Describe();
  }
  const Placement p = *Place(Loaded("synthetic:pack:1 core:4 pu:1"), {}, 2, 0, 1, 0);
  EXPECT_THAT(p.left_out, testing::ElementsAre("smt: no core has 2 usable PUs", "cache: this machine tells of no cache",
                                               "package: all usable PUs are in one package", "node: all usable PUs are in one NUMA node"));
  // The second time around the partners are others.
  const Topology power = Loaded(kPower);
  EXPECT_NE(Place(power, {}, 2, 0, 1, 2)->crews, Place(power, {}, 2, 0, 1, 9)->crews);
  EXPECT_EQ(Place(power, {}, 2, 0, 1, 2)->policy, Place(power, {}, 2, 0, 1, 9)->policy);
}

TEST(PlacementTest, ListTakesWhatIsNamedInItsOrder) {
  const Topology t = Loaded("synthetic:pack:2 core:4 pu:2(indexes=2*8:1*2)");
  const Placement p = *Place(t, {.policy = Policy::kList, .list = {8, 1, 3, 0, 5}}, 2, 0, 1, 9);
  std::vector<int> os;
  for (const Crew& crew : p.crews)
    for (const Seat& s : crew) os.push_back(s.os);
  EXPECT_EQ(os, (std::vector<int>{8, 1, 3, 0}));
  const auto why = [&](const Topology& on, PlacementSpec spec) { return std::string(Place(on, spec, 2, 0, 1, 0).status().message()); };
  EXPECT_EQ(why(t, {.policy = Policy::kList, .list = {0, 16}}), "list: P#16 does not exist on this machine");
  EXPECT_EQ(why(Allowed(8, 127, 1), {.policy = Policy::kList, .list = {8, 7}}), "list: P#7 may not be used by this process");
  EXPECT_EQ(why(t, {.policy = Policy::kList, .list = {3, 3}}), "list: P#3 is named twice");
  EXPECT_THAT(why(t, {.policy = Policy::kList, .list = {3}}), HasSubstr("2 threads wanted (1 x 2), 1 PUs to be had"));
  EXPECT_THAT(why(t, {.policy = Policy::kList, .list = {0, 1}, .reserve = 15}), HasSubstr("16 usable, 15 in reserve"));
  EXPECT_THAT(why(t, {.policy = Policy::kList}), HasSubstr("list needs OS numbers"));
  EXPECT_THAT(why(t, {.policy = Policy::kSmt, .list = {3}}), HasSubstr("goes with list, not with smt"));
}

TEST(PlacementTest, TooManyThreadsNameBothNumbers) {
  const Topology t = Loaded("synthetic:pack:1 l3:1 core:2 pu:2");
  const auto p = Place(t, {.policy = Policy::kSpread, .reserve = 1}, 2, 2, 1, 0);
  EXPECT_TRUE(absl::IsFailedPrecondition(p.status()));
  EXPECT_EQ(p.status().message(), "spread: 4 threads wanted (2 x 2), 3 PUs to be had (4 usable, 1 in reserve)");
  EXPECT_TRUE(absl::IsFailedPrecondition(Place(t, {.policy = Policy::kSpread, .reserve = 4, .oversubscribe = true}, 1, 1, 1, 0).status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(Place(t, {}, 2'000'000'000, 2'000'000'000, 1, 0).status()));
  for (const auto& [threads, crews, reserve] : {std::tuple{0, 1, 0}, {-1, 1, 0}, {1, -1, 0}, {1, 1, -1}})
    EXPECT_TRUE(absl::IsInvalidArgument(Place(t, {.reserve = reserve}, threads, crews, 1, 0).status()));
}

TEST(PlacementTest, OversubscribedPusAreSharedEvenlyAndThatIsSaid) {
  const Topology t = Loaded("synthetic:pack:1 l3:1 core:2 pu:2");
  for (const Policy policy : {Policy::kSpread, Policy::kCompact, Policy::kRandom, Policy::kSmt, Policy::kCache}) {
    const auto p = Place(t, {.policy = policy, .oversubscribe = true}, 2, 6, 1, 0);
    ASSERT_TRUE(p.ok()) << p.status();
    EXPECT_EQ(p->crews.size(), 6u);
    EXPECT_TRUE(p->shared);
    std::map<int, int> threads_of;
    for (const Crew& crew : p->crews) {
      ExpectShape(t, 0, policy, crew);
      for (const Seat& s : crew) ++threads_of[s.os];
    }
    for (const auto& [os, threads] : threads_of) EXPECT_EQ(threads, 3) << PolicyName(policy) << " P#" << os;
    EXPECT_THAT(PlacementText(*p, 8), HasSubstr("some PUs have several threads"));
  }
  EXPECT_EQ(Place(Loaded("synthetic:pu:1"), {.policy = Policy::kCompact, .oversubscribe = true}, 3, 0, 1, 0)->crews[0].size(), 3u);
  EXPECT_FALSE(Place(t, {.policy = Policy::kCompact, .oversubscribe = true}, 2, 2, 1, 0)->shared) << "not while there is room";
}

TEST(PlacementTest, TextHasBothNumbersAndNeverCallsADescribedMachinePinned) {
  const Placement p = *Place(Loaded("synthetic:pack:2 core:4 pu:2(indexes=2*8:1*2)"), {.policy = Policy::kSmt}, 2, 2, 1, 0);
  const std::string text = PlacementText(p, 1);
  EXPECT_EQ(text,
            "placement smt: 2 crews of 2 threads, planned: no thread can be bound to this machine from here\n  crew 0   L#0 P#0  L#1 P#8\n  and 1 "
            "more\n  left free: P#1-3,5-7,9-11,13-15\n")
      << text;
  for (const Topology& t : Machines()) EXPECT_THAT(PlacementText(*Place(t, {}, 1, 0, 1, 0), 100), testing::Not(HasSubstr("pinned")));
  EXPECT_THAT(PlacementText(*Place(Loaded("native"), {}, 1, 0, 1, 0), 100), HasSubstr("to be pinned"));
}

TEST(PlacementTest, ThousandsOfPus) {
  const Topology t = Loaded(kThousands);
  for (u64 epoch = 0; epoch < RotatedPolicies().size(); ++epoch) {
    const auto p = Place(t, {.policy = Policy::kRotate, .reserve = 8}, 4, 0, 1, epoch);
    ASSERT_TRUE(p.ok()) << p.status();
    EXPECT_GE(p->crews.size(), 760u) << PolicyName(p->policy);
    EXPECT_LT(PlacementText(*p, 16).size(), 2500u);
  }
}

TEST(PlacementTest, NamesOfPolicies) {
  for (const char* name : {"spread", "compact", "smt", "cache", "package", "node", "random", "list", "rotate"})
    EXPECT_STREQ(PolicyName(*ParsePolicy(name)), name);
  EXPECT_THAT(std::string(ParsePolicy("spraed").status().message()), HasSubstr("did you mean \"spread\""));
}

}  // namespace
}  // namespace ordeal::stress
