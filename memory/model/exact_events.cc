// How does an access become events of the graph?
#include <algorithm>

#include "memory/model/exact_machine.h"
#include "memory/model/state.h"

namespace ordeal::model {

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
  const int id = graph_.AddRead(std::move(e), info);
  if (options_given_.promises) Note(id, rf == kNotThere ? Origin{FromOf(at_.parts[part], value), RoundOf(at_.parts[part], value)} : Origin());
}

void ExactMachine::AddPartWrite(int part, int place, u64 value) {
  const Access& a = *at_.access;
  GraphEvent e;
  ExactEvent info;
  FillIn(&e, &info, part);
  if (a.kind == Access::Kind::kLock || a.kind == Access::Kind::kTryLock) e.lock = LockKind::kLockWrite;
  if (a.kind == Access::Kind::kUnlock) e.lock = LockKind::kUnlock;
  e.data = DataOfWrite();
  info.value = value;
  Learn(at_.parts[part], value);
  if (!options_given_.promises) {
    graph_.AddWrite(std::move(e), info, place);
    return;
  }
  Stores from = ComputedFrom(e.data);
  Note(graph_.AddWrite(std::move(e), info, place), {std::move(from)});
}

// The reads that what the access stores was computed from.
std::vector<int> ExactMachine::DataOfWrite() const {
  const Access& a = *at_.access;
  std::vector<int> reads;
  ReadsOf(a.data_dep, &reads);
  // A fetch-op writes what it computed from what it read; an exchange does not.
  if (a.kind == Access::Kind::kAddUnless || (a.kind == Access::Kind::kRmw && a.op != RmwOp::kXchg)) {
    for (int p = 0; p < at_.n_parts; ++p) reads.push_back(at_.first + p);
  }
  return reads;
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

}  // namespace ordeal::model
