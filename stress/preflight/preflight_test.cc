#include "stress/preflight/preflight.h"

#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <map>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ordeal::stress {
namespace {

using testing::HasSubstr;
using Files = std::map<std::string, std::string>;

// A machine that is fit in every way; a test changes what it is about.
Files Fit() {
  return {{"/sys/devices/system/cpu/online", "0-3\n"},
          {"/proc/self/status", "Name:\tordeal\nCpus_allowed:\tf\nCpus_allowed_list:\t0-3\n"},
          {"/proc/self/cgroup", "0::/user/me\n"},
          {"/sys/fs/cgroup/cpu.max", "max 100000\n"},
          {"/proc/loadavg", "0.10 0.20 0.30 1/99 1234\n"},
          {"/proc/pressure/cpu", "some avg10=0.50 avg60=0.09 avg300=0.76 total=4628\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n"},
          {"/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance\n"},
          {"/sys/devices/system/cpu/cpu1/cpufreq/scaling_governor", "performance\n"},
          {"/sys/devices/system/cpu/smt/control", "on\n"},
          {"/sys/devices/system/cpu/smt/active", "1\n"},
          {"/sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n"},
          {"/sys/devices/system/clocksource/clocksource0/available_clocksource", "tsc hpet acpi_pm \n"},
          {"/proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu constant_tsc nonstop_tsc hypervisor\n"},
          {"/proc/meminfo", "MemTotal:       24684092 kB\nMemAvailable:   20971520 kB\n"},
          {"/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n"},
          {"/proc/sys/kernel/core_pattern", "/var/tmp/core.%e.%p\n"},
          {"/proc/self/limits", "Limit  Soft Limit  Hard Limit  Units\nMax core file size        unlimited            unlimited            bytes\n"}};
}

class PreflightTest : public testing::Test {
 protected:
  void SetUp() override { root_ = absl::StrCat(testing::TempDir(), "/ordeal_preflight_test.", getpid()); }
  void TearDown() override { std::filesystem::remove_all(root_); }

  std::vector<Check> Checked(const Files& files, const std::string& arch = "x86_64", Trials trials = {.usable = 4}) {
    std::filesystem::remove_all(root_);
    EXPECT_TRUE(EnsureDirectory(root_).ok());
    for (const auto& [path, text] : files) {
      const std::string full = root_ + path;
      EXPECT_TRUE(EnsureDirectory(full.substr(0, full.rfind('/'))).ok());
      EXPECT_TRUE(WriteFile(full, text).ok());
    }
    return Preflight({MachineFiles(root_), arch, std::move(trials)});
  }

  // The one line about `what`, as "level value", of the fit machine with these files put in its place; "" takes a file away.
  std::string With(const std::string& what, const Files& changes, const std::string& arch = "x86_64") {
    Files files = Fit();
    for (const auto& [path, text] : changes) {
      files.erase(path);
      if (!text.empty()) files[path] = text;
    }
    return LineOf(Checked(files, arch), what);
  }

