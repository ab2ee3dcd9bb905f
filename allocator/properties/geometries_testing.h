// Which geometries does a test of all of them go through?
#pragma once
#include <vector>

#include "memory/geometry.h"

namespace ordeal {

// Every page size, order and placement of records, with object sizes from the smallest to the whole slab; one CPU and several, without cgroups and
// with one or two.
inline std::vector<Geometry> AllGeometries() {
  std::vector<Geometry> all;
  for (u32 page : {4096u, 16384u, 65536u}) {
    for (u8 order : {0, 1, 2}) {
      const u32 slab = page << order;
      std::vector<u32> sizes = {32, 56, 256, 4000, 4096, 65528, 65536, slab / 2, slab};
      for (u32 size : sizes) {
        if (size > slab) continue;
        for (Exts exts : {Exts::kNone, Exts::kLate, Exts::kInObject, Exts::kEarly}) {
          all.push_back({page, order, size, exts, 1, 2});
          all.push_back({page, order, size, exts, 3, static_cast<u8>(1 + order % 2)});
          all.push_back(all.back());
          all.back().cgroups = static_cast<u8>(1 + size / 8 % 2);
        }
      }
    }
  }
  return all;
}

}  // namespace ordeal
