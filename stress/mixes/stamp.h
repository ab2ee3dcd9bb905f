// Is a block still what its holder wrote? Its words are derived from who wrote it, as which of his writings, and from its size, so that it shows
// whose it is, and a byte of somebody else's does not fit.
//
// This is how the shadow of a mix watches without adding order: whoever holds a block writes and reads that block and his own record of it, with
// plain accesses, and nothing that is shared.
#pragma once
#include "memory/order.h"

namespace ordeal::stress {

struct Block {
  u8* start = nullptr;
  u64 tag = 0;    // of the worker that wrote it, and of which of his writings it is
  u64 size = 0;   // as it was asked for
  u64 owner = 0;  // the worker that allocated it; the tag is of who wrote it last
};

// Workers are numbered from 0 and what they write from 1; a worker is one thread from its beginning to its end.
inline constexpr int kSequenceBits = 40;
constexpr u64 MakeTag(u64 worker, u64 sequence) { return worker << kSequenceBits | sequence; }
constexpr u64 WorkerOf(u64 tag) { return tag >> kSequenceBits; }
constexpr u64 SequenceOf(u64 tag) { return tag & ((u64{1} << kSequenceBits) - 1); }

// Up to this size every byte is written and looked at; of larger blocks the ends, and a word of each 4 KiB between them.
inline constexpr u64 kWholeBytes = 1024;

void WriteStamps(const Block& block);

struct Misfit {
  u64 offset = 0;  // of the first word, or byte, that does not fit
  u64 found = 0, expected = 0;
  u64 tag = 0;  // of the writing that this word is of, if it can be of one; else 0
};

// Every stamp that lies in the first `bytes` bytes is there: of a block that was reallocated, those are what must have stayed. False: *misfit says
// where not.
bool StampsAreThere(const Block& block, u64 bytes, Misfit* misfit);
inline bool StampsAreThere(const Block& block, Misfit* misfit) { return StampsAreThere(block, block.size, misfit); }

// The offset of the first byte that is not zero; `size`: there is none. All are looked at.
u64 FirstNotZero(const u8* start, u64 size);

}  // namespace ordeal::stress