  static std::string LineOf(const std::vector<Check>& checks, const std::string& what) {
    for (const Check& c : checks)
      if (c.what == what) return absl::StrCat(LevelName(c.level), " ", c.value);
    return "no such check";
  }
  std::string root_;
};

TEST_F(PreflightTest, AFitMachineHasNothingToSay) {
  for (const Check& c : Checked(Fit())) {
    EXPECT_EQ(c.level, Level::kOk) << c.what << " " << c.value;
    EXPECT_NE(c.value, "unknown") << c.what;
    EXPECT_FALSE(c.why.empty()) << c.what;
  }
}

// Containers and emulators show little of /proc and /sys.
TEST_F(PreflightTest, WhatTheKernelDoesNotTellIsUnknownAndNoFault) {
  for (const char* arch : {"x86_64", "aarch64", "ppc64le"}) {
    const std::vector<Check> checks = Checked({}, arch);
    EXPECT_EQ(Worst(checks), Level::kOk) << PreflightText(checks);
    for (const char* what : {"affinity", "load", "pressure", "governor", "smt", "timebase", "memory", "thp", "core_pattern", "core_limit"})
      EXPECT_EQ(LineOf(checks, what), "ok unknown");
  }
}

TEST_F(PreflightTest, Processors) {
  const auto with = [&](Trials trials, const std::string& what) { return LineOf(Checked(Fit(), "x86_64", std::move(trials)), what); };
  EXPECT_EQ(with({.usable = 4}, "cpus"), "ok 4 usable of 4 online");
  EXPECT_EQ(with({.usable = 3}, "cpus"), "warn 3 usable of 4 online");
  EXPECT_EQ(with({.usable = 1}, "cpus"), "bad 1 usable of 4 online");
  EXPECT_EQ(with({.topology = absl::InternalError("no")}, "cpus"), "bad unknown");
  EXPECT_EQ(with({.usable = 4, .pinning = absl::FailedPreconditionError("no")}, "pinning"), "bad refused");
  EXPECT_EQ(With("affinity", {{"/proc/self/status", "Cpus_allowed_list:\t0,2\n"}}), "warn 0,2");
  EXPECT_EQ(With("smt", {{"/sys/devices/system/cpu/smt/control", "off\n"}, {"/sys/devices/system/cpu/smt/active", "0\n"}}), "warn off");
  EXPECT_EQ(With("smt", {{"/sys/devices/system/cpu/smt/control", "notsupported\n"}, {"/sys/devices/system/cpu/smt/active", "0\n"}}),
            "ok notsupported");
  EXPECT_EQ(With("governor", {{"/sys/devices/system/cpu/cpu1/cpufreq/scaling_governor", "powersave\n"}}), "warn performance on 1, powersave on 1");
}

TEST_F(PreflightTest, OthersWhoWantToRun) {
  EXPECT_EQ(With("load", {{"/proc/loadavg", "2.00 1 1 1/1 1\n"}}), "ok 2.00 on 4");
  EXPECT_EQ(With("load", {{"/proc/loadavg", "2.50 1 1 1/1 1\n"}}), "warn 2.50 on 4");
  EXPECT_EQ(With("pressure", {}), "ok 0.5 % of 10 s, 0.76 % of 5 min");
  EXPECT_EQ(With("pressure", {{"/proc/pressure/cpu", "some avg10=35.00 avg60=0.09 avg300=0.76 total=4628\n"}}),
            "warn 35.0 % of 10 s, 0.76 % of 5 min");
}

TEST_F(PreflightTest, TheTimebase) {
  const std::string clock = "/sys/devices/system/clocksource/clocksource0/";
  EXPECT_EQ(With("timebase", {}), "ok tsc, invariant");
  EXPECT_EQ(With("timebase", {{"/proc/cpuinfo", "flags\t\t: fpu constant_tsc\n"}}), "warn tsc, TSC not invariant");
  EXPECT_EQ(With("timebase", {{"/proc/cpuinfo", "flags\t\t: fpu not_constant_tsc nonstop_tsc\n"}}), "warn tsc, TSC not invariant");
  EXPECT_EQ(With("timebase", {{clock + "current_clocksource", "kvm-clock\n"}}), "ok kvm-clock, TSC invariant");
  EXPECT_EQ(With("timebase", {{clock + "current_clocksource", "hpet\n"}, {clock + "available_clocksource", "hpet acpi_pm\n"}}),
            "warn hpet, TSC given up by the kernel");
  EXPECT_EQ(With("timebase", {{clock + "current_clocksource", "arch_sys_counter\n"}, {"/proc/cpuinfo", ""}}, "aarch64"), "ok arch_sys_counter");
}

TEST_F(PreflightTest, CgroupsOfBothVersionsAndOfThoseAbove) {
  // Version 2: the narrowest on the way up.
  EXPECT_EQ(With("quota", {{"/sys/fs/cgroup/user/me/cpu.max", "max 100000\n"}, {"/sys/fs/cgroup/user/cpu.max", "250000 100000\n"}}),
            "warn 2.50 CPUs");
  EXPECT_EQ(With("quota", {{"/sys/fs/cgroup/user/me/cpu.max", "150000 100000\n"}, {"/sys/fs/cgroup/user/cpu.max", "250000 100000\n"}}),
            "warn 1.50 CPUs");
  EXPECT_EQ(With("quota", {{"/sys/fs/cgroup/user/cpu.max", "800000 100000\n"}}), "ok 8.00 CPUs");
  EXPECT_EQ(With("memory", {{"/sys/fs/cgroup/user/me/memory.max", "134217728\n"}}), "bad 20 GiB available, cgroup limit 128 MiB");
  EXPECT_EQ(With("memory", {{"/sys/fs/cgroup/user/me/memory.max", "max\n"}}), "ok 20 GiB available, no cgroup limit");
  // Version 1, where each controller has its own path, and "none" is a large number.
  const Files one = {{"/proc/self/cgroup", "4:memory:/a/b\n2:cpu,cpuacct:/\n1:name=systemd:/\n0::/\n"},
                     {"/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n"}};
  const auto plus = [&](Files more) {
    more.insert(one.begin(), one.end());
    return more;
  };
  EXPECT_EQ(With("quota", plus({{"/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n"}})), "ok none");
  EXPECT_EQ(With("quota", plus({{"/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "50000\n"}})), "warn 0.50 CPUs");
  EXPECT_EQ(With("memory", plus({{"/sys/fs/cgroup/memory/a/memory.limit_in_bytes", "536870912\n"}})), "warn 20 GiB available, cgroup limit 512 MiB");
  EXPECT_EQ(With("memory", plus({{"/sys/fs/cgroup/memory/a/b/memory.limit_in_bytes", "9223372036854771712\n"}})),
            "ok 20 GiB available, no cgroup limit");
}

TEST_F(PreflightTest, MemoryAndCores) {
  EXPECT_EQ(With("memory", {{"/proc/meminfo", "MemAvailable:   102400 kB\n"}}), "bad 100 MiB available, no cgroup limit");
  EXPECT_EQ(With("thp", {{"/sys/kernel/mm/transparent_hugepage/enabled", "always madvise [never]\n"}}), "warn never");
  EXPECT_EQ(With("core_pattern", {{"/proc/sys/kernel/core_pattern", "core\n"}}), "warn core");
  EXPECT_EQ(With("core_pattern", {{"/proc/sys/kernel/core_pattern", "core\n"}, {"/proc/sys/kernel/core_uses_pid", "1\n"}}), "ok core");
  EXPECT_EQ(With("core_pattern", {{"/proc/sys/kernel/core_pattern", "|/lib/systemd/systemd-coredump %P\n"}}), "ok |/lib/systemd/systemd-coredump %P");
  EXPECT_EQ(With("core_limit", {{"/proc/self/limits", "Max core file size        0                    unlimited            bytes\n"}}), "warn 0");
  EXPECT_EQ(With("core_limit", {{"/proc/self/limits", "Max core file size        4096                 unlimited            bytes\n"}}),
            "warn 4096 bytes");
}

TEST_F(PreflightTest, OneBadLineDecides) {
  EXPECT_EQ(Worst({}), Level::kOk);
  EXPECT_EQ(Worst({{Level::kWarn, "a", "", ""}, {Level::kBad, "b", "", ""}, {Level::kOk, "c", "", ""}}), Level::kBad);
  EXPECT_EQ(PreflightText({{Level::kWarn, "load", "9", "too much"}}), "warn  load          9  too much\n");
}

// Real trials: whatever this machine is, its own binding is within it, and a thread can be bound to it.
TEST_F(PreflightTest, ThisMachine) {
  const Trials trials = TryThisMachine();
  EXPECT_TRUE(trials.topology.ok()) << trials.topology;
  EXPECT_GE(trials.usable, 1);
  EXPECT_TRUE(trials.pinning.ok()) << trials.pinning;
  setenv("HWLOC_SYNTHETIC", "pu:64", 1);
  const Trials tricked = TryThisMachine();
  unsetenv("HWLOC_SYNTHETIC");
  EXPECT_FALSE(tricked.topology.ok());
  EXPECT_FALSE(tricked.pinning.ok());
}

}  // namespace
}  // namespace ordeal::stress
