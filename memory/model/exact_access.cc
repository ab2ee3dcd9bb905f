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
  const u64 all = BitsOf(MaskOf(address, bytes));
  const u64 a = kind == Kind::kAddUnless || op == RmwOp::kAdd ? old[0] + operand[0]
                : op == RmwOp::kSub                           ? old[0] - operand[0]
                : op == RmwOp::kAnd                           ? old[0] & operand[0]
                : op == RmwOp::kOr                            ? old[0] | operand[0]
                : op == RmwOp::kXor                           ? old[0] ^ operand[0]
                : op == RmwOp::kAndNot                        ? old[0] & ~operand[0]
                                                              : operand[0];
  out[0] = a & all;
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
  OfferStores(part);
  if (kind == Access::Kind::kLock && n_options_ == 0) {
    PutOff(!declined_free_);
    return false;
  }
  if (part == 0) {
    if (waits_ && Next(g.cur) >= 0) Offer({Move::kWait});
    if (at_.n_parts == 1) OfferPromises(part);
  }
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
    if (at_.access->kind == Access::Kind::kLock && (graph_.value(order[k]) != 0 || graph_.SplitsRmw(location, k + 1))) continue;
    if (need_fresh && order[k] <= cpu_[g.cur].declined) {
      declined_free_ = true;
      continue;
    }
    Offer({k == newest ? Move::kNewest : Move::kStale, k});
  }
}

// May this load return a value that some other CPU is known to store here? Where nobody knows the code, not if it acquires: what is
// marked after it is ordered behind it, and in a cycle of po | rf some load has a later store that is not.
namespace {

bool OrdersLater(const Access& a) { return a.order == Order::kAcquire || a.order == Order::kFull; }
// It may turn out to be a read, which orders nothing.
bool MayFail(const Access& a) { return a.kind == Access::Kind::kCas || a.kind == Access::Kind::kAddUnless || a.kind == Access::Kind::kTryLock; }

}  // namespace

bool ExactMachine::MayPromise() const {
  const Access& a = *at_.access;
  if (!options_given_.promises || a.kind == Access::Kind::kLock) return false;
  if (options_given_.may_promise != nullptr) return options_given_.may_promise(self_, g.cur, g.me->op);
  return MayFail(a) || !OrdersLater(a);
}

void ExactMachine::OfferPromises(int part) {
  if (!MayPromise()) return;
  could_promise_ = true;
  if (!promising_) return;
  const int location = at_.parts[part];
  const size_t atom = static_cast<size_t>(graph_.atom_of(location)) * kMaxCpus;
  for (int cpu = 0; cpu < cpus_; ++cpu) {
    if (cpu == g.cur || atom + static_cast<size_t>(cpu) >= values_.size()) continue;
    for (const u64 value : values_[atom + static_cast<size_t>(cpu)]) {
      bool there = false;
      for (int k = 0; k < n_options_; ++k) there |= options_[k].move == Move::kPromise && options_[k].value == value;
      if (there) continue;
      u64 old[2] = {value, 0}, written[2];
      const bool writes = at_.access->Modify(old, written);
      if (writes && OrdersLater(*at_.access) && options_given_.may_promise == nullptr) continue;
      const int end = static_cast<int>(graph_.co(location).size());
      for (int place = end; place > (writes ? graph_.Floor(g.cur, location) : end - 1); --place) Offer({Move::kPromise, place, value});
    }
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
    Learn(location, at_.written[GranuleOf(part)] & BitsOf(graph_.bytes_of(location)));
    if (graph_.SplitsRmw(location, place)) return false;
    at_.backward |= place != static_cast<int>(graph_.co(location).size());
    AddPartWrite(part, place, at_.written[GranuleOf(part)] & BitsOf(graph_.bytes_of(location)));
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
  ShrinkTo(events);
  fits_ = true;
  at_ = before;
  return possible;
}

void ExactMachine::AddPartRead(int part, int rf, u64 value) {
  GraphEvent e;
  ExactEvent info;
  FillIn(&e, &info, part);
  if (at_.access->kind == Access::Kind::kLock) e.lock = LockKind::kLockRead;
  if (at_.access->kind == Access::Kind::kTryLock) {  // lock.cat: one that fails is a read without order
    if (value == 0) e.lock = LockKind::kLockRead;
    if (value != 0) e.order = Order::kOnce;
  }
  e.rf = rf;
  if (at_.n_parts == 1) {  // the write half comes at once; of several parts the last one decides
    u64 old[2] = {}, written[2];
    old[GranuleOf(part)] = value;
    if (at_.access->Modify(old, written)) e.partner = graph_.size() + 1;
  }
  info.value = value;
  graph_.AddRead(std::move(e), info);
}

void ExactMachine::AddPartWrite(int part, int place, u64 value) {
  const Access& a = *at_.access;
  GraphEvent e;
  ExactEvent info;
  FillIn(&e, &info, part);
  if (a.kind == Access::Kind::kLock || a.kind == Access::Kind::kTryLock) e.lock = LockKind::kLockWrite;
  if (a.kind == Access::Kind::kUnlock) e.lock = LockKind::kUnlock;
  ReadsOf(a.data_dep, &e.data);
  // A fetch-op writes what it computed from what it read; an exchange does not.
  if (a.kind == Access::Kind::kAddUnless || (a.kind == Access::Kind::kRmw && a.op != RmwOp::kXchg)) {
    for (int p = 0; p < at_.n_parts; ++p) e.data.push_back(at_.first + p);
  }
  info.value = value;
  graph_.AddWrite(std::move(e), info, place);
  Learn(at_.parts[part], value);
}

// The running CPU can store this value here: others may be promised it. Also in executions that come to nothing: the one in which the value is
// stored may be the one that needs the promise.
void ExactMachine::Learn(int location, u64 value) {
  const size_t at = static_cast<size_t>(graph_.atom_of(location)) * kMaxCpus + static_cast<size_t>(g.cur);
  if (values_.size() <= at) values_.resize(at + kMaxCpus);
  std::vector<u64>& known = values_[at];
  if (std::ranges::find(known, value) != known.end()) return;
  known.push_back(value);
  values_grew_ = true;
}

void ExactMachine::FillIn(GraphEvent* e, ExactEvent* info, int part) const {
  const Access& a = *at_.access;
  e->thread = g.cur;
  e->instruction = static_cast<int>(attempt_);
  e->location = at_.parts[part];
  e->order = IsBarrier(a.order) ? Order::kOnce : a.order;  // a planted kNone takes the order away, not the access
  e->rmw = a.kind == Access::Kind::kRmw || a.kind == Access::Kind::kCas || a.kind == Access::Kind::kAddUnless;
  ReadsOf(a.addr_dep, &e->addr);
  for (const u32 attempt : g.me->controls) {
    for (int r = 0; r < attempts_[attempt].reads; ++r) e->ctrl.push_back(attempts_[attempt].first + r);
  }
  info->address = a.address;
  info->key = {g.me->op, g.me->k};
  info->site = a.at.site;
  info->where = a.at.where;
}

void ExactMachine::ReadsOf(Dep d, std::vector<int>* out) const {
  if (d == 0) return;
  const DepNode& n = g.deps[d];
  if (n.left != 0) {
    ReadsOf(n.left, out);
    ReadsOf(n.right, out);
    return;
  }
  const Attempt& a = attempts_[n.load_event];
  for (int r = a.first; r < a.first + a.reads; ++r)
    if (std::find(out->begin(), out->end(), r) == out->end()) out->push_back(r);
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
  const bool allowed = Allowed();
  graph_.Bind(read, kNotThere);
  return allowed;
}

}  // namespace ordeal::model
