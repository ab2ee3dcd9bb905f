// How does a test get a machine that no synthetic description can say: with kinds of cores, with PUs that are missing or forbidden?
#pragma once
#include <functional>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "hwloc.h"
#include "stress/placement/topology.h"

namespace ordeal::stress {

inline constexpr char kPower[] = "synthetic:pack:2 [numa(memory=8GB)] l3:1 core:16 pu:4";
inline constexpr char kEightNodes[] = "synthetic:pack:2 group:4 [numa(memory=8GB)] l3:2 core:4 pu:2";
inline constexpr char kThousands[] = "synthetic:pack:16 [numa(memory=64GB)] l3:1 core:24 pu:8";

// A load that must succeed.
inline Topology Loaded(const std::string& spec) {
  absl::StatusOr<Topology> t = Topology::Load(spec);
  if (!t.ok()) {
    ADD_FAILURE() << spec << ": " << t.status();
    return *Topology::Load("synthetic:pu:1");
  }
  return *std::move(t);
}

inline std::string FileForTest(const std::string& name) { return absl::StrCat(testing::TempDir(), "/ordeal_", name, ".", getpid()); }

// The synthetic machine after `edit`, by way of a file of XML.
inline Topology Edited(const std::string& description, const std::function<void(hwloc_topology_t)>& edit) {
  hwloc_topology_t raw = nullptr;
  EXPECT_EQ(hwloc_topology_init(&raw), 0);
  EXPECT_EQ(hwloc_topology_set_flags(raw, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED), 0);
  EXPECT_EQ(hwloc_topology_set_synthetic(raw, description.c_str()), 0) << description;
  EXPECT_EQ(hwloc_topology_load(raw), 0) << description;
  edit(raw);
  const std::string file = FileForTest("topology.xml");
  EXPECT_EQ(hwloc_topology_export_xml(raw, file.c_str(), 0), 0);
  hwloc_topology_destroy(raw);
  Topology t = Loaded("xml:" + file);
  unlink(file.c_str());
  return t;
}

// FROM to TO in steps; the caller frees it.
inline hwloc_bitmap_t PuSet(int from, int to, int step) {
  hwloc_bitmap_t set = hwloc_bitmap_alloc();
  for (int pu = from; pu <= to; pu += step) hwloc_bitmap_set(set, static_cast<unsigned>(pu));
  return set;
}

// 8 cores of two PUs and 8 of one, as two kinds; one package, one L3.
inline Topology Hybrid() {
  return Edited("pack:1 l3:1 core:16 pu:2", [](hwloc_topology_t raw) {
    hwloc_bitmap_t keep = PuSet(0, 15, 1), small = PuSet(16, 31, 2), big = PuSet(0, 15, 1);
    hwloc_bitmap_or(keep, keep, small);
    EXPECT_EQ(hwloc_topology_restrict(raw, keep, 0), 0);
    EXPECT_EQ(hwloc_cpukinds_register(raw, big, 1, 0, nullptr, 0), 0);
    EXPECT_EQ(hwloc_cpukinds_register(raw, small, 0, 0, nullptr, 0), 0);
    for (hwloc_bitmap_t set : {keep, small, big}) hwloc_bitmap_free(set);
  });
}

// 2x16x4 of which only odd PUs are there at all.
inline Topology OddOnly() {
  return Edited("pack:2 [numa(memory=8GB)] l3:1 core:16 pu:4", [](hwloc_topology_t raw) {
    hwloc_bitmap_t odd = PuSet(1, 127, 2);
    EXPECT_EQ(hwloc_topology_restrict(raw, odd, 0), 0);
    hwloc_bitmap_free(odd);
  });
}

// 2x16x4 of which a cpuset lets us use FROM..TO in steps.
inline Topology Allowed(int from, int to, int step) {
  return Edited("pack:2 [numa(memory=8GB)] l3:1 core:16 pu:4", [=](hwloc_topology_t raw) {
    hwloc_bitmap_t allowed = PuSet(from, to, step);
    EXPECT_EQ(hwloc_topology_allow(raw, allowed, nullptr, HWLOC_ALLOW_FLAG_CUSTOM), 0);
    hwloc_bitmap_free(allowed);
  });
}

}  // namespace ordeal::stress
