// What may one access do, given what has happened so far?
#include <algorithm>

#include "base/check.h"
#include "memory/model/access.h"
#include "memory/model/exact_machine.h"

namespace ordeal::model {

bool Access::Modify(const u64 old[2], u64 out[2]) const {
  out[0] = operand[0];
  out[1] = operand[1];
  switch (kind) {
    case Kind::kLoad: return false;
    case Kind::kStore:
    case Kind::kUnlock:
    case Kind::kLock: return true;
    case Kind::kTryLock: return old[0] == 0;
    case Kind::kCas: return old[0] == expected[0] && old[1] == expected[1];
    case Kind::kAddUnless:
    case Kind::kRmw: break;
  }
  if (kind == Kind::kAddUnless && old[0] == expected[0]) return false;
  out[0] = Apply(kind == Kind::kAddUnless ? RmwOp::kAdd : op, old[0], operand[0]) & BitsOf(MaskOf(address, bytes));
  return true;
}

bool ExactMachine::Attempted() {
  BeginAttempt();
  const Access& access = *at_.access;
  if (!graph_.Locate(access.address, access.bytes, at_.parts, &at_.n_parts)) EndAs(End::kSplit);
  at_.first = graph_.size();
  fits_ = true;
  Track();  // the initial values of locations that are new
  at_.backward = at_.wrote = false;
  at_.fresh = cpu_[g.cur].declined == kNotThere || !waits_;
  at_.old[0] = at_.old[1] = 0;
  if (access.reads()) {
    for (int part = 0; part < at_.n_parts; ++part) {
      if (!ReadPart(part)) return false;
    }
  } else {
    access.Modify(at_.old, at_.written);
    at_.wrote = true;
    for (int part = 0; part < at_.n_parts; ++part) WritePart(part);
  }
  if (at_.wrote) KeepPromises();
  return true;
}

bool ExactMachine::ReadPart(int part) {
  const Access::Kind kind = at_.access->kind;
  n_options_ = 0;
  const bool asked = cpu_[g.cur].asked;
  OfferStores(part);
  if (kind == Access::Kind::kLock && n_options_ == 0) {
    PutOff(!declined_free_);
    return false;
  }
  if (part == 0) {
    could_promise_ |= MayPromise();
    if (waits_ && !asked && (Next(g.cur) >= 0 || MayWaitForAPromise() || ToBePromised() >= 0)) Offer({Move::kWait});
  }
  if (promising_ && (asked || !exhaustive())) OfferPromises(part);
  const Option o = Ask(part, &ExactMachine::TestPlace);
  if (o.move == Move::kWait) {
    PutOff(false);
    return false;
  }
  ORDEAL_CHECK(Apply(part, o), "an option that was possible is not any more");
  return true;
}

void ExactMachine::OfferStores(int part) {
  const int location = at_.parts[part];
  const std::vector<int>& order = graph_.co(location);
  const int newest = static_cast<int>(order.size()) - 1;
  const int floor = graph_.Floor(g.cur, location);
  const bool need_fresh = part + 1 == at_.n_parts && !at_.fresh;
  declined_free_ = false;
  for (int k = newest; k >= floor; --k) {
    const Option o{k == newest ? Move::kNewest : Move::kStale, k};
    // A lock that can be taken from no store is waited for, which may be a deadlock: so what the axioms refuse is no offer.
    if (at_.access->kind == Access::Kind::kLock && (graph_.value(order[k]) != 0 || graph_.SplitsRmw(location, k + 1) || !Judged(part, o))) continue;
    if (need_fresh && order[k] <= cpu_[g.cur].declined) {
      declined_free_ = true;
      continue;
    }
    Offer(o);
  }
}

void ExactMachine::OfferPlaces(int part) {
  const int location = at_.parts[part];
  const int end = static_cast<int>(graph_.co(location).size());
  Offer({Move::kAppend, end});
  for (int place = end - 1; place > graph_.Floor(g.cur, location); --place) {
    if (!graph_.SplitsRmw(location, place)) Offer({Move::kInsert, place});
  }
}

void ExactMachine::WritePart(int part) {
  n_options_ = 0;
  OfferPlaces(part);
  ORDEAL_CHECK(Apply(part, Ask(part, &ExactMachine::TestPlace)), "a place that was possible is not any more");
}

bool ExactMachine::Apply(int part, const Option& o) {
  const int location = at_.parts[part];
  if (o.move == Move::kAppend || o.move == Move::kInsert) {
    at_.backward |= o.move == Move::kInsert;
    AddPartWrite(part, o.place, at_.written[GranuleOf(part)] & BitsOf(graph_.bytes_of(location)));
    Track();
    return true;
  }
  if (o.move == Move::kPromise) {
    at_.place[part] = o.place - 1;
    at_.fresh = true;
    AddPartRead(part, kNotThere, o.value);
  } else {
    const int source = graph_.co(location)[o.place];
    at_.place[part] = o.place;
    at_.backward |= o.move == Move::kStale;
    at_.fresh |= source > cpu_[g.cur].declined;
    AddPartRead(part, source, graph_.value(source));
  }
  if (!Deferring()) Track();
  if (part + 1 < at_.n_parts) return true;
  const bool possible = ApplyRmw();
  if (Deferring() && possible) TrackInstruction();
  return possible;
}

// All parts are read: does the access write? Each half goes right behind the store that its part read.
bool ExactMachine::ApplyRmw() {
  at_.old[0] = at_.old[1] = 0;
  for (int part = 0; part < at_.n_parts; ++part) at_.old[GranuleOf(part)] |= graph_.value(at_.first + part);
  at_.wrote = at_.access->Modify(at_.old, at_.written);
  if (!at_.wrote) return true;
  for (int part = 0; part < at_.n_parts; ++part) {
    const int location = at_.parts[part], place = at_.place[part] + 1;
    const u64 value = at_.written[GranuleOf(part)] & BitsOf(graph_.bytes_of(location));
    if (graph_.SplitsRmw(location, place)) {
      Learn(location, value);
      return false;
    }
    at_.backward |= place != static_cast<int>(graph_.co(location).size());
    AddPartWrite(part, place, value);
    graph_.MakeRmw(at_.first + part, graph_.size() - 1);
    if (!Deferring()) Track();
  }
  return true;
}

// Is this access or another one of its location plain?
bool ExactMachine::PlainHere(int part) const {
  if (at_.access->order == Order::kPlain) return true;
  for (int cpu = 0; cpu < cpus_; ++cpu)
    if (graph_.AnyPlain(cpu, at_.parts[part])) return true;
  return false;
}

bool ExactMachine::Test(int part, const Option& o) {
  if (!Symmetric()) return Judged(part, o);
  if (o.move == Move::kWait) return InOrderIfItWaits();
  const Current before = at_;
  const int events = graph_.size();
  const bool in_order = Apply(part, o) && InOrder(g.cur);
  TakeBack(before, events);
  return in_order && Judged(part, o);
}

bool ExactMachine::Judged(int part, const Option& o) {
  if (o.move == Move::kWait || o.move == Move::kAppend) return true;
  if (o.move == Move::kNewest && !at_.backward) return true;
  const Current before = at_;
  const int events = graph_.size();
  bool possible = Apply(part, o);
  if (possible && at_.backward) {
    if (!Tracking() || (Deferring() && part + 1 < at_.n_parts)) {
      possible = Allowed();
    } else {
      result_.refused += !fits_;
      possible = fits_ && (!PlainHere(part) || Allowed());  // plain-coherence is for the axioms as a whole
    }
  }
  TakeBack(before, events);
  return possible;
}

void ExactMachine::TakeBack(const Current& before, int events) {
  at_ = before;
  ShrinkTo(events);
  if (Deferring() && prefix_.size() > at_.first) prefix_.Rewind(at_.first);  // the instruction was tracked as a whole, with its earlier parts
  fits_ = true;
}

}  // namespace ordeal::model
