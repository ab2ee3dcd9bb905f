// Where does the modelled memory live? At one fixed low address, so that a pointer is the same number on every machine and in every run.
//
// During an execution the arena is never written: stores go to histories, and a location that nobody has stored to is read from here.
// It holds the initial image, laid down by Poke() between executions.
#pragma once
#include "memory/order.h"

namespace ordeal::model {

using Addr = u32;  // offset in the arena

inline constexpr u64 kArenaBase = 0x40000000;  // works plain, under asan, and under qemu-user with 64K pages
inline constexpr u32 kArenaSize = 64u << 20;

inline u8* ArenaAt(Addr a) { return reinterpret_cast<u8*>(kArenaBase + a); }
inline u64 OffsetOf(const volatile void* p) { return reinterpret_cast<u64>(p) - kArenaBase; }  // not below kArenaSize: outside

// Maps the arena once a process; exits with code 2 and one line where the address is taken. Not thread-safe.
void MapArena();

// Writes `bytes` (1..8) of the initial image. Not during an execution.
void Poke(Addr a, u8 bytes, u64 value);
// Makes the image all zeroes again, in time proportional to what was poked.
void ClearImage();

}  // namespace ordeal::model
