// How is a story written down? Who tells one says what happens to which object; where each object is and which slots are left is kept here.
#pragma once
#include <bit>
#include <utility>
#include <vector>

#include "program/story.h"

namespace ordeal {

// One draw per full expression: compilers evaluate arguments in different orders, and programs must not depend on the compiler.

class Teller {
 public:
  Teller(Rng& rng, const Geometry& geometry, unsigned free_slots) : rng_(rng), geometry_(geometry), free_slots_(free_slots) {}

  u8 AnyCpu() { return static_cast<u8>(rng_.Below(geometry_.cpus)); }
  u8 OtherThan(u8 cpu) {
    if (geometry_.cpus < 2) return cpu;
    return static_cast<u8>((cpu + 1 + rng_.Below(geometry_.cpus - 1u)) % geometry_.cpus);
  }

  int Alloc(u8 cpu, u8 charge, bool counted = false) {
    const int object = New(cpu);
    Add(object, {.kind = OpKind::kAlloc, .charge = charge, .counted = counted});
    return object;
  }
  int Alloc(u8 cpu) { return Alloc(cpu, RandomCharge(rng_, geometry_)); }
  void Write(int object, u8 field) { Add(object, {.kind = OpKind::kWrite, .field = field}); }
  void Read(int object, u8 field) { Add(object, {.kind = OpKind::kRead, .field = field}); }
  void Free(int object) { Add(object, {.kind = OpKind::kFree}); }
  void FreeLater(int object) { Add(object, {.kind = OpKind::kFree, .later = true}); }
  void Migrate(u8 cpu, u8 to) { story_.push_back({{.cpu = cpu, .kind = OpKind::kMigrate, .to = to}}); }
  void Flush(u8 cpu, u8 whose) { story_.push_back({{.cpu = cpu, .kind = OpKind::kFlush, .to = whose}}); }
  // What was told since `first` comes as interrupts into what will be told next, before one of its accesses.
  size_t told() const { return story_.size(); }
  void AsInterrupts(size_t first) {
    const u8 access = static_cast<u8>(rng_.Between(1, 9));
    for (size_t i = first; i < story_.size(); ++i) story_[i].op.irq = access;
  }
  void Housekeeping(u8 cpu) {
    Op op = RandomHousekeeping(rng_, geometry_);
    op.cpu = cpu;
    story_.push_back({op});
  }
  u8 AnyField() { return static_cast<u8>(rng_.Below(kFields)); }

  // From its holder to `cpu`, by way of `via` forwarders. Stays where it is if there are not enough slots.
  void HandOver(int object, u8 cpu, int via = 0) {
    if (std::popcount(free_slots_) < 1 + via) return;
    Pair pair = AnyPair();
    Add(object, {.kind = OpKind::kPublish, .slot = pair.slot, .publish = pair.publish});
    for (int i = 0; i < via; ++i) {
      holder_[object] = OtherThan(holder_[object]);
      const Pair next = AnyPair();
      Add(object, {.kind = OpKind::kForward, .slot = pair.slot, .slot2 = next.slot, .publish = next.publish, .consume = pair.consume});
      pair = next;
    }
    holder_[object] = cpu;
    Add(object, {.kind = OpKind::kConsume, .slot = pair.slot, .consume = pair.consume});
  }

  // To `cpu` while its holder keeps it, too: by kShare or kLend. The number that it has there; the same one if there is no slot.
  int Give(OpKind how, int object, u8 cpu) {
    if (free_slots_ == 0) return object;
    const Pair pair = AnyPair();
    Add(object, {.kind = how, .slot = pair.slot, .publish = pair.publish});
    const int there = New(cpu);
    Add(there, {.kind = OpKind::kConsume, .slot = pair.slot, .consume = pair.consume});
    return there;
  }
  void PutBack(int object, Put form) { Add(object, {.kind = OpKind::kPut, .put = form}); }
  void Link(int tail, int object) { Add(tail, {.kind = OpKind::kLink}, object); }
  int TakeNext(int head) {
    const int next = New(holder_[head]);
    Add(head, {.kind = OpKind::kTakeNext}, next);
    return next;
  }

  Rng& rng() { return rng_; }
  const Geometry& geometry() const { return geometry_; }
  Story Release() { return std::move(story_); }

 private:
  struct Pair {
    u8 slot;
    Publish publish;
    Consume consume;
  };
  Pair AnyPair() {
    Pair pair = {TakeSlot(), Publish::kLocked, Consume::kLocked};
    if (RandomlyLocked(rng_)) return pair;
    pair.publish = RandomPublish(rng_);
    pair.consume = RandomConsume(rng_);
    return pair;
  }
  int New(u8 cpu) {
    holder_.push_back(cpu);
    return static_cast<int>(holder_.size()) - 1;
  }
  void Add(int object, Op op, int second = 0) {
    op.cpu = holder_[object];
    story_.push_back({op, object, second});
  }
  u8 TakeSlot() {
    int nth = static_cast<int>(rng_.Below(static_cast<unsigned>(std::popcount(free_slots_))));
    unsigned left = free_slots_;
    for (; nth > 0; --nth) left &= left - 1;
    const int slot = std::countr_zero(left);
    free_slots_ &= ~(1u << slot);
    return static_cast<u8>(slot);
  }

  Rng& rng_;
  const Geometry& geometry_;
  unsigned free_slots_;
  std::vector<u8> holder_;
  Story story_;
};

}  // namespace ordeal
