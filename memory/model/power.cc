// POWER: a write reaches one CPU at a time. sync orders everything, lwsync all but a store before a load.
//
//   smp_load_acquire    ld; lwsync               RMW_release   lwsync; the loop
//   smp_store_release   lwsync; st               RMW           sync; the loop; sync
//   RMW_relaxed         a loop of lwarx, stwcx.  spin_lock     as RMW_acquire
//   RMW_acquire         the loop; isync          spin_unlock   lwsync; st
//   smp_mb, smp_mb__before_atomic, _after_atomic, _after_spinlock, _after_unlock_lock   sync
//   smp_rmb, smp_wmb    lwsync
// A cmpxchg that fails branches out of the loop behind its lwarx and skips the barrier behind it, not the one before it.
#include "memory/model/axioms.h"
#include "memory/model/machines.h"

namespace ordeal::model {
namespace {

using lkmm::Execution;

struct Barriers {
  EventSet isync_after;  // what an isync waits for
  Relation sync, lwsync, fence;

  Barriers(const Graph& g, const Execution& x)
      : isync_after(x.Acquire & (x.RMW | x.LKR)),
        sync(Between(x, RmwReads(g, Order::kFull), Syncs(x), x.Mb & x.W)),
        lwsync(Between(x, RmwReads(g, Order::kRelease) | (x.Release - x.RMW), x.fence(FenceKind::kRmb) | x.fence(FenceKind::kWmb),
                       x.Acquire - isync_after) -
               Compose(x.W, x.po, x.R)),
        fence(sync | lwsync) {}

 private:
  static EventSet Syncs(const Execution& x) {
    return x.fence(FenceKind::kMb) | x.fence(FenceKind::kBeforeAtomic) | x.fence(FenceKind::kAfterAtomic) | x.fence(FenceKind::kAfterSpinlock) |
           x.fence(FenceKind::kAfterUnlockLock);
  }
  // Pairs of accesses with a barrier between them: one directly before `before`, one in `barriers`, or one directly after `after`.
  static Relation Between(const Execution& x, const EventSet& before, const EventSet& barriers, const EventSet& after) {
    const Relation po_opt = x.po.Optional();
    return Compose(x.M, Compose(x.po, before, po_opt) | Compose(x.po, barriers, x.po) | Compose(po_opt, after, x.po), x.M);
  }
};

// ppo. An access is initiated (a load: it takes its value), then committed. Each rule says that one of the two in a first access comes
// before one of the two in a second; what follows from them is what can be reached. All lead forward in program order.
Relation PreservedProgramOrder(const Graph& g, const Execution& x, const Barriers& barriers) {
  const Relation po_loc = x.po & x.loc, dd = x.addr | x.data;
  const Relation rdw = po_loc & Compose(x.external(x.fr), x.rfe), detour = po_loc & Compose(x.external(x.co), x.rfe);
  const Relation initiation_initiation = dd | x.rfi | rdw;
  const Relation commit_initiation = Compose(barriers.isync_after, x.po) | detour;
  const Relation commit_commit = dd | po_loc | x.ctrl | Compose(FailedRmws(g), x.po) | Compose(x.addr, x.po);

  const Relation none(x.po.events());
  Relation ii = none, ic = none, ci = none, cc = none;  // reached so far: from i or c, to i or c
  const auto reach_initiation = [&](int e, Relation& to_i, Relation& to_c, int from) {
    to_i.add(from, e);
    to_c.add(from, e);
    to_i.AddAll(from, ii.row(e));
    to_c.AddAll(from, ic.row(e));
  };
  for (int e = x.po.events(); e-- > 0;) {
    ForEachBit(commit_initiation.row(e), [&](int to) { reach_initiation(to, ci, cc, e); });
    ForEachBit(commit_commit.row(e), [&](int to) {
      cc.add(e, to);
      ci.AddAll(e, ci.row(to));
      cc.AddAll(e, cc.row(to));
    });
    ii.AddAll(e, ci.row(e));
    ic.AddAll(e, cc.row(e));
    ForEachBit(initiation_initiation.row(e), [&](int to) { reach_initiation(to, ii, ic, e); });
  }
  return Compose(x.R, ii, x.R) | Compose(x.R, ic, x.W);
}

// What a write that went through barriers brings along, to all CPUs (sync) or to those that see the write behind them.
Relation Propagated(const Execution& x, const Barriers& barriers, const Relation& hb_star) {
  const Relation base = Compose(x.rfe.Optional(), barriers.fence, hb_star);
  Relation prop = Compose(x.W, base, x.W);
  if (barriers.sync.empty()) return prop;
  const Relation ahead = x.external(x.com) | Compose(x.external(x.overwrite), x.rfe);
  return prop | Compose(ahead.Optional(), base.Star(), barriers.sync, hb_star);
}

}  // namespace

Judgement JudgePower(const Graph& g) {
  const Execution x(g);
  if (Judgement verdict = CheckOneLocation(x); !verdict.allowed()) return verdict;
  const Barriers barriers(g, x);
  const Relation hb = PreservedProgramOrder(g, x, barriers) | barriers.fence | x.rfe;
  if (Judgement verdict = CheckAcyclic(Axiom::kNoThinAir, hb); !verdict.allowed()) return verdict;
  const Relation hb_star = hb.Star(), prop = Propagated(x, barriers, hb_star);
  if (Judgement v = CheckIrreflexive(Axiom::kObservation, x.external(x.fr), Compose(prop, hb_star)); !v.allowed()) return v;
  if (Judgement verdict = CheckAcyclic(Axiom::kPropagation, x.co | prop); !verdict.allowed()) return verdict;
  const EventSet reserved = x.RMW | x.LKR | x.LKW;
  return CheckAcyclic(Axiom::kReservation, x.co | Compose(reserved, x.po, reserved));
}

}  // namespace ordeal::model
