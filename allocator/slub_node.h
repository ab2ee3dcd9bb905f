// Where do slabs go that no CPU has? On the partial list of their node, if an object of theirs is free; back to the pages of the node, if all
// of them are and somebody shrinks the cache; nowhere, if none is: a full slab is found again by whoever frees into it.
//
// As in Linux: a list_lock a node. A slab is taken from the list and frozen under it, and the first object that is freed into a full slab
// puts the slab there under it. Frees into slabs that are on the list already do not take it, but for the one that makes a slab empty.
#pragma once
#include "allocator/slub_slab.h"

namespace ordeal {

template <class M>
class SlubNode {
 public:
  using Slab = SlubSlab<M>;
  template <class T>
  using Val = typename M::template Val<T>;
  template <class T>
  using Word = typename M::template Word<T>;
  static constexpr int kMax = 2;

  // ---- The partial list. All but Format and the peeks: with the list_lock held.
  void lock() { list_lock_.lock(); }
  void unlock() { list_lock_.unlock(); }
  void Add(Val<Slab*> slab) {
    const Val<u64> first = partial_.plain();
    slab->next.set_plain(first);
    partial_.set_plain(M::template cast<u64>(slab));
  }
  // 0: the list is empty.
  Val<Slab*> TakeFirst() {
    const Val<u64> first = partial_.plain();
    if (!first) return M::template at<Slab>(Val<u64>(0));
    const Val<u64> next = M::template at<Slab>(first)->next.plain();
    partial_.set_plain(next);
    return M::template at<Slab>(first);
  }
  // Takes the slabs with no object in use out of the list, and gives each to `gone`. Who frees the last object of a slab holds the list_lock, so
  // that a slab which is empty here stays so.
  template <class F>
  void TakeEmpty(F gone) {
    Val<u64> left = 0;  // the one before, 0: the list itself
    Val<u64> at = partial_.plain();
    while (at) {
      const Val<Slab*> slab = M::template at<Slab>(at);
      const Val<u64> next = slab->next.plain();
      const Val<u64> counters = slab->counters.read_once(slub_site::head_read);
      if (slub_counters::Inuse(counters)) {
        left = at;
      } else {
        if (left) M::template at<Slab>(left)->next.set_plain(next);
        else partial_.set_plain(next);
        gone(slab);
      }
      at = next;
    }
  }

  // ---- The pages: slabs that the cache does not have at present. They keep their chain of objects, all of them free. By a lock of their own.
  void GivePage(Val<Slab*> slab) {
    pages_lock_.lock();
    const Val<u64> first = pages_.plain();
    slab->next.set_plain(first);
    pages_.set_plain(M::template cast<u64>(slab));
    pages_lock_.unlock();
  }
  Val<Slab*> TakePage() {
    pages_lock_.lock();
    const Val<u64> first = pages_.plain();
    if (first) {
      const Val<u64> next = M::template at<Slab>(first)->next.plain();
      pages_.set_plain(next);
    }
    pages_lock_.unlock();
    return M::template at<Slab>(first);
  }

  // ---- The image, and the end.
  // The first slabs of both lists, 0: none; those that follow are in their `next`.
  void Format(u64 partial, u64 pages) {
    M::poke(list_lock_word_, u32{0});
    M::poke(pages_lock_word_, u32{0});
    M::poke(partial_, partial);
    M::poke(pages_, pages);
  }
  // Calls f(slab) for each slab of the list; at most `bound` of them, since a broken list may go round.
  template <class F>
  void ForEach(bool partial, int bound, F f) const {
    u64 at = M::peek(partial ? partial_ : pages_);
    for (; at != 0 && bound > 0; --bound, at = M::peek(reinterpret_cast<Slab*>(at)->next)) f(reinterpret_cast<Slab*>(at));
  }

 private:
  union {
    typename M::Spinlock list_lock_;
    Word<u32> list_lock_word_;
  };
  union {
    typename M::Spinlock pages_lock_;
    Word<u32> pages_lock_word_;
  };
  Word<u64> partial_, pages_;  // address of the first slab, 0: none
};

}  // namespace ordeal
