#include "program/generate.h"

#include <algorithm>
#include <array>
#include <vector>

#include "program/cache_end.h"
#include "program/mutate.h"
#include "program/story.h"
#include "program/validate.h"

namespace ordeal {
namespace {

// Strides that 16 bits cannot hold, two objects or more to a slab, the record inside the object: the bug that began it all.
void MakeHuge(Geometry& g, Rng& rng) {
  g.page_bytes = 65536;
  g.page_order = rng.Percent(60) ? 2 : 1;
  g.object_bytes = g.page_order == 2 && rng.Percent(55) ? 131072 : 65536;
  g.exts = Exts::kInObject;
}

u32 ObjectBytes(Rng& rng, u32 slab_bytes) {
  const u32 wish = [&]() -> u32 {
    switch (rng.Weighted(std::array<unsigned, 6>{40, 25, 10, 10, 5, 10})) {
      case 0: return 32u << rng.Below(6);                                     // 32..1024
      case 1: return static_cast<u32>(8 * (2 * rng.Between(2, 63) + 1));      // 40..1016, odd multiples of 8
      case 2: return 2048u << rng.Below(3);                                   // half a page and about
      case 3: return static_cast<u32>(slab_bytes / rng.Between(1, 4)) & ~7u;  // 1..4 to a slab
      case 4: return static_cast<u32>(8 * rng.Between(4, slab_bytes / 8));    // anything
      default: return 16384u << rng.Below(4);                                 // 16K..128K
    }
  }();
  return std::min(wish, slab_bytes);
}

}  // namespace

Geometry GenerateGeometry(Rng& rng, const GenerateOptions& options) {
  Geometry g;
  g.page_bytes = kPageSizes[rng.Weighted(std::array<unsigned, 3>{45, 20, 35})];
  g.page_order = static_cast<u8>(rng.Weighted(std::array<unsigned, 3>{50, 27, 23}));
  g.exts = static_cast<Exts>(rng.Weighted(std::array<unsigned, 4>{12, 42, 36, 10}));
  g.object_bytes = ObjectBytes(rng, g.slab_bytes());
  if (rng.Percent(7)) MakeHuge(g, rng);
  const int most = std::clamp(options.max_cpus, 2, kMaxCpus);
  g.cpus = 2;
  while (g.cpus < most && rng.Percent(42)) ++g.cpus;
  g.slabs_per_cpu = rng.Percent(65) ? 1 : 2;
  g.nodes = static_cast<u8>(rng.Weighted(std::array<unsigned, 3>{50, 35, 15}));
  g.cgroups = static_cast<u8>(rng.Weighted(std::array<unsigned, 3>{50, 30, 20}));
  g.dwcas = rng.Percent(70);
  g.stride = rng.Percent(75) ? StrideAt::kField : StrideAt::kSubWord;
  return g;
}

Program Generate(Rng& rng, const GenerateOptions& options) {
  Program program;
  program.geometry = GenerateGeometry(rng, options);
  const size_t most = static_cast<size_t>(std::clamp(options.max_ops, 2, kMaxOps));
  // The smaller of two draws: a bug that shows in a small program is found sooner and explained more easily there.
  const size_t target = std::min(rng.Between(2, most), rng.Between(2, most));
  // Stories are told to their end, where the frees are, if they fit; now and then one breaks off.
  const size_t limit = rng.Percent(15) ? target : most;
  while (program.ops.size() < target) {
    Story story = TellStory(rng, program.geometry, FreeSlots(program));
    if (story.size() > limit - program.ops.size()) story.resize(limit - program.ops.size());
    Weave(program, story, rng);
  }
  Renumber(program);
  Repair(program);  // only where the registers did not suffice is there anything to repair
  Renumber(program);
  if (rng.Percent(15) && program.ops.size() + program.geometry.cpus <= most) EndCache(program);
  return program;
}

}  // namespace ordeal
