// Who pays, how many pages, and until when? The obj_cgroups of the kernel's memcg: what all CPUs share of them.
//
// A page counter knows whole pages; objects are charged by the byte. What no object has of these pages waits in stocks (stock.h), or here as
// the residue that a stock left behind. An obj_cgroup lives as long as somebody refers to it: its cgroup until that goes offline, each
// charged object, each stock that caches it. Only who holds a reference may use it; everything in it is atomic and orders nothing but its end.
#pragma once
#include "allocator/accounting_sites.h"
#include "allocator/hooks.h"
#include "memory/geometry.h"
#include "memory/memory.h"
#include "memory/refcount.h"

namespace ordeal {

template <class M>
class ObjCgroups {
 public:
  template <class T>
  using Val = typename M::template Val<T>;
  template <class T>
  using Word = typename M::template Word<T>;

  static u64 Footprint(const Geometry& g) { return g.cgroups * sizeof(ObjCgroup); }
  // `area`: Footprint bytes, aligned to 64.
  ObjCgroups(u64 area, const Geometry& g, const Hooks& tell) : area_(area), cgroups_(g.cgroups), page_bytes_(g.page_bytes), tell_(tell) {}

  void Format();

  // References, to an obj_cgroup by its address. TryGet (obj_cgroup_tryget): 0 if that of this cgroup is gone.
  Val<u64> TryGet(int cgroup);
  void Get(Val<u64> objcg) { At(objcg)->refs.get(accounting_site::stock_get); }
  void Put(int cpu, Val<u64> objcg);
  void Offline(int cpu, int cgroup);

  // For holders of a reference.
  void ChargePages(Val<u64> objcg, u64 pages);
  void UnchargePages(Val<u64> objcg, Val<u64> pages) { At(objcg)->pages.fetch_sub(pages, accounting_site::pages_sub); }
  void AddResidue(Val<u64> objcg, Val<u64> bytes) { At(objcg)->residue.fetch_add(bytes, accounting_site::residue_add); }
  Val<u64> TakeResidue(Val<u64> objcg) { return At(objcg)->residue.xchg(0, accounting_site::residue_take); }
  void TellUse(int cpu, Val<u64> objcg) const { Tell(HookKind::kObjcgUse, cpu, objcg); }

  // The number of the cgroup, from 1; 0: nothing of ours is at this address.
  u8 NumberOf(u64 objcg) const {
    const u64 n = (objcg - area_) / sizeof(ObjCgroup);
    return objcg >= area_ && n < cgroups_ ? static_cast<u8>(n + 1) : u8{0};
  }
  // At quiescence, after all else that is held back was told.
  void TellCounters() const;

 private:
  struct alignas(64) ObjCgroup {
    Refcount<M> refs;
    Word<u32> online;   // 1: the cgroup itself holds a reference
    Word<u64> pages;    // the page counter
    Word<u64> residue;  // nr_charged_bytes: of these pages, what neither an object nor a stock has
  };
  static Val<ObjCgroup*> At(Val<u64> objcg) { return M::template at<ObjCgroup>(objcg); }
  ObjCgroup* Of(int cgroup) const { return reinterpret_cast<ObjCgroup*>(area_) + (cgroup - 1); }
  void Tell(HookKind kind, int cpu, Val<u64> objcg) const {
    tell_({.kind = kind, .cpu = static_cast<u8>(cpu), .cgroup = NumberOf(M::untracked(objcg))});
  }

  u64 area_;
  u32 cgroups_, page_bytes_;
  Hooks tell_;
};

template <class M>
void ObjCgroups<M>::Format() {
  for (u32 k = 1; k <= cgroups_; ++k) {
    Of(static_cast<int>(k))->refs.poke(1);
    M::poke(Of(static_cast<int>(k))->online, u32{1});
    M::poke(Of(static_cast<int>(k))->pages, u64{0});
    M::poke(Of(static_cast<int>(k))->residue, u64{0});
  }
}

template <class M>
auto ObjCgroups<M>::TryGet(int cgroup) -> Val<u64> {
  if (!Of(cgroup)->refs.get_unless_zero(accounting_site::tryget_read, accounting_site::tryget_cas)) return 0;
  return reinterpret_cast<u64>(Of(cgroup));
}

// The last one gives back what is left (obj_cgroup_release): nobody has bytes any more, so the residue is whole pages, and all of them.
template <class M>
void ObjCgroups<M>::Put(int cpu, Val<u64> objcg) {
  namespace at = accounting_site;
  if (!At(objcg)->refs.put(at::objcg_put, at::objcg_last)) return;
  Tell(HookKind::kObjcgGone, cpu, objcg);
  const Val<u64> rest = At(objcg)->residue.read_once(at::residue_rest);
  if (!rest) return;
  UnchargePages(objcg, rest / page_bytes_);
  At(objcg)->residue.write_once(0, at::residue_clear);
}

template <class M>
void ObjCgroups<M>::Offline(int cpu, int cgroup) {
  const Val<u32> was_online = Of(cgroup)->online.xchg(0, accounting_site::offline_once);
  if (was_online) Put(cpu, reinterpret_cast<u64>(Of(cgroup)));
}

template <class M>
void ObjCgroups<M>::ChargePages(Val<u64> objcg, u64 pages) {
  namespace at = accounting_site;
  Val<u64> seen = At(objcg)->pages.read_once(at::pages_read);
  while (!At(objcg)->pages.cmpxchg(seen, seen + pages, at::page_cas)) {
    if (M::changed(accounting_change::cas_bail_credit)) return;  // planted: and the caller credits its stock all the same
  }
}

template <class M>
void ObjCgroups<M>::TellCounters() const {
  for (u32 k = 1; k <= cgroups_; ++k) {
    const ObjCgroup& o = *Of(static_cast<int>(k));
    tell_({.kind = HookKind::kHeldBack, .cgroup = static_cast<u8>(k), .value = M::peek(o.residue)});
    tell_({.kind = HookKind::kCounter, .cgroup = static_cast<u8>(k), .value = M::peek(o.pages) * page_bytes_});
  }
}

}  // namespace ordeal
