// What do the words of the kernel's memory model mean on one execution graph?
//
// linux-kernel.bell, linux-kernel.cat and lock.cat in their own words, without RCU and SRCU: each set and relation has the name
// it has there (dashes and dots become underscores). Four layers, each from those before: what happened, what fences order,
// happens-before and propagation, and what plain accesses may see of it. Only judge.cc needs this; the other rungs share the first
// layer (their dependencies are direct).
#pragma once
#include <array>

#include "memory/model/graph.h"
#include "memory/model/relation.h"

namespace ordeal::model::lkmm {

// linux-kernel.bell: event classes, and the relations that are given with the execution. Dependencies are direct.
struct Execution {
  EventSet All, M, R, W, IW, Marked, Plain, Acquire, Release, Mb, Noreturn, RMW, LKR, LKW, UL;
  std::array<EventSet, kFenceKinds> F;
  Relation po, internal, loc, rf, co, rmw, addr, data, ctrl;  // internal: int
  Relation fr, com, rfi, rfe, overwrite;

  explicit Execution(const Graph& g);

  const EventSet& fence(FenceKind f) const { return F[static_cast<int>(f)]; }
  Relation fencerel(FenceKind f) const { return Compose(po, fence(f), po); }
  Relation external(const Relation& r) const { return r - internal; }

 private:
  void Classify(const GraphEvent& e, int id);
  void Relate(const Graph& g);
};

// A tag counts only where it can act: an acquire on a read, a release on a write, neither on a failed RMW, whose write is absent.
inline void Execution::Classify(const GraphEvent& e, int id) {
  All.add(id);
  if (e.kind == GraphEvent::Kind::kFence) {
    F[static_cast<int>(e.fence)].add(id);
    Marked.add(id);
    return;
  }
  const bool write = e.kind == GraphEvent::Kind::kWrite;
  const bool failed = e.rmw && e.partner == kNotThere;
  const bool initial = e.thread == kInitialThread;
  const bool marked = initial || e.order != Order::kPlain || e.rmw || e.lock != LockKind::kNone;
  M.add(id);
  (write ? W : R).add(id);
  (marked ? Marked : Plain).add(id);
  if (initial) IW.add(id);
  if (e.rmw) RMW.add(id);
  if (!write && !failed && (e.order == Order::kAcquire || e.lock == LockKind::kLockRead)) Acquire.add(id);
  if (write && (e.order == Order::kRelease || e.lock == LockKind::kUnlock)) Release.add(id);
  if (e.rmw && !failed && e.order == Order::kFull) Mb.add(id);
  if (!write && e.order == Order::kNoReturn) Noreturn.add(id);
  if (e.lock == LockKind::kLockRead) LKR.add(id);
  if (e.lock == LockKind::kLockWrite) LKW.add(id);
  if (e.lock == LockKind::kUnlock) UL.add(id);
}

inline void Execution::Relate(const Graph& g) {
  const auto& events = g.events;
  for (int a = 0; a < g.size(); a++) {
    const GraphEvent& e = events[a];
    internal.add(a, a);
    for (int b = a + 1; b < g.size(); b++) {
      if (e.thread != kInitialThread && e.thread == events[b].thread) {
        internal.add(a, b);
        internal.add(b, a);
        const bool halves = e.kind == GraphEvent::Kind::kRead && events[b].kind == GraphEvent::Kind::kWrite;
        if (!SameInstruction(e, events[b]) || halves) po.add(a, b);
      }
      if (e.location != kNotThere && e.location == events[b].location) {
        loc.add(a, b);
        loc.add(b, a);
      }
    }
    if (e.rf != kNotThere) rf.add(e.rf, a);
    if (e.kind == GraphEvent::Kind::kRead && e.partner != kNotThere) rmw.add(a, e.partner);
    for (int read : e.addr) addr.add(read, a);
    for (int read : e.data) data.add(read, a);
    for (int read : e.ctrl) ctrl.add(read, a);
  }
  for (const std::vector<int>& order : g.co) {
    EventSet newer(g.size());
    for (size_t k = order.size(); k-- > 0;) {
      co.AddAll(order[k], newer.words());
      newer.add(order[k]);
    }
  }
}

// clang-format off
inline Execution::Execution(const Graph& g)
    : All(g.size()), M(All), R(All), W(All), IW(All), Marked(All), Plain(All), Acquire(All), Release(All), Mb(All), Noreturn(All),
      RMW(All), LKR(All), LKW(All), UL(All), F{All, All, All, All, All, All, All, All},
      po(g.size()), internal(po), loc(po), rf(po), co(po), rmw(po), addr(po), data(po), ctrl(po),
      fr(po), com(po), rfi(po), rfe(po), overwrite(po) {
  // clang-format on
  for (int id = 0; id < g.size(); id++) Classify(g.events[id], id);
  Relate(g);
  fr = Compose(rf.Inverse(), co);
  com = rf | co | fr;
  rfi = rf & internal;
  rfe = external(rf);
  overwrite = co | fr;
}

// linux-kernel.bell, carry-dep: a dependency that passes through memory of its own CPU is one. No machine promises it.
inline Execution CarryDependencies(Execution x) {
  const Relation carry_dep = Compose(x.data, x.rfi).Star();
  for (Relation* dependency : {&x.addr, &x.ctrl, &x.data}) *dependency = Compose(carry_dep, *dependency);
  return x;
}

// linux-kernel.cat, "Basic relations": the orders that hold between two accesses of one CPU because of what lies at or between
// them. (po_unlock_lock_po may also lead to the lock's next holder.)
struct Fences {
  EventSet R4rmb;  // reads for which smp_rmb works
  Relation acq_po, po_rel, po_unlock_lock_po, rmb, wmb, mb, strong_fence, nonrw_fence, fence;

