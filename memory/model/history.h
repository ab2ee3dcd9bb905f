// What has been stored to one granule of eight bytes, in modification order, and what may a load still read of it?
//
// Byte masks make sizes free: a 16-bit store may land in the middle of a word that another CPU compares and exchanges. Room is fixed and inline,
// so that an access never touches the heap; when a history is full its older half is folded into one value, which makes the
// execution less weak and never wrong.
#pragma once
#include <array>
#include <cstring>

#include "memory/decision.h"
#include "memory/model/arena.h"
#include "memory/model/clock.h"

namespace ordeal::model {

using Dep = u32;        // a dependency node; 0: depends on nothing that orders
using MessageId = i32;  // index of the Knowledge that a store carries; -1: none

inline constexpr int kStores = 16, kReads = 16;

// Byte mask -> bit mask.
constexpr std::array<u64, 256> MakeByteBits() {
  std::array<u64, 256> t{};
  for (int m = 0; m < 256; ++m)
    for (int b = 0; b < 8; ++b)
      if (m >> b & 1) t[static_cast<size_t>(m)] |= u64{0xff} << (8 * b);
  return t;
}
inline constexpr std::array<u64, 256> kByteBits = MakeByteBits();
constexpr u64 BitsOf(u8 mask) { return kByteBits[mask]; }

struct StoreRecord {
  u64 value = 0;  // in place: byte i of the granule is bits 8i..8i+7
  AccessKey key = kInitialValue;
  MessageId message = -1;
  Dep data_dep = 0;        // what the value was computed from: kept when its own CPU reads it back (carry-dep)
  u32 event = 0xffffffff;  // when recording
  u16 site = 0;
  Seq seq = 0;
  u8 cpu = 0, mask = 0xff;
  bool rmw = false, plain = false;
};

// A load that was made while its CPU did not know the newest store: whoever knows the load may not read anything older (coherence).
struct ReadRecord {
  Seq seq;
  u8 cpu, mask, position;
};

struct History {
  Addr granule;
  u8 n_stores, n_reads;
  bool any_plain;                                     // some access was plain
  u8 read_mask[kMaxCpus], plain_read_mask[kMaxCpus];  // bytes ever loaded by each CPU
  Lanes last_read, last_plain_read;                   // and the last such load: for races
  StoreRecord stores[kStores];
  ReadRecord reads[kReads];

  void Reset(Addr granule_index) {
    granule = granule_index;
    n_stores = 1;
    n_reads = 0;
    any_plain = false;
    std::memset(read_mask, 0, sizeof read_mask);
    std::memset(plain_read_mask, 0, sizeof plain_read_mask);
    last_read = last_plain_read = Lanes();
    stores[0] = StoreRecord();
    std::memcpy(&stores[0].value, ArenaAt(granule_index << 3), 8);
  }

  // Position of the newest store to any of these bytes.
  int Newest(u8 mask) const {
    int p = n_stores - 1;
    while (!(stores[p].mask & mask)) --p;
    return p;
  }

  // The bytes of `mask` as they stood after the store at `position`, in place.
  u64 ValueAt(int position, u8 mask) const {
    const StoreRecord& s = stores[position];
    return (s.mask & mask) == mask ? s.value & BitsOf(mask) : Compose(position, mask);
  }
  // The oldest store that a reader with these views (the second may be null) may still see.
  int Floor(u8 mask, const Clock& view, const Clock* more) const;
  void NoteRead(u8 cpu, u8 mask, int position, Seq seq);
  void Append(const StoreRecord& s) {
    if (n_stores == kStores) [[unlikely]]
      Fold();
    any_plain |= s.plain;
    stores[n_stores++] = s;
  }
  void Insert(int position, const StoreRecord& s);

 private:
  u64 Compose(int position, u8 mask) const;
  void Fold();
};

inline u8 MaskOf(Addr a, u8 bytes) { return static_cast<u8>(((1u << bytes) - 1) << (a & 7)); }

}  // namespace ordeal::model
