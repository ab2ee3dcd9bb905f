// What does the kernel tell in /proc and /sys? Under a root of choice, so that tests can bring a machine of their own.
#pragma once
#include <optional>
#include <string>
#include <vector>

namespace ordeal::stress {

class MachineFiles {
 public:
  // "" is this machine.
  explicit MachineFiles(std::string root) : root_(std::move(root)) {}

  // All of a file, without white space at its ends; empty if it cannot be read.
  std::string Text(const std::string& path) const;
  std::optional<double> Number(const std::string& path) const;
  // What follows the first line that begins with `key`, up to the line's end, without ":" and white space: of /proc/meminfo, cpuinfo, status.
  std::string After(const std::string& path, const std::string& key) const;

 private:
  std::string root_;
};

// The narrowest of this process's cgroup and those above it, in either version; nullopt where nothing limits.
struct CgroupLimits {
  std::optional<double> cpus;    // quota by period
  std::optional<double> memory;  // bytes
};
CgroupLimits ReadCgroupLimits(const MachineFiles& files);

}  // namespace ordeal::stress