  explicit Fences(const Execution& x)
      : R4rmb(x.R - x.Noreturn),
        acq_po(Compose(x.Acquire, x.po, x.M)),
        po_rel(Compose(x.M, x.po, x.Release)),
        po_unlock_lock_po(Compose(x.po, x.UL, x.po | x.rf, x.LKR, x.po)),
        rmb(Compose(R4rmb, x.fencerel(FenceKind::kRmb), R4rmb)),
        wmb(Compose(x.W, x.fencerel(FenceKind::kWmb), x.W)),
        mb(FullBarriers(x)),
        strong_fence(mb),  // without grace periods
        nonrw_fence(strong_fence | po_rel | acq_po),
        fence(nonrw_fence | wmb | rmb) {}

 private:
  // A full RMW acts as if smp_mb() stood before its read and after its write, hence no Mb between its own two halves.
  Relation FullBarriers(const Execution& x) const {
    const Relation before_atomic = Compose(x.M, x.fencerel(FenceKind::kBeforeAtomic), x.RMW);
    const Relation after_atomic = Compose(x.RMW, x.fencerel(FenceKind::kAfterAtomic), x.M);
    const Relation after_spinlock = Compose(x.LKW, x.fencerel(FenceKind::kAfterSpinlock), x.M);
    const Relation po_opt = x.po.Optional();
    return Compose(x.M, x.fencerel(FenceKind::kMb), x.M) | Compose(x.M, x.po, x.Mb & x.R) | Compose(x.Mb & x.W, x.po, x.M) |
           Compose(before_atomic, po_opt, x.M) | Compose(x.M, po_opt, after_atomic) | Compose(x.M, po_opt, after_spinlock) |
           Compose(Compose(x.M, po_unlock_lock_po, x.fence(FenceKind::kAfterUnlockLock)), x.po, x.M);
  }
};

// linux-kernel.cat, "Fundamental coherence ordering" to "Write and fence propagation ordering".
struct Ordering {
  Relation release_sequence;  // (rf ; rmw)*, RMWs only
  Relation ppo, cumul_fence_star, prop, hb, hb_star, pb;

  Ordering(const Execution& x, const Fences& f)
      : release_sequence(Compose(x.rf, x.rmw).Star()),
        ppo(PreservedProgramOrder(x, f)),
        cumul_fence_star(CumulFence(x, f).Star()),
        prop(Compose(x.Marked, x.external(x.overwrite).Optional(), cumul_fence_star, x.Marked, x.rfe.Optional(), x.Marked)),
        hb(HappensBefore(x)),
        hb_star(hb.Star()),
        pb(Compose(prop, f.strong_fence, hb_star, x.Marked)) {}

 private:
  static Relation PreservedProgramOrder(const Execution& x, const Fences& f) {
    const Relation dep = x.addr | x.data;
    const Relation to_w = Compose(dep | x.ctrl, x.W) | (x.overwrite & x.internal) | Compose(x.addr, x.Plain, f.wmb);
    const Relation to_r = Compose(x.addr, x.R) | Compose(dep, x.Marked, x.rfi);
    return to_r | to_w | (f.fence & x.internal) | (f.po_unlock_lock_po & x.internal);
  }
  // Releases and strong fences are cumulative; wmb is not.
  Relation CumulFence(const Execution& x, const Fences& f) const {
    const Relation cumulative = Compose(Compose(x.rfe, x.Marked).Optional(), f.strong_fence | f.po_rel);
    return Compose(x.Marked, cumulative | f.wmb | f.po_unlock_lock_po, x.Marked, release_sequence);
  }
  Relation HappensBefore(const Execution& x) const {
    return Compose(x.Marked, ppo | x.rfe | ((prop - Relation::Identity(prop.events())) & x.internal), x.Marked);
  }
};

// linux-kernel.cat, "Plain accesses and data races": what orders two accesses of which one is plain.
struct Visibility {
  Relation ww_vis, wr_vis, rw_xbstar;

  Visibility(const Execution& x, const Fences& f, const Ordering& o) : ww_vis(f.fence), wr_vis(f.fence), rw_xbstar(f.fence) {
    const Relation xbstar = (o.hb | o.pb).Star();
    const Relation strong_then = Compose(f.strong_fence, x.Marked, xbstar);
    const Relation vis = Compose(o.cumul_fence_star, x.rfe.Optional(), x.Marked, strong_then | (xbstar & x.internal));
    const EventSet not_noreturn = x.All - x.Noreturn;
    const Relation rmb_after = Compose(f.R4rmb, x.fencerel(FenceKind::kRmb), not_noreturn);
    const Relation rmb_before = Compose(not_noreturn, x.fencerel(FenceKind::kRmb), f.R4rmb);
    const Relation w_pre_bounded = Compose(x.Marked, (x.addr | f.fence).Optional());
    const Relation r_pre_bounded = Compose(x.Marked, (x.addr | f.nonrw_fence | rmb_after).Optional());
    const Relation w_post_bounded = Compose(f.fence.Optional(), x.Marked, o.release_sequence);
    const Relation r_post_bounded = Compose((f.nonrw_fence | rmb_before).Optional(), x.Marked);
    const Relation strong_xb = Compose(f.strong_fence, xbstar);
    const Relation post_vis = Compose(w_post_bounded, vis);
    ww_vis = ww_vis | Compose(strong_xb | post_vis, w_pre_bounded);
    wr_vis = wr_vis | Compose(strong_xb | post_vis, r_pre_bounded);
    rw_xbstar = rw_xbstar | Compose(r_post_bounded, xbstar, w_pre_bounded);
  }
};

}  // namespace ordeal::model::lkmm
