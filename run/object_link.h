// What do users keep in an object beside their data? In word 3: the count of those who hold it, or the next object of a list.
//
// Marked accesses all: what is in that word in one lifetime meets what is there in the next, and users order nothing across a free.
#pragma once
#include "memory/memory.h"
#include "program/program.h"
#include "run/object_count.h"
#include "run/user_sites.h"

namespace ordeal {

inline constexpr u32 kLinkOffset = 24;
// Objects that are too small for the word have neither: what is done by it is not done to them.
constexpr bool HasLink(u32 usable_bytes) { return usable_bytes >= kLinkOffset + 8; }

template <class M>
struct ObjectLink {
  template <class T>
  using Val = typename M::template Val<T>;
  using Count = ObjectCount<M>;
  using Word = typename M::template Word<u64>;

  static Val<Count*> CountOf(Val<u64> object) { return M::template at<Count>(object + u64{kLinkOffset}); }
  static Val<Word*> NextOf(Val<u64> object) { return M::template at<Word>(object + u64{kLinkOffset}); }
};

}  // namespace ordeal
