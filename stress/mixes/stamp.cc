#include "stress/mixes/stamp.h"

#include <algorithm>
#include <cstring>

#include "base/hash.h"

namespace ordeal::stress {
namespace {

constexpr u64 kStep = 0x9e3779b97f4a7c15;      // odd: from word to word
constexpr u64 kScramble = 0xbf58476d1ce4e5b9;  // odd: a small tag is not a small word
constexpr u64 kPiece = 4096;
constexpr u64 kEnds = 64;                                          // bytes of a large block's beginning and end
constexpr u64 kMostWorkers = 1 << 14, kMostBlocks = u64{1} << 32;  // that a word is believed to speak of: 1 of 2^18 of all words does
constexpr u64 kFarthest = 128;                                     // words that another block may begin before the place

// Of an odd number, modulo 2^64: each step doubles the bits that are right.
constexpr u64 Inverse(u64 odd) {
  u64 x = odd;
  for (int i = 0; i < 6; ++i) x *= 2 - odd * x;
  return x;
}
constexpr u64 kUnscramble = Inverse(kScramble);
static_assert(kScramble * kUnscramble == 1);

// Word i of a block. The last whole one knows the size too.
u64 Word(const Block& b, u64 i) {
  const u64 word = b.tag * kScramble + i * kStep;
  return i > 0 && i + 1 == b.size / 8 ? word ^ b.size << 32 : word;
}

u64 TagOf(u64 word, u64 i) {
  const u64 tag = (word - i * kStep) * kUnscramble;
  return WorkerOf(tag) < kMostWorkers && SequenceOf(tag) - 1 < kMostBlocks ? tag : 0;
}

// Of a block that begins where this one does, or else anywhere near.
u64 TagOfAnyone(u64 word, u64 i) {
  u64 tag = TagOf(word, i);
  for (u64 other = 0; tag == 0 && other < kFarthest; ++other) tag = TagOf(word, other);
  return tag;
}

// f(index) for each word that is stamped, until one says false. The last may be a part of a word.
template <class F>
bool EachWord(const Block& b, F f) {
  const u64 words = (b.size + 7) / 8;
  if (b.size <= kWholeBytes) {
    for (u64 i = 0; i < words; ++i)
      if (!f(i)) return false;
    return true;
  }
  for (u64 i = 0; i < kEnds / 8; ++i)
    if (!f(i)) return false;
  // Somewhere else in each block: a stride of some field's width would miss the same places for ever.
  for (u64 piece = 0; piece < b.size / kPiece; ++piece)
    if (const u64 i = (piece * kPiece + Mix64(b.tag + piece) % kPiece) / 8; i >= kEnds / 8 && i < words - kEnds / 8 && !f(i)) return false;
  for (u64 i = words - kEnds / 8; i < words; ++i)
    if (!f(i)) return false;
  return true;
}

}  // namespace

void WriteStamps(const Block& b) {
  EachWord(b, [&](u64 i) {
    const u64 word = Word(b, i);
    std::memcpy(b.start + 8 * i, &word, std::min<u64>(8, b.size - 8 * i));
    return true;
  });
}

bool StampsAreThere(const Block& b, u64 bytes, Misfit* misfit) {
  return EachWord(b, [&](u64 i) {
    if (8 * i >= bytes) return true;
    const u64 length = std::min<u64>(8, bytes - 8 * i);
    u64 found = 0, expected = 0;
    const u64 word = Word(b, i);
    std::memcpy(&expected, &word, length);
    std::memcpy(&found, b.start + 8 * i, length);
    if (found == expected) return true;
    *misfit = {8 * i, found, expected, length == 8 ? TagOfAnyone(found, i) : 0};
    return false;
  });
}

u64 FirstNotZero(const u8* start, u64 size) {
  u64 at = 0;
  for (u64 word; at + 8 <= size; at += 8) {
    std::memcpy(&word, start + at, 8);
    if (word != 0) break;
  }
  while (at < size && start[at] == 0) ++at;
  return at;
}

}  // namespace ordeal::stress
