// Who still holds an object? The user's count of references, in a word of the object, with the kernel's ways to put one: those of memory/refcount.h
// and of an atomic_t.
//
// The count is the lower 16 bits. Above it each put leaves a bit of its own, so that whoever reads the word says which puts it has seen: a count
// of 1 may be an old one.
#pragma once
#include "memory/memory.h"

namespace ordeal {

template <class M>
class ObjectCount {
 public:
  static constexpr int kCountBits = 16;
  static constexpr int kPuts = 48;  // bits 0..47 of `puts`

  // What a decrement or a check says.
  struct Seen {
    bool last = false;  // the caller holds the only reference, or held it
    u64 puts = 0;       // that are in what was read
  };

  void set(Site<Order::kOnce> s) { word_.write_once(1, s); }
  void get(Site<Order::kOnce> s) { word_.fetch_add(1, s); }

  // atomic_dec_and_test, fully ordered. `put`: the bit of this put, 0: it has none. No put is done twice.
  Seen dec_and_test(u64 put, Site<Order::kFull> s) { return SeenOf(word_.fetch_add((put << kCountBits) - 1, s)); }
  // refcount_dec_and_test: the orders are those of Refcount::put.
  Seen put(u64 put, Site<Order::kRelease> release, Site<Order::kMb> last) {
    const Seen seen = SeenOf(word_.fetch_add((put << kCountBits) - 1, release));
    if (seen.last) M::mb(last);
    return seen;
  }
  // atomic_read(&count) == 1, with an acquire: the partner of every put. Nobody else puts afterwards.
  Seen only_one(Site<Order::kAcquire> check) const { return SeenOf(word_.load_acquire(check)); }

 private:
  template <class T>
  using Val = typename M::template Val<T>;

  static Seen SeenOf(Val<u64> word) {
    const bool last = static_cast<bool>((word & ((1u << kCountBits) - 1)) == 1u);
    return {last, M::untracked(word) >> kCountBits};
  }

  typename M::template Word<u64> word_;
};

}  // namespace ordeal
