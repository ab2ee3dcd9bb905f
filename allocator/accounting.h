// Who pays for an object? Its record (obj_exts.h) says what was charged for it, and to whom; whoever frees the object gives that back.
//
// Without cgroups all is charged to one counter of bytes. With them an object is charged to an obj_cgroup (objcg.h) through this CPU's stock of
// bytes (stock.h), and holds a reference on it; where the obj_cgroup is gone already the object stays uncharged.
//
// What callers owe:
//   * charges of one slab come one at a time: from the slab's own CPU, or under a lock; calls of one CPU come one at a time;
//   * uncharge may come from any CPU that was handed the object: published with release or stronger, consumed with acquire, or with
//     READ_ONCE and then by nothing but addresses computed from the object. Nothing else is read here: the descriptor by arithmetic on
//     the object, the record by arithmetic on both, the obj_cgroup at the address that is in the record.
#pragma once
#include "allocator/accounting_sites.h"
#include "allocator/hooks.h"
#include "allocator/obj_exts.h"
#include "allocator/objcg.h"
#include "allocator/stock.h"
#include "memory/geometry.h"
#include "memory/memory.h"

namespace ordeal {

template <class M>
class Accounting {
 public:
  template <class T>
  using Val = typename M::template Val<T>;
  template <class T>
  using Word = typename M::template Word<T>;
  using Cpu = typename M::ThisCpu;

  // `area` (Footprint bytes, aligned to 64) holds the counter, the vectors of slabs that start at `slabs`, and what cgroups need.
  static u64 Footprint(const Geometry& g) { return CgroupsAt(g) + ObjCgroups<M>::Footprint(g) + Stocks<M>::Footprint(g); }
  // `stride_at`: where a slab's descriptor has its stride, from its address.
  Accounting(u64 area, u64 slabs, const Geometry& g, const Hooks& tell, u64 stride_at = SlabExts<M>::kFieldStride)
      : area_(area),
        g_(g),
        tell_(tell),
        exts_(area + 64, slabs, g, tell, stride_at),
        objcgs_(area + CgroupsAt(g), g, tell),
        stocks_(area + CgroupsAt(g) + ObjCgroups<M>::Footprint(g), g, objcgs_, tell) {}

  void FormatCounter();
  void FormatSlab(SlabExts<M>* slab, int number) { exts_.FormatSlab(slab, number); }
  void Forget(Val<SlabExts<M>*> slab) { exts_.Forget(slab); }  // its pages are given back
  // `charge`: the number of a cgroup, from 1.
  void Charge(Cpu cpu, Val<SlabExts<M>*> slab, Val<u64> object, int charge);
  void Uncharge(Cpu cpu, Val<SlabExts<M>*> slab, Val<u64> object);
  void TellCounter() const;

  // From any CPU, at any time; without cgroups they do nothing.
  void Drain(Cpu cpu);                // flushes this CPU's stock, and its batch of the statistic
  void Offline(Cpu cpu, int cgroup);  // the cgroup goes: it drops its own reference, once
  void Stats(Cpu cpu) const;          // reads the statistic while others change it

 private:
  static u64 CgroupsAt(const Geometry& g) {
    const u64 bytes = 64 + ObjExts<M>::Footprint(g);
    return g.cgroups == 0 ? bytes : (bytes + 63) & ~u64{63};
  }
  Word<u64>* counter() const { return reinterpret_cast<Word<u64>*>(area_); }
  void GiveBack(Cpu cpu, Val<u64> objcg, Val<u64> bytes);
  void Tell(HookKind kind, int cpu, u16 site, Val<u64> object, Val<u64> ext, u64 bytes, u64 value, u8 cgroup) const {
    tell_({kind, static_cast<u8>(cpu), site, cgroup, M::untracked(object), M::untracked(ext), bytes, value});
  }

