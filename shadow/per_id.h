// Where does a check keep what it knows of each object or message? An array by id that is emptied by counting, not by
// clearing: an entry of an earlier execution is as good as new.
#pragma once
#include <vector>

#include "base/check.h"
#include "memory/order.h"

namespace ordeal {

template <class T>
class PerId {
 public:
  // Ids are numbered anew in each execution; more than this is a mistake of who numbers them.
  static constexpr u32 kMaxId = 1 << 20;
  explicit PerId(u32 expected_ids) : entries_(expected_ids) {}

  void Clear() {
    if (++generation_ != 0) return;
    for (Entry& e : entries_) e.generation = 0;  // once in 2^32 executions
    generation_ = 1;
  }

  // Null if nothing was put there in this execution.
  T* Find(u32 id) { return Known(id) ? &entries_[id].value : nullptr; }
  const T* Find(u32 id) const { return Known(id) ? &entries_[id].value : nullptr; }

  // A value-initialised T if there is none.
  T& At(u32 id) { return Known(id) ? entries_[id].value : New(id); }

  T& New(u32 id) {
    if (id >= entries_.size()) Grow(id);
    Entry& e = entries_[id];
    e.generation = generation_;
    return e.value = T();
  }

 private:
  struct Entry {
    u32 generation = 0;
    T value = T();
  };
  bool Known(u32 id) const { return id < entries_.size() && entries_[id].generation == generation_; }
  [[gnu::noinline]] void Grow(u32 id) {
    ORDEAL_CHECK(id < kMaxId, "objects and messages are numbered from 1 in each execution");
    entries_.resize(2 * size_t{id});
  }

  std::vector<Entry> entries_;
  u32 generation_ = 1;
};

}  // namespace ordeal
