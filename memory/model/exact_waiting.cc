// Which CPU goes on, and what does one that cannot wait for?
#include <algorithm>
#include <utility>

#include "memory/model/exact_machine.h"
#include "memory/model/state.h"

namespace ordeal::model {

bool ExactMachine::CanGoOn(int cpu) const {
  const CpuState& c = cpu_[cpu];
  if (g.cpu[cpu].done) return false;
  if (!c.waiting) return true;
  for (int e = c.declined + 1; e < now_; ++e) {
    const GraphEvent& event = graph_.event(e);
    if (event.kind != GraphEvent::Kind::kWrite || event.thread == cpu || event.thread == kInitialThread) continue;
    if (c.n_parts == 0) return true;
    for (int p = 0; p < c.n_parts; ++p)
      if (c.parts[p] == event.location) return true;
  }
  return false;
}

int ExactMachine::Next(int other_than) const {
  for (int c = 0; c < cpus_; ++c)
    if (c != other_than && CanGoOn(c)) return c;
  return -1;
}

// A load that was put off (to take a later store) is a promise that one comes: who waits for it to be kept must not give up meanwhile.
int ExactMachine::InVain() const {
  int lowest = -1;
  for (int c = cpus_; c-- > 0;) {
    if (g.cpu[c].done || cpu_[c].for_lock) continue;
    if (!cpu_[c].waiting || !cpu_[c].gives_up) return -1;
    lowest = c;
  }
  return lowest;
}

// Until another CPU has made a store to one of the parts. The attempt is over; the next one begins when this returns.
void ExactMachine::Wait(const int* parts, int n_parts, const Attempt& a) {
  const int me = g.cur;
  CpuState& c = cpu_[me];
  c.waiting = true;
  c.for_lock = a.for_lock;
  c.may_be_promised = a.may_be_promised;
  c.declined = now_ - 1;
  c.n_parts = n_parts;
  std::copy(parts, parts + n_parts, c.parts);
  int next = Next(me);
  if (next < 0) next = Unstick();
  if (next < 0) EndStuck();
  if (next != me) SwitchTo(next);
  c.waiting = c.for_lock = c.may_be_promised = c.gives_up = false;
}

int ExactMachine::Unstick() {
  int next = InVain();
  if (next >= 0) {
    cpu_[next].in_vain = true;
  } else if ((next = ToBePromised()) >= 0) {
    cpu_[next].asked = true;
  }
  return next;
}

void ExactMachine::EndStuck() {
  for (int c = 0; c < cpus_; ++c)
    if (!g.cpu[c].done && !cpu_[c].for_lock) EndAs(End::kUnfulfilled);
  EndAs(g.live == 0 ? End::kFinished : End::kDeadlock);
}

// The attempt comes to nothing: the CPU waits for a store to what it accesses.
void ExactMachine::PutOff(bool for_lock) {
  Attempt waited;
  waited.waited = true;
  waited.for_lock = for_lock;
  waited.may_be_promised = MayWaitForAPromise();
  waited.first = graph_.size();
  FinishAttempt(waited);
  Wait(at_.parts, at_.n_parts, waited);
}

// The lowest CPU that can go on goes on.
void ExactMachine::WakeLower() {
  if (!waits_) return;
  for (int c = 0; c < g.cur; ++c) {
    if (!cpu_[c].waiting || !CanGoOn(c)) continue;
    SwitchTo(c);
    return;
  }
}

void ExactMachine::SwitchAtRandom() {
  if (waits_) return;
  if (attempt_ > 0 && static_cast<double>(rng_.Next() >> 11) * 0x1p-53 >= switch_) return;  // who begins is always drawn
  int able[kMaxCpus], n = 0;
  for (int c = 0; c < cpus_; ++c)
    if ((c != g.cur || attempt_ == 0) && CanGoOn(c)) able[n++] = c;
  const int to = n == 0 ? g.cur : able[rng_.Below(static_cast<u64>(n))];
  if (to != g.cur) SwitchTo(to);
}

// One more turn of a loop that waits. A turn that reads what the last one read tells nothing new: the CPU waits for a store; or, if it gives up after
// some turns, goes on when nobody else can.
void ExactMachine::Spin(bool gives_up) {
  CpuState& c = cpu_[g.cur];
  const bool again = c.reads_now == c.reads_before;
  c.reads_before = c.reads_now;
  c.reads_now = 0;
  const bool newest = !std::exchange(c.read_old, false);
  if (!again || (gives_up && c.in_vain)) return;
  spun_ = true;
  if (IsReplay()) {
    c.gives_up = attempts_[attempt_].gives_up;
    FinishAttempt(attempts_[attempt_]);
  } else {
    BeginAttempt();
    Attempt waited;
    waited.waited = true;
    waited.first = now_;
    waited.gives_up = c.gives_up = gives_up && newest;  // what is there and was not read is another execution's
    FinishAttempt(waited);
  }
  Wait(nullptr, 0, {});
  c.declined = kNotThere;
}

void ExactMachine::CpuDone() {
  int next = Next(-1);
  if (next < 0) next = Unstick();
  if (next >= 0) SwitchTo(next);
  EndStuck();
}

}  // namespace ordeal::model
