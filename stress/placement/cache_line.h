// How far apart must two variables lie so that they share no cache line?
#pragma once
#include <string>

namespace ordeal::stress {

struct CacheLine {
  int bytes = 0;
  const char* from = "";  // who says so: "hwloc", "sysfs", "a constant of this architecture"
};

// The longest line of CPU 0's caches, as the kernel tells it under ROOT/sys; 0 if it does not.
int CacheLineFromSysfs(const std::string& root);

// What was built in: 64 on x86; 128 on POWER; 256 on aarch64, whose machines have 64, 128 and 256 and often do not tell (a virtual one says
// nothing, and getconf says 0 or 32 under emulation). Too long costs memory; too short makes two variables one.
int BuiltInCacheLine();

}  // namespace ordeal::stress
