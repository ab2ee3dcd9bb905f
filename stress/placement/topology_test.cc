#include "stress/placement/topology.h"

#include <sched.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <filesystem>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "stress/placement/topology_testing.h"

namespace ordeal::stress {
namespace {

using testing::HasSubstr;

TEST(TopologyTest, CountsOfDescribedMachines) {
  const Topology power = Loaded(kPower);
  EXPECT_EQ(power.Describe(), "2 packages x 16 cores x SMT4 = 128 PU (128 usable)");
  EXPECT_EQ(power.nodes(), 2);
  EXPECT_EQ(Loaded(kEightNodes).Describe(), "2 packages x 32 cores x SMT2 = 128 PU (128 usable)");
  EXPECT_EQ(Loaded(kEightNodes).nodes(), 8);
  EXPECT_EQ(Loaded(kThousands).Describe(), "16 packages x 24 cores x SMT8 = 3072 PU (3072 usable)");
  EXPECT_EQ(Loaded("synthetic:pu:1").Describe(), "1 package x 1 core x SMT1 = 1 PU (1 usable)");
}

TEST(TopologyTest, SeatsKnowWhatTheyBelongTo) {
  const Topology t = Loaded("synthetic:pack:2 [numa] l3:2 l2:2 core:2 pu:2(indexes=2*16:1*2)");
  const std::vector<Seat>& s = t.seats();
  ASSERT_EQ(s.size(), 32u);
  EXPECT_EQ(s[1].core, s[0].core);
  EXPECT_NE(s[2].core, s[1].core);
  EXPECT_EQ(s[2].l2, s[0].l2);
  EXPECT_NE(s[4].l2, s[0].l2);
  EXPECT_EQ(s[4].l3, s[0].l3);
  EXPECT_NE(s[8].l3, s[0].l3);
  EXPECT_EQ(s[8].package, s[0].package);
  EXPECT_EQ(s[8].last_cache, s[8].l3);
  EXPECT_EQ(s[16].package, 1);
  EXPECT_EQ(s[16].node, 1);
  EXPECT_EQ(s[1].logical, 1);
  EXPECT_EQ(s[1].os, 16) << "the kernel numbers this machine otherwise, and threads are bound by its numbers";
}

TEST(TopologyTest, WithoutCoresOrCachesEveryPuIsItsOwnCore) {
  const Topology t = Loaded("synthetic:pack:2 pu:3");
  EXPECT_EQ(t.cores(), 6);
  EXPECT_EQ(t.smt_width(), 1);
  for (const Seat& s : t.seats()) EXPECT_EQ(s.last_cache, -1);
}

TEST(TopologyTest, TheNearestNodeIsASeatsNode) {
  // A node for each package, and one more for each quarter of it: the quarter's is nearer.
  const Topology t = Loaded("synthetic:pack:2 [numa] group:4 [numa] core:2 pu:1");
  EXPECT_EQ(t.nodes(), 10);
  std::set<int> nodes;
  for (const Seat& s : t.seats()) nodes.insert(s.node);
  EXPECT_EQ(nodes.size(), 8u);
}

TEST(TopologyTest, KindsOfCores) {
  const Topology t = Hybrid();
  EXPECT_EQ(t.kinds(), 2);
  EXPECT_EQ(t.smt_width(), 2);
  EXPECT_EQ(t.Describe(), "1 package, 16 cores, SMT up to 2, 24 PU (24 usable)");
  EXPECT_EQ(t.seats().front().kind, 1);
  EXPECT_EQ(t.seats().back().kind, 0);
}

TEST(TopologyTest, RestrictedSets) {
  const Topology odd = OddOnly();
  EXPECT_EQ(odd.Describe(), "2 packages x 16 cores x SMT2 = 64 PU (64 usable)");
  for (const Seat& s : odd.seats()) EXPECT_EQ(s.os, 2 * s.logical + 1);
  // Forbidden is not absent: they are drawn and numbered, and not used.
  const Topology some = Allowed(8, 127, 1);
  EXPECT_EQ(some.Describe(), "2 packages x 16 cores x SMT4 = 128 PU (120 usable)");
  EXPECT_FALSE(some.IsUsable(some.seats()[7]));
  EXPECT_TRUE(some.IsUsable(some.seats()[8]));
}

TEST(TopologyTest, XmlRoundTrip) {
  for (const Topology& t : {Loaded(kPower), Hybrid(), OddOnly(), Allowed(1, 99, 7), Loaded("native")}) {
    const absl::StatusOr<std::string> xml = t.ToXml();
    ASSERT_TRUE(xml.ok()) << xml.status();
    const std::string file = FileForTest("round_trip.xml");
    ASSERT_TRUE(WriteFile(file, *xml).ok());
    const Topology back = Loaded("xml:" + file);
    unlink(file.c_str());
    EXPECT_EQ(back.seats(), t.seats());
    if (t.spec() != "native") {  // a file does not know what a process is bound to
      EXPECT_EQ(back.usable(), t.usable());
    }
    EXPECT_EQ(back.kinds(), t.kinds());
    EXPECT_FALSE(back.this_system()) << "the file of a machine is not the machine";
  }
}

TEST(TopologyTest, OnlyTheNativeMachineIsThisSystem) {
  EXPECT_TRUE(Loaded("native").this_system());
  for (const char* spec : {kPower, kEightNodes, kThousands, "synthetic:pu:1"}) EXPECT_FALSE(Loaded(spec).this_system()) << spec;
}

TEST(TopologyTest, BadSpecsAreRefusedInOneLine) {
  const std::string junk = FileForTest("junk.xml");
  ASSERT_TRUE(WriteFile(junk, "<?xml version=\"1.0\"?><topology version=\"2.0\"></topology>").ok());
  for (const std::string& spec :
       std::vector<std::string>{"", "nativ", "native:", "native:x", "synthetic", "synthetic:", "xml", "xml:", "pack:2 pu:2", "synthetic:nonsense",
                                "synthetic:pack:0 pu:1", "synthetic:pack:2 core:", "synthetic:pack:2 pu:-1", "synthetic:pack:99999 core:99999 pu:2",
                                "synthetic:16384 2", "xml:/no/such/file", "xml:/", "xml:/dev/null"}) {
    const absl::StatusOr<Topology> t = Topology::Load(spec);
    ASSERT_FALSE(t.ok()) << spec;
    EXPECT_THAT(std::string(t.status().message()), testing::StartsWith("topology: ")) << spec;
    EXPECT_EQ(t.status().message().find('\n'), std::string::npos) << spec;
    EXPECT_FALSE(absl::IsInternal(t.status())) << t.status();
  }
  EXPECT_TRUE(absl::IsNotFound(Topology::Load("xml:/no/such/file").status())) << "hwloc itself would load the native machine";
  EXPECT_TRUE(absl::IsInvalidArgument(Topology::Load("xml:" + junk).status()));
  EXPECT_THAT(std::string(Topology::Load("nativ").status().message()), HasSubstr("expected native, synthetic:STRING or xml:FILE, got \"nativ\""));
  unlink(junk.c_str());
}

TEST(TopologyTest, TheEnvironmentChangesNothing) {
  const std::string native = Loaded("native").Describe();
  for (const char* name : {"HWLOC_SYNTHETIC", "HWLOC_XMLFILE", "HWLOC_THISSYSTEM", "HWLOC_FSROOT", "HWLOC_COMPONENTS", "HWLOC_SOMETHING_NEW"}) {
    setenv(name, "pack:2 pu:2", 1);
    for (const char* spec : {"native", kPower}) {
      const absl::StatusOr<Topology> t = Topology::Load(spec);
      EXPECT_TRUE(absl::IsFailedPrecondition(t.status())) << name << " was taken";
      EXPECT_THAT(std::string(t.status().message()), HasSubstr(std::string(name) + " is set"));
    }
    unsetenv(name);
  }
  setenv("HWLOC_HIDE_ERRORS", "1", 1);
  EXPECT_EQ(Loaded("native").Describe(), native);
  unsetenv("HWLOC_HIDE_ERRORS");
}

TEST(TopologyTest, CacheLines) {
  EXPECT_GE(Loaded("native").cache_line().bytes, 32);
  EXPECT_STREQ(Loaded(kPower).cache_line().from, "a constant of this architecture") << "hwloc says 64 of every described machine";
  const std::string root = FileForTest("sysfs");
  EXPECT_EQ(CacheLineFromSysfs(root), 0);
  for (const auto& [index, bytes] : {std::pair{0, "64\n"}, {2, "128\n"}, {3, "junk"}}) {
    const std::string at = absl::StrCat(root, "/sys/devices/system/cpu/cpu0/cache/index", index);
    ASSERT_TRUE(EnsureDirectory(at).ok());
    ASSERT_TRUE(WriteFile(at + "/coherency_line_size", bytes).ok());
  }
  EXPECT_EQ(CacheLineFromSysfs(root), 128);
  std::filesystem::remove_all(root);
}

// In a child: what a process may use is a matter of the whole of it.
TEST(TopologyTest, AProcessBoundToOneCpuHasOneUsablePu) {
  const Topology before = Loaded("native");
  const int os = before.usable().back().os;
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(os, &one);
    // Each thread of it: an emulator has some of its own.
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task"))
      if (sched_setaffinity(std::stoi(task.path().filename().string()), sizeof one, &one) != 0) _exit(2);
    const absl::StatusOr<Topology> t = Topology::Load("native");
    const bool right = t.ok() && t->usable().size() == 1 && t->usable()[0].os == os && t->seats() == before.seats();
    _exit(right ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace ordeal::stress
