#include "program/story.h"

#include <algorithm>
#include <array>

#include "program/teller.h"

namespace ordeal {
namespace {

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

// One object that several hold: written first, then read by all, and the last to put it frees it.
void SharedAndPut(Teller& t) {
  const u8 from = t.AnyCpu();
  const u8 charge = RandomCharge(t.rng(), t.geometry());
  const int x = t.Alloc(from, charge, true);
  const u8 field = t.AnyField();
  if (t.rng().Percent(70)) t.Write(x, field);
  std::vector<int> holders = {x};
  for (uint64_t n = t.rng().Between(1, 2); n > 0; --n) {
    const int giver = t.rng().Percent(80) ? x : holders.back();
    const int there = t.Give(OpKind::kShare, giver, t.OtherThan(from));
    if (there != giver) holders.push_back(there);
  }
  if (holders.size() > 1 && t.rng().Percent(20)) t.HandOver(holders.back(), t.AnyCpu());
  const Put form = RandomPut(t.rng());
  if (t.rng().Percent(50)) std::reverse(holders.begin(), holders.end());
  for (int h : holders) {
    if (t.rng().Percent(60)) t.Read(h, field);
    const Put own = t.rng().Percent(80) ? form : RandomPut(t.rng());
    if (t.rng().Percent(95)) t.PutBack(h, own);
  }
}

// Made longer here, taken apart there: what was taken is freed while its successor's link is hardly made.
void LinkedList(Teller& t) {
  const u8 from = t.AnyCpu();
  const u8 field = t.AnyField();
  int tail = t.Alloc(from);
  t.Write(tail, field);
  int head = t.Give(OpKind::kLend, tail, t.OtherThan(from));
  if (head == tail) return;  // no slot: it stays here
  const uint64_t links = t.rng().Between(1, 2);
  for (uint64_t n = links; n > 0; --n) {
    const int next = t.Alloc(from);
    if (t.rng().Percent(80)) t.Write(next, field);
    t.Link(tail, next);
    tail = next;
  }
  for (uint64_t n = links; n > 0; --n) {
    if (t.rng().Percent(30)) t.Read(head, field);
    const int next = t.TakeNext(head);
    if (t.rng().Percent(70)) t.Read(next, field);
    t.Free(head);
    head = next;
  }
}

// What runs beside in an allocator, while objects come and go.
void Beside(Teller& t) {
  const u8 cpu = t.AnyCpu();
  const int x = t.Alloc(cpu);
  t.HandOver(x, t.OtherThan(cpu));
  t.Housekeeping(t.AnyCpu());
  t.Free(x);
  if (t.rng().Percent(60)) t.Housekeeping(t.AnyCpu());
  const int y = t.Alloc(t.AnyCpu());
  if (t.rng().Percent(40)) t.Housekeeping(t.AnyCpu());
  if (t.rng().Percent(80)) t.Free(y);
}

// An interrupt of this CPU allocates and frees where its task is in the middle of doing so.
void Interrupted(Teller& t) {
  const u8 cpu = t.AnyCpu();
  const int x = t.rng().Percent(50) ? t.Alloc(cpu) : -1;
  const size_t first = t.told();
  const int y = t.Alloc(cpu);
  if (t.rng().Percent(50)) t.Alloc(cpu);
  if (t.rng().Percent(70)) t.Free(y);
  t.AsInterrupts(first);
  if (x >= 0 && t.rng().Percent(50)) return t.Free(x);
  const int z = t.Alloc(cpu);
  t.Write(z, t.AnyField());
  if (t.rng().Percent(50)) t.HandOver(z, t.OtherThan(cpu));
  if (t.rng().Percent(80)) t.Free(z);
}

// A CPU uses a slab up while others free into it, which brings it to a list, where another CPU finds it.
void Wander(Teller& t) {
  const u8 cpu = t.AnyCpu(), other = t.OtherThan(cpu);
  std::vector<int> objects;
  const uint64_t full = std::min<uint64_t>(t.geometry().objects_per_slab(), 4);
  for (uint64_t n = full; n > 0; --n) {
    objects.push_back(t.Alloc(cpu));
    if (objects.size() == 1) t.HandOver(objects[0], other);
  }
  objects.push_back(t.Alloc(cpu));  // the slab is left
  t.Free(objects[0]);
  const int x = t.Alloc(t.rng().Percent(70) ? other : t.AnyCpu());
  t.Free(objects[full - 1]);
  if (t.rng().Percent(70)) t.Free(x);
}

// A task goes to another CPU in the middle of what it does, perhaps comes back, and another task has been where it was.
void Moved(Teller& t) {
  const u8 task = t.AnyCpu(), other = t.OtherThan(task);
  const int x = t.rng().Percent(50) ? t.Alloc(task) : -1;
  const size_t first = t.told();
  t.Migrate(task, t.rng().Percent(60) ? other : t.AnyCpu());
  if (t.rng().Percent(50)) t.Migrate(task, task);
  if (t.rng().Percent(80)) t.AsInterrupts(first);
  if (x >= 0 && t.rng().Percent(60)) t.Free(x);
  const int y = t.Alloc(task);
  if (t.rng().Percent(80)) t.Migrate(other, task);
  const int a = t.Alloc(other);
  t.Write(a, t.AnyField());
  if (t.rng().Percent(50)) t.Alloc(other);
  if (t.rng().Percent(30)) t.HandOver(a, task);
  if (t.rng().Percent(70)) t.Free(a);
  t.Write(y, t.AnyField());
  if (t.rng().Percent(50)) t.Alloc(task);
  if (t.rng().Percent(70)) t.Free(y);
}

// Objects that are put aside where they are freed, and go to their slabs by the hands of another CPU or their own, while somebody wants some.
void Deferred(Teller& t) {
  const u8 from = t.AnyCpu();
  const int x = t.Alloc(from);
  t.Write(x, t.AnyField());
  u8 holder = from;
  if (t.rng().Percent(50)) t.HandOver(x, holder = t.OtherThan(from));
  const int y = t.Alloc(holder);
  t.FreeLater(x);
  const u8 other = t.OtherThan(holder);
  if (t.rng().Percent(60)) t.Flush(t.rng().Percent(50) ? holder : other, holder);
  if (t.rng().Percent(50)) t.FreeLater(y);
  const int z = t.Alloc(t.rng().Percent(60) ? from : t.AnyCpu());
  t.Write(z, t.AnyField());
  if (t.rng().Percent(40)) t.Flush(t.AnyCpu(), holder);
  if (t.rng().Percent(70)) t.Free(z);
}

}  // namespace

Story TellStory(Rng& rng, const Geometry& geometry, unsigned free_slots) {
  constexpr void (*kStories[])(Teller&) = {HandOverAndFree, ConcurrentFrees, Chain,  LateExts,    Reuse,  SideBySide, Fill, PingPong,
                                           SharedAndPut,    LinkedList,      Beside, Interrupted, Wander, Deferred,   Moved};
  std::array<unsigned, 15> weights = {28, 22, 13, 8, 11, 6, 6, 6, 13, 9, 12, 8, 0, 9, 6};
  if (geometry.exts == Exts::kLate) weights[3] = 20;
  if (geometry.cgroups == 0 && geometry.nodes == 0) weights[10] = 0;
  if (geometry.nodes > 0) weights[12] = 12;
  Teller teller(rng, geometry, free_slots);
  kStories[rng.Weighted(weights)](teller);
  return teller.Release();
}

}  // namespace ordeal
