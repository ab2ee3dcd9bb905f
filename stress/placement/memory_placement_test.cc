#include "stress/placement/memory_placement.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hwloc.h"
#include "stress/placement/topology_testing.h"

namespace ordeal::stress {
namespace {

using Kind = MemoryPlacement::Kind;
using testing::HasSubstr;

constexpr size_t kBytes = 4 << 20;

class MemoryPlacementTest : public testing::Test {
 protected:
  void SetUp() override {
    region_ = mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(region_, MAP_FAILED);
  }
  void TearDown() override { munmap(region_, kBytes); }
  absl::Status Put(const Topology& t, const std::string& how) { return PlaceMemory(t, *ParseMemoryPlacement(how), t.usable()[0], region_, kBytes); }
  void* region_ = nullptr;
};

// The only one that asks the kernel whether the pages really are there.
TEST_F(MemoryPlacementTest, TouchedPagesLieOnTheNodeThatWasNamed) {
  const Topology t = Loaded("native");
  const int node = t.usable()[0].node_os;
  for (const std::string& how : {std::string("local"), absl::StrCat("bind:", node)}) {
    const absl::Status put = Put(t, how);
    if (absl::StrContains(put.message(), "Operation not permitted") || absl::StrContains(put.message(), "not implemented")) GTEST_SKIP() << put;
    ASSERT_TRUE(put.ok()) << put;
    std::memset(region_, 1, kBytes);
    hwloc_bitmap_t where = hwloc_bitmap_alloc();
    ASSERT_EQ(hwloc_get_area_memlocation(t.raw(), region_, kBytes, where, HWLOC_MEMBIND_BYNODESET), 0);
    EXPECT_EQ(hwloc_bitmap_weight(where), 1);
    EXPECT_TRUE(hwloc_bitmap_isset(where, static_cast<unsigned>(node)));
    hwloc_bitmap_free(where);
  }
  const absl::Status interleaved = Put(t, "interleave");
  EXPECT_TRUE(interleaved.ok()) << interleaved;
  hwloc_bitmap_t nodes = hwloc_bitmap_alloc();
  hwloc_membind_policy_t policy = HWLOC_MEMBIND_DEFAULT;
  ASSERT_EQ(hwloc_get_area_membind(t.raw(), region_, kBytes, nodes, &policy, HWLOC_MEMBIND_BYNODESET), 0);
  EXPECT_EQ(policy, HWLOC_MEMBIND_INTERLEAVE);
  hwloc_bitmap_free(nodes);
}

TEST_F(MemoryPlacementTest, WhatTheMachineHasNotIsRefusedWithTheReason) {
  const Topology t = Loaded("native");
  EXPECT_EQ(Put(t, "bind:4095").message(), "memory: node P#4095: this machine has no such NUMA node");
  if (t.nodes() == 1) {
    EXPECT_EQ(Put(t, "remote").message(), "memory: remote: there is no second NUMA node that may be used");
  }
  for (const char* how : {"local", "interleave", "bind:0", "remote"})
    EXPECT_EQ(Put(Loaded(kPower), how), absl::FailedPreconditionError("memory: cannot be placed: the topology is not this machine")) << how;
}

// Three nodes in a row, 0 - 2 - 1: from 0, node 1 is far; from 1, node 0; from 2, both are near.
TEST_F(MemoryPlacementTest, RemoteIsTheFarthestNode) {
  const Topology row = Edited("pack:3 [numa] core:2 pu:1", [](hwloc_topology_t raw) {
    hwloc_obj_t nodes[3];
    for (unsigned i = 0; i < 3; ++i) nodes[i] = hwloc_get_numanode_obj_by_os_index(raw, i);
    hwloc_uint64_t way[9] = {10, 30, 20, 30, 10, 20, 20, 20, 10};
    const hwloc_distances_add_handle_t add =
        hwloc_distances_add_create(raw, "NUMALatency", HWLOC_DISTANCES_KIND_FROM_OS | HWLOC_DISTANCES_KIND_MEANS_LATENCY, 0);
    ASSERT_NE(add, nullptr);
    ASSERT_EQ(hwloc_distances_add_values(raw, add, 3, nodes, way, 0), 0);
    ASSERT_EQ(hwloc_distances_add_commit(raw, add, 0), 0);
  });
  EXPECT_EQ(FarthestNode(row, 0), 1);
  EXPECT_EQ(FarthestNode(row, 1), 0);
  EXPECT_EQ(FarthestNode(row, 2), 0);
  EXPECT_EQ(FarthestNode(Loaded(kPower), 0), 1) << "without distances any other will do";
  EXPECT_EQ(FarthestNode(Loaded("synthetic:pu:2"), 0), -1);
}

TEST_F(MemoryPlacementTest, Words) {
  EXPECT_EQ(ParseMemoryPlacement("local")->kind, Kind::kLocal);
  EXPECT_EQ(ParseMemoryPlacement("interleave")->kind, Kind::kInterleave);
  EXPECT_EQ(ParseMemoryPlacement("remote")->kind, Kind::kRemote);
  EXPECT_EQ(ParseMemoryPlacement("bind:3")->node_os, 3);
  for (const char* bad : {"", "locl", "bind", "bind:", "bind:-1", "bind:1x", "bind: 1", "bind:99999999999"})
    EXPECT_TRUE(absl::IsInvalidArgument(ParseMemoryPlacement(bad).status())) << bad;
}

// What the kernel says of a region; empty where no kernel is asked: qemu is content with any advice, and keeps it to itself.
std::string FlagsOf(void* region) {
  constexpr int kNoSuchAdvice = 12345;
  if (madvise(region, static_cast<size_t>(sysconf(_SC_PAGESIZE)), kNoSuchAdvice) == 0) return "";
  const std::string maps = *ReadFile("/proc/self/smaps");
  const size_t at = maps.find(absl::StrCat(absl::Hex(reinterpret_cast<uintptr_t>(region)), "-"));
  const size_t flags = maps.find("VmFlags:", at);
  return at == std::string::npos || flags == std::string::npos ? "" : maps.substr(flags, maps.find('\n', flags) - flags) + " ";
}

TEST_F(MemoryPlacementTest, PagesAreAdvised) {
  const char* small = sysconf(_SC_PAGESIZE) == 65536 ? "64k" : "4k";
  const char* other = sysconf(_SC_PAGESIZE) == 65536 ? "4k" : "64k";
  EXPECT_TRUE(AdvisePages(small, region_, kBytes).ok());
  if (const std::string flags = FlagsOf(region_); access("/sys/kernel/mm/transparent_hugepage", F_OK) == 0 && !flags.empty()) {
    EXPECT_THAT(flags, HasSubstr(" nh "));
    EXPECT_TRUE(AdvisePages("thp", region_, kBytes).ok());
    EXPECT_THAT(FlagsOf(region_), HasSubstr(" hg "));
  }
  EXPECT_THAT(std::string(AdvisePages(other, region_, kBytes).message()), HasSubstr("the pages of this machine are of"));
  EXPECT_TRUE(absl::IsInvalidArgument(AdvisePages("huge", region_, kBytes)));
  EXPECT_TRUE(absl::IsInvalidArgument(AdvisePages(small, static_cast<char*>(region_) + 8, 4096)));
}

}  // namespace
}  // namespace ordeal::stress
