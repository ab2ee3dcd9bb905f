// When may an object be freed that several hold? When the last of them has put it: and everything that any of them did to it must be over.
//
// The orders of the kernel's refcount_t. Who states the orders is the code that holds the references: it names its own Sites, so that
// each can be planted and blamed by itself.
#pragma once
#include "memory/memory.h"

namespace ordeal {

template <class M>
class Refcount {
 public:
  template <class T>
  using Val = typename M::template Val<T>;

  // Before anyone else can see the object.
  void set(u32 n, Site<Order::kOnce> s) { count_.write_once(n, s); }
  void poke(u32 n) { M::poke(count_, n); }

  // One more, by one who holds a reference already: that one keeps the object alive, so this orders nothing.
  void get(Site<Order::kOnce> s) { count_.fetch_add(1, s); }

  // One more, by one who found the object and holds none: false if it is on its way out.
  bool get_unless_zero(Site<Order::kOnce> read, Site<Order::kOnce> cas) {
    Val<u32> seen = count_.read_once(read);
    do {
      if (!seen) return false;
    } while (!count_.cmpxchg(seen, seen + 1u, cas));
    return true;
  }

  // One fewer. True: it was the last, and the object is the caller's alone.
  //   put   release: all that this holder did to the object, before its reference is seen gone
  //   last  the partner of every other put: their accesses before what the last one does. smp_mb, and not smp_rmb as one could think from
  //         smp_acquire__after_ctrl_dep(): plain stores of the last holder are ordered neither by smp_rmb nor by the branch on zero
  bool put(Site<Order::kRelease> put, Site<Order::kMb> last) {
    const Val<u32> before = count_.fetch_sub(1, put);
    if (before != 1u) return false;
    M::mb(last);
    return true;
  }

  u32 peek() const { return M::peek(count_); }

 private:
  typename M::template Word<u32> count_;
};

}  // namespace ordeal
