// PrefixJudge: what barriers and locks of a CPU mean for its later accesses. The names are lkmm.h's.
#include "memory/model/prefix_judge.h"

namespace ordeal::model {

void PrefixJudge::AppendFence(const Graph& g, int id) {
  Cpu& cpu = events_[id].cpu;
  switch (events_[id].fence) {
    case FenceKind::kBarrier: break;
    case FenceKind::kRmb: Rmb(id); break;
    case FenceKind::kWmb: Wmb(g, id); break;
    case FenceKind::kMb: StrongUpTo(id, id); break;
    case FenceKind::kBeforeAtomic: cpu.before_atomic = id; break;
    case FenceKind::kAfterAtomic: StrongUpTo(id, cpu.rmw); break;
    case FenceKind::kAfterSpinlock: StrongUpTo(id, cpu.lock_write); break;
    case FenceKind::kAfterUnlockLock: AfterUnlockLock(id); break;
  }
}

// A strong fence between the marked accesses up to `last` and all from event `id` on. (The rows of other events are empty.)
void PrefixJudge::StrongUpTo(int id, int last) {
  const int upto = events_[id].cpu.strong_upto;
  if (last <= upto) return;
  EventRow set = sets_[events_[id].cpu.strong_set];
  for (int p = last; p != kNotThere && p > upto; p = events_[p].previous) {
    set.Join(sets_[events_[p].prop], blocks_);
  }
  events_[id].cpu.strong_upto = last;
  PushStrong(id, set);
}

void PrefixJudge::PushStrong(int id, const EventRow& set) {
  EventRow closed = closed_[events_[id].cpu.strong_closed];
  Close(set, closed);
  Cpu& cpu = events_[id].cpu;
  cpu.strong_closed = closed_.Push(closed);
  cpu.strong_set = PushSet(set, {Reach::Kind::kStrongAfter, id, cpu.strong_closed});
}

// [M] ; po-unlock-lock-po ; [After-unlock-lock] ; po ; [M]. An unlock is a release: its `fenced` has the prop of all before it.
void PrefixJudge::AfterUnlockLock(int id) {
  const Event& e = events_[id];
  EventRow set = sets_[e.cpu.strong_set];
  for (int p = e.previous; p != kNotThere && p > e.cpu.after_unlock_lock; p = events_[p].previous) {
    const Event& lock = events_[p];
    if (lock.lock != LockKind::kLockRead) continue;
    const int own = lock.cpu.unlock;
    if (own != kNotThere) set.Join(sets_[events_[own].fenced], blocks_);
    if (lock.rf != kNotThere && events_[lock.rf].lock == LockKind::kUnlock) set.Join(sets_[events_[lock.rf].fenced], blocks_);
  }
  PushStrong(id, set);
  events_[id].cpu.after_unlock_lock = id;
}

// The writes since the smp_wmb before, and by addr ; [Plain] ; wmb what the addresses of the plain ones depend on.
void PrefixJudge::Wmb(const Graph& g, int id) {
  Cpu& cpu = events_[id].cpu;
  EventRow set = sets_[cpu.wmb_set], closed = closed_[cpu.wmb_closed];
  for (int p = events_[id].previous; p != kNotThere && p > cpu.wmb; p = events_[p].previous) {
    const Event& e = events_[p];
    if (!e.write) continue;
    if (!e.marked) JoinDependencies(g.events[p].addr, closed);
    set.Join(sets_[e.prop], blocks_);
    closed.Join(closed_[e.xb], blocks_);
  }
  cpu.wmb = id;
  cpu.wmb_set = PushSet(set, {});
  cpu.wmb_closed = closed_.Push(closed);
}

void PrefixJudge::Rmb(int id) {
  Cpu& cpu = events_[id].cpu;
  EventRow closed = closed_[cpu.rmb_closed];
  for (int p = events_[id].previous; p != kNotThere && p > cpu.rmb; p = events_[p].previous) {
    if (events_[p].r4rmb) closed.Join(closed_[events_[p].xb], blocks_);
  }
  cpu.rmb = id;
  cpu.rmb_closed = closed_.Push(closed);
}

// The events of one instruction are not in po: what they mean for later ones counts from the next instruction on.
void PrefixJudge::Settle(int id) {
  Cpu& cpu = events_[id].cpu;
  if (!cpu.unsettled) return;
  cpu.unsettled = false;
  const int first = events_[events_[id].previous].first;
  EventRow set = sets_[cpu.strong_set];
  bool full = false;
  for (int p = events_[id].previous; p != kNotThere && p >= first; p = events_[p].previous) {
    const Event& e = events_[p];
    if (e.release || e.full) cpu.gathering = first;
    if (!e.write || !e.full) continue;
    full = true;
    set.Join(sets_[e.prop], blocks_);  // [Mb & W] ; po ; [M]
  }
  if (full) PushStrong(id, set);
}

// po ; [UL] ; (po | rf) ; [LKR] ; po, except the first po, which is in the rows of the unlock. Other CPUs' are not in ppo.
void PrefixJudge::SettleLockRead(int id) {
  Cpu& cpu = events_[id].cpu;
  if (cpu.lock_read == kNotThere) return;
  const Event& e = events_[cpu.lock_read];
  EventRow set = sets_[cpu.unlock_lock_set], closed = closed_[cpu.unlock_lock_closed];
  if (e.rf != kNotThere && events_[e.rf].lock == LockKind::kUnlock) set.Join(sets_[events_[e.rf].unlock_set], blocks_);
  if (e.cpu.unlock != kNotThere) {
    set.Join(sets_[events_[e.cpu.unlock].unlock_set], blocks_);
    closed.Join(closed_[events_[e.cpu.unlock].unlock_closed], blocks_);
  }
  cpu.lock_read = kNotThere;
  cpu.unlock_lock_set = PushSet(set, {});
  cpu.unlock_lock_closed = closed_.Push(closed);
}

// What is po-before an unlock. Fences are left out, though they are marked: nothing comes before one but by po-unlock-lock-po, and that
// comes before the lock's write as well. The unlock before this one is a release, whose own rows have what is before it.
void PrefixJudge::NoteUnlock(int id) {
  Event& e = events_[id];
  const int last = e.cpu.unlock;
  e.cpu.unlock = id;
  if (last != kNotThere && SameInstruction(last, id)) {
    e.unlock_set = events_[last].unlock_set;
    e.unlock_closed = events_[last].unlock_closed;
    return;
  }
  EventRow set, closed;
  const int from = last == kNotThere ? 0 : events_[last].first;
  for (int p = e.previous; p != kNotThere && p >= from; p = events_[p].previous) {
    set.Join(sets_[CumulFence(p)], blocks_);
    closed.Join(closed_[events_[p].xb], blocks_);
  }
  e.unlock_set = PushSet(set, {});
  e.unlock_closed = closed_.Push(closed);
}

int PrefixJudge::PushSet(const EventRow& row, Reach reach) {
  reach_.push_back(reach);
  return sets_.Push(row);
}

}  // namespace ordeal::model