  u64 area_;
  Geometry g_;
  Hooks tell_;
  ObjExts<M> exts_;
  ObjCgroups<M> objcgs_;
  Stocks<M> stocks_;
};

template <class M>
void Accounting<M>::FormatCounter() {
  M::poke(*counter(), u64{0});
  if (g_.cgroups == 0) return;
  objcgs_.Format();
  stocks_.Format();
}

template <class M>
void Accounting<M>::Charge(Cpu cpu, Val<SlabExts<M>*> slab, Val<u64> object, int charge) {
  namespace at = accounting_site;
  if (g_.exts == Exts::kNone) return;
  const bool cgroups = g_.cgroups > 0;
  const Val<u64> objcg = cgroups ? objcgs_.TryGet(charge) : Val<u64>(0);
  if (cgroups && !objcg) return;
  const Val<u64> ext = exts_.ForCharge(cpu, slab, object);
  if (cgroups) exts_.At(ext)->objcg.write_once(objcg, at::objcg_write);
  exts_.At(ext)->bytes.write_once(g_.object_bytes, at::ext_write);
  if (cgroups) stocks_.Charge(cpu, objcg, g_.object_bytes);
  else counter()->fetch_add(g_.object_bytes, at::counter_add);
  Tell(HookKind::kCharge, cpu, at::ext_write.id, object, ext, g_.object_bytes, 0, static_cast<u8>(cgroups ? charge : 0));
}

// At free, for every object, charged or not: the record knows.
template <class M>
void Accounting<M>::Uncharge(Cpu cpu, Val<SlabExts<M>*> slab, Val<u64> object) {
  namespace at = accounting_site;
  if (g_.exts == Exts::kNone) return;
  Val<u64> ext = 0;
  if (!exts_.ForUncharge(cpu, slab, object, &ext)) return;
  const Val<u64> bytes = exts_.At(ext)->bytes.read_once(at::ext_read);
  if (!bytes) return;
  Val<u64> objcg = 0;
  if (g_.cgroups > 0) objcg = exts_.At(ext)->objcg.read_once(at::objcg_read);
  exts_.At(ext)->bytes.write_once(0, at::ext_clear);
  const int times = M::changed(accounting_change::uncharge_twice) ? 2 : 1;
  for (int i = 0; i < times; ++i) {
    if (g_.cgroups == 0) counter()->fetch_sub(bytes, at::counter_sub);
    // Told before an obj_cgroup is given back to: what the record names may be none at all.
    Tell(HookKind::kUncharge, cpu, at::ext_read.id, object, ext, M::untracked(bytes), M::untracked(bytes), objcgs_.NumberOf(M::untracked(objcg)));
    if (g_.cgroups > 0) GiveBack(cpu, objcg, bytes);
  }
}

// The bytes, then the object's reference.
template <class M>
void Accounting<M>::GiveBack(Cpu cpu, Val<u64> objcg, Val<u64> bytes) {
  const bool put_early = M::changed(accounting_change::objcg_put_early);
  if (put_early) objcgs_.Put(cpu, objcg);
  stocks_.Uncharge(cpu, objcg, bytes);
  if (!put_early) objcgs_.Put(cpu, objcg);
}

template <class M>
void Accounting<M>::Drain(Cpu cpu) {
  if (g_.cgroups > 0) stocks_.Drain(cpu);
}

template <class M>
void Accounting<M>::Offline(Cpu cpu, int cgroup) {
  if (cgroup < 1 || cgroup > g_.cgroups) return;
  stocks_.Drain(cpu);
  objcgs_.Offline(cpu, cgroup);
}

template <class M>
void Accounting<M>::Stats(Cpu /*cpu*/) const {
  if (g_.cgroups > 0) stocks_.Look();
}

template <class M>
void Accounting<M>::TellCounter() const {
  if (g_.cgroups == 0) return tell_({.kind = HookKind::kCounter, .value = M::peek(*counter())});
  stocks_.TellHeldBack();
  objcgs_.TellCounters();
  stocks_.TellStatistic();
}

}  // namespace ordeal
