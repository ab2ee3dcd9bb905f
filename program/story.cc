#include "program/story.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

namespace ordeal {
namespace {

// One draw per full expression: compilers evaluate arguments in different orders, and programs must not depend on the compiler.

// Writes a story down: follows where each object is, so that the stories below read as what happens.
class Teller {
 public:
  Teller(Rng& rng, const Geometry& geometry, unsigned free_slots) : rng_(rng), geometry_(geometry), free_slots_(free_slots) {}

  u8 AnyCpu() { return static_cast<u8>(rng_.Below(geometry_.cpus)); }
  u8 OtherThan(u8 cpu) {
    if (geometry_.cpus < 2) return cpu;
    return static_cast<u8>((cpu + 1 + rng_.Below(geometry_.cpus - 1u)) % geometry_.cpus);
  }

  int Alloc(u8 cpu, u8 charge) {
    holder_.push_back(cpu);
    const int object = static_cast<int>(holder_.size()) - 1;
    Add(object, {.kind = OpKind::kAlloc, .charge = charge});
    return object;
  }
  int Alloc(u8 cpu) { return Alloc(cpu, RandomCharge(rng_, geometry_)); }
  void Write(int object, u8 field) { Add(object, {.kind = OpKind::kWrite, .field = field}); }
  void Read(int object, u8 field) { Add(object, {.kind = OpKind::kRead, .field = field}); }
  void Free(int object) { Add(object, {.kind = OpKind::kFree}); }
  u8 AnyField() { return static_cast<u8>(rng_.Below(kFields)); }

  // From its holder to `cpu`, by way of `via` forwarders. Stays where it is if there are not enough slots.
  void HandOver(int object, u8 cpu, int via = 0) {
    if (std::popcount(free_slots_) < 1 + via) return;
    u8 slot = TakeSlot();
    Add(object, {.kind = OpKind::kPublish, .slot = slot, .publish = RandomPublish(rng_)});
    for (int i = 0; i < via; ++i) {
      holder_[object] = OtherThan(holder_[object]);
      const u8 next = TakeSlot();
      Add(object, {.kind = OpKind::kForward, .slot = slot, .slot2 = next, .publish = RandomPublish(rng_), .consume = RandomConsume(rng_)});
      slot = next;
    }
    holder_[object] = cpu;
    Add(object, {.kind = OpKind::kConsume, .slot = slot, .consume = RandomConsume(rng_)});
  }

  Rng& rng() { return rng_; }
  const Geometry& geometry() const { return geometry_; }
  Story Release() { return std::move(story_); }

