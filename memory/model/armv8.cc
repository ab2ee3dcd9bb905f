// ARMv8: multi-copy atomic. Accesses of one CPU go to memory in any order that dependencies, barriers and acquires leave.
//
//   smp_load_acquire, smp_store_release   LDAPR or LDAR, STLR
//   RMWs without suffix, _acquire, _release   one instruction (SWP, CAS, LDADD) with AL, A, L; void atomics: STADD; a CAS that
//                                             fails still has its A
//   spin_lock, spin_unlock   SWPA, STLR
//   smp_rmb, smp_wmb         DMB ISHLD, DMB ISHST
//   smp_mb, smp_mb__before_atomic, _after_atomic, _after_spinlock   DMB ISH; smp_mb__after_unlock_lock is nothing
#include "memory/model/axioms.h"
#include "memory/model/machines.h"

namespace ordeal::model {
namespace {

using lkmm::Execution;

// dob. An access behind an address dependency has a known address only then, and a later store waits for that.
Relation DependencyOrdered(const Execution& x) {
  const Relation dep = x.addr | x.data;
  return dep | Compose(x.ctrl, x.W) | Compose(x.addr, x.po, x.W) | Compose(dep, x.rfi);
}

// aob (rmw itself is among the local writes) and bob. A is LDAR and the A of RMWs, Q is LDAPR, L is STLR and the L of RMWs.
Relation BarrierOrdered(const Graph& g, const Execution& x, Armv8Acquire acquire) {
  const EventSet rmw_A = RmwReads(g, Order::kAcquire) | RmwReads(g, Order::kFull) | x.LKR;
  const EventSet A_or_Q = x.Acquire | rmw_A, A = acquire == Armv8Acquire::kLdar ? A_or_Q : rmw_A;
  const EventSet full_write = x.Mb & x.W, L = x.Release | full_write;
  const EventSet dmb_full =
      x.fence(FenceKind::kMb) | x.fence(FenceKind::kBeforeAtomic) | x.fence(FenceKind::kAfterAtomic) | x.fence(FenceKind::kAfterSpinlock);
  const Relation dmb =
      Compose(x.po, dmb_full, x.po) | Compose(x.R - x.Noreturn, x.fencerel(FenceKind::kRmb)) | Compose(x.W, x.fencerel(FenceKind::kWmb), x.W);
  return Compose(x.rmw, x.rfi, A_or_Q) | dmb | Compose(full_write, x.po) | Compose(L, x.po, A) | Compose(A_or_Q, x.po) | Compose(x.po, L);
}

}  // namespace

Judgement JudgeArmv8(const Graph& g, Armv8Acquire acquire) {
  const Execution x(g);
  if (Judgement verdict = CheckOneLocation(x); !verdict.allowed()) return verdict;
  const Relation local_writes = Compose(x.po & x.loc, x.W);
  const Relation lob = local_writes | DependencyOrdered(x) | BarrierOrdered(g, x, acquire);
  return CheckAcyclic(Axiom::kExternal, WithoutTearing(g, lob | x.external(x.com)));
}

}  // namespace ordeal::model
