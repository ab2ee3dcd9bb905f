// What may a load be promised, and which store keeps a promise?
#include <algorithm>
#include <iterator>
#include <optional>

#include "memory/model/access.h"
#include "memory/model/exact_machine.h"
#include "memory/model/state.h"

namespace ordeal::model {

namespace {

bool OrdersLater(const Access& a) { return a.order == Order::kAcquire || a.order == Order::kFull; }
// It may turn out to be a read, which orders nothing.
bool MayFail(const Access& a) { return a.kind == Access::Kind::kCas || a.kind == Access::Kind::kAddUnless || a.kind == Access::Kind::kTryLock; }

}  // namespace

// May this load return a value that some other CPU is known to store here? Where nobody knows the code, not if it acquires: what is
// marked after it is ordered behind it, and in a cycle of po | rf some load has a later store that is not. An RMW in several parts is promised
// nothing: loops of cmpxchg_double are common, and each turn could be promised something else.
bool ExactMachine::MayPromise() const {
  const Access& a = *at_.access;
  if (!options_given_.promises || a.kind == Access::Kind::kLock || Deferring()) return false;
  if (options_given_.may_promise != nullptr) return options_given_.may_promise(self_, g.cur, g.me->op);
  return MayFail(a) || !OrdersLater(a);
}

// Exhaustive: a load is promised a value only after it was put off, when nobody can go on, and then the lowest CPU's. So which loads of an
// execution are promised what, and when, is a function of the execution.
bool ExactMachine::MayWaitForAPromise() { return promising_ && exhaustive() && MayPromise() && AnotherStores() && RoomForAPromise(); }

bool ExactMachine::RoomForAPromise() {
  const int most = options_given_.max_promises;
  const bool room = most < 0 || std::ranges::count_if(graph_.promised(), [&](int read) { return read < now_; }) < most;
  chains_left_out_ |= !room;
  return room;
}

bool ExactMachine::MayBring(int cpu) const { return cpu != g.cur && !g.cpu[cpu].done; }

// Can another CPU still store here, as far as was known when promises began? What a later round learns must not change who waits: an execution would be
// built in another way.
bool ExactMachine::AnotherStores() const {
  for (int part = 0; part < at_.n_parts; ++part) {
    const size_t atom = static_cast<size_t>(graph_.atom_of(at_.parts[part])) * kMaxCpus;
    for (size_t cpu = 0; cpu < static_cast<size_t>(cpus_) && atom + cpu < values_.size(); ++cpu)
      if (MayBring(static_cast<int>(cpu)) && std::ranges::any_of(values_[atom + cpu], &Known::from_the_beginning)) return true;
  }
  return false;
}

// There was room when it began to wait; others may have been promised something meanwhile.
int ExactMachine::ToBePromised() {
  for (int c = 0; c < cpus_; ++c)
    if (!g.cpu[c].done && cpu_[c].waiting && cpu_[c].may_be_promised) return RoomForAPromise() ? c : -1;
  return -1;
}

// Of a load of several parts each takes a store that is there or is promised a value, and one of them is promised one. Also an RMW that
// orders what is after it when it writes, and so needs none in a cycle: it may be the lowest that waits for what comes behind one.
void ExactMachine::OfferPromises(int part) {
  if (!MayPromise()) return;
  const int location = at_.parts[part];
  const size_t atom = static_cast<size_t>(graph_.atom_of(location)) * kMaxCpus;
  for (int cpu = 0; cpu < cpus_; ++cpu) {
    if (!MayBring(cpu) || atom + static_cast<size_t>(cpu) >= values_.size()) continue;
    for (const Known& k : values_[atom + static_cast<size_t>(cpu)]) {
      const u64 value = k.value;
      bool there = exhaustive() && k.round > round_;
      for (int o = 0; o < n_options_; ++o) there |= options_[o].move == Move::kPromise && options_[o].value == value;
      if (there) continue;
      u64 old[2] = {value, 0}, written[2];
      const bool writes = at_.access->Modify(old, written);
      const int end = static_cast<int>(graph_.co(location).size());
      for (int place = end; place > (writes ? graph_.Floor(g.cur, location) : end - 1); --place) Offer({Move::kPromise, place, value});
    }
  }
}

// The access has stored: loads that were promised such a value may turn out to have read it.
void ExactMachine::KeepPromises() {
  const int end = graph_.size();
  for (int write = at_.first; write < end; ++write) {
    if (graph_.event(write).kind != GraphEvent::Kind::kWrite) continue;
    for (size_t k = 0; k < graph_.promised().size(); ++k) {
      const int read = graph_.promised()[k];
      const GraphEvent& r = graph_.event(read);
      if (r.rf != kNotThere || r.location != graph_.event(write).location || r.thread == g.cur || graph_.value(read) != graph_.value(write)) continue;
      n_options_ = 0;
      Offer({Move::kKeep, read});
      Offer({Move::kDoNotKeep, read});
      if (Ask(write, &ExactMachine::TestPromise).move == Move::kKeep) graph_.Bind(read, write);
    }
  }
}

bool ExactMachine::TestKeep(int read, int write) {
  const int partner = graph_.event(read).partner;
  if (partner != kNotThere && graph_.PlaceOf(partner) != graph_.PlaceOf(write) + 1) return false;
  graph_.Bind(read, write);
  const bool allowed = (!Symmetric() || InOrder(graph_.event(read).thread)) && Allowed();
  graph_.Bind(read, kNotThere);
  return allowed;
}

bool ExactMachine::IsOpen(int read) const { return read < now_ && (graph_.event(read).rf == kNotThere || graph_.event(read).rf >= now_); }

bool ExactMachine::PromisesAreKept() const {
  return std::ranges::none_of(graph_.promised(), [&](int read) { return IsOpen(read); });
}

OpenPromises ExactMachine::PromisesOpen() const {
  int last = kNotThere;  // the CPU's
  for (const int e : graph_.accesses(g.cur))
    if (e < now_) last = graph_.event(e).instruction;
  OpenPromises open;
  for (const int read : graph_.promised()) {
    if (!IsOpen(read)) continue;
    const bool is_last = graph_.event(read).thread == g.cur && graph_.event(read).instruction == last;
    (is_last ? open.last : open.others) = true;
  }
  return open;
}

void ExactMachine::StopWhenKept() {
  if (PromisesAreKept()) Abandon(Ending::kStopped);
  stopping_ = true;
}

}  // namespace ordeal::model