 private:
  void Add(int object, Op op) {
    op.cpu = holder_[object];
    story_.push_back({op, object});
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

// Message passing: written here, read and freed there.
void HandOverAndFree(Teller& t) {
  const u8 from = t.AnyCpu();
  const int x = t.Alloc(from);
  const u8 field = t.AnyField();
  t.Write(x, field);
  if (t.rng().Percent(25)) t.Write(x, t.AnyField());
  t.HandOver(x, t.OtherThan(from));
  t.Read(x, field);
  if (t.rng().Percent(25)) t.Write(x, t.AnyField());
  if (t.rng().Percent(90)) t.Free(x);
}

// Several objects of one slab, freed from several CPUs at once: free list, counters and ext records next to each other.
void ConcurrentFrees(Teller& t) {
  const u8 from = t.AnyCpu();
  std::vector<int> objects;
  for (uint64_t n = t.rng().Between(2, 3); n > 0; --n) objects.push_back(t.Alloc(from));
  for (int x : objects) {
    if (t.rng().Percent(70)) t.HandOver(x, t.OtherThan(from));
  }
  if (t.rng().Percent(50)) std::reverse(objects.begin(), objects.end());
  for (int x : objects) t.Free(x);
}

// Written here, passed on there without a look, freed at a third place.
void Chain(Teller& t) {
  const u8 from = t.AnyCpu();
  const int x = t.Alloc(from);
  const u8 field = t.AnyField();
  t.Write(x, field);
  const u8 to = t.AnyCpu();
  t.HandOver(x, to, t.rng().Percent(50) ? 1 : 2);
  t.Read(x, field);
  t.Free(x);
}

// An object without charge is freed there while its slab gets its ext records here, by the first charge.
void LateExts(Teller& t) {
  const u8 from = t.AnyCpu();
  const int x = t.Alloc(from, 0);
  t.HandOver(x, t.OtherThan(from));
  const int y = t.Alloc(from, 1);
  t.Free(x);
  if (t.rng().Percent(60)) t.Free(y);
}

// The same memory twice: what the first life leaves behind must not show in the second.
void Reuse(Teller& t) {
  const u8 cpu = t.AnyCpu();
  const u8 field = t.AnyField();
  const int x = t.Alloc(cpu);
  t.Write(x, field);
  t.Free(x);
  const int y = t.Alloc(cpu);
  t.Write(y, field);
  if (t.rng().Percent(40)) t.HandOver(y, t.OtherThan(cpu));
  t.Read(y, field);
  if (t.rng().Percent(70)) t.Free(y);
}

// Two CPUs that never meet but in the allocator.
void SideBySide(Teller& t) {
  const u8 cpu = t.AnyCpu();
  const int x = t.Alloc(cpu);
  const int y = t.Alloc(t.OtherThan(cpu));
  t.Write(y, t.AnyField());
  t.Free(x);
  t.Free(y);
}

// More objects than a slab has, if it has few: the slow path, the next slab, and frees in any order.
void Fill(Teller& t) {
  const u8 cpu = t.AnyCpu();
  std::vector<int> objects;
  for (uint64_t n = std::min<uint64_t>(t.geometry().objects_per_slab() + t.rng().Between(1, 2), 6); n > 0; --n) {
    objects.push_back(t.Alloc(cpu));
  }
  if (t.rng().Percent(50)) t.HandOver(objects.front(), t.OtherThan(cpu));
  while (!objects.empty()) {
    const auto at = objects.begin() + static_cast<std::ptrdiff_t>(t.rng().Below(objects.size()));
    if (t.rng().Percent(85)) t.Free(*at);
    objects.erase(at);
  }
}

// There and back again, with a write at each place.
void PingPong(Teller& t) {
  const u8 from = t.AnyCpu(), to = t.OtherThan(from);
  const int x = t.Alloc(from);
  const u8 field = t.AnyField();
  t.Write(x, field);
  t.HandOver(x, to);
  t.Write(x, field);
  t.HandOver(x, from);
  t.Read(x, field);
  t.Free(x);
}

}  // namespace

Publish RandomPublish(Rng& rng) {
  constexpr Publish kKinds[] = {Publish::kRelease, Publish::kMb, Publish::kXchg};
  return kKinds[rng.Weighted(std::array<unsigned, 3>{50, 25, 25})];
}

Consume RandomConsume(Rng& rng) {
  constexpr Consume kKinds[] = {Consume::kOnce, Consume::kRmb, Consume::kAcquire, Consume::kXchg, Consume::kXchgAcquire};
  return kKinds[rng.Weighted(std::array<unsigned, 5>{30, 10, 30, 15, 15})];
}

u8 RandomCharge(Rng& rng, const Geometry& geometry) {
  if (!rng.Percent(geometry.exts == Exts::kNone ? 20 : 75)) return 0;
  return geometry.cgroups < 2 ? 1 : static_cast<u8>(1 + rng.Below(geometry.cgroups));
}

Story TellStory(Rng& rng, const Geometry& geometry, unsigned free_slots) {
  constexpr void (*kStories[])(Teller&) = {HandOverAndFree, ConcurrentFrees, Chain, LateExts, Reuse, SideBySide, Fill, PingPong};
  std::array<unsigned, 8> weights = {28, 22, 13, 8, 11, 6, 6, 6};
  if (geometry.exts == Exts::kLate) weights[3] = 20;
  Teller teller(rng, geometry, free_slots);
  kStories[rng.Weighted(weights)](teller);
  return teller.Release();
}

}  // namespace ordeal
