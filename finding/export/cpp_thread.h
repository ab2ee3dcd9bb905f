// What does one thread of the stand-alone C++ program do?
#pragma once
#include <map>
#include <string>
#include <vector>

#include "finding/export/shared_places.h"
#include "finding/verdict.h"

namespace ordeal {

// Where the places of the execution lie in a cell: each 64 bytes of the arena have 128 of their own, so that what shared a cache line
// shares one, and nothing else does.
class CellLayout {
 public:
  explicit CellLayout(const SharedPlaces& shared) {
    for (const u32 granule : shared.granules()) lines_.try_emplace(granule / 8, static_cast<u32>(lines_.size()));
  }
  u32 OffsetOf(u32 addr) const { return lines_.at(addr / 64) * 128 + addr % 64; }
  size_t lines() const { return lines_.size(); }

 private:
  std::map<u32, u32> lines_;
};

struct CppThread {
  std::string body;           // of void CpuN(unsigned char* cell, u64* seen)
  std::vector<u64> expected;  // what it then finds in `seen`
};
CppThread WriteCppThread(const Finding& f, u8 cpu, const SharedPlaces& shared, const CellLayout& layout);

std::string CppNumber(u64 value);  // "0x3000040100000u"

}  // namespace ordeal
