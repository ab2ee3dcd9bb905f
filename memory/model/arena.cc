#include "memory/model/arena.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include <sys/mman.h>

#include "base/check.h"
#include "base/exit_code.h"

namespace ordeal::model {
namespace {
std::vector<Addr> g_poked;  // granules, possibly more than once
}  // namespace

void MapArena() {
  static bool mapped = false;
  if (mapped) return;
  void* const want = reinterpret_cast<void*>(kArenaBase);
  void* const got = mmap(want, kArenaSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  if (got != want) {
    std::fprintf(stderr, "ordeal: error: cannot map the %u MiB arena at 0x%llx: the address is taken or memory is limited (ulimit -v)\n",
                 kArenaSize >> 20, static_cast<unsigned long long>(kArenaBase));
    std::exit(kExitUnfit);
  }
  mapped = true;
}

void Poke(Addr a, u8 bytes, u64 value) {
  ORDEAL_CHECK(a + bytes <= kArenaSize, "poke outside the arena");
  g_poked.push_back(a & ~7u);
  std::memcpy(ArenaAt(a), &value, bytes);
}

void ClearImage() {
  for (const Addr a : g_poked) std::memset(ArenaAt(a), 0, 8);
  g_poked.clear();
}

}  // namespace ordeal::model
