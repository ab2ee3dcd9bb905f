// What may a load be promised, and which store keeps a promise?
#include <algorithm>

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
bool ExactMachine::MayWaitForAPromise() const {
  if (!promising_ || !exhaustive() || !MayPromise()) return false;
  for (int part = 0; part < at_.n_parts; ++part)
    if (AnyKnown(at_.parts[part])) return true;
  return false;
}

// By the running CPU, in this round.
bool ExactMachine::AnyKnown(int location) const {
  const size_t atom = static_cast<size_t>(graph_.atom_of(location)) * kMaxCpus;
  for (size_t cpu = 0; cpu < static_cast<size_t>(cpus_); ++cpu) {
    if (static_cast<int>(cpu) == g.cur || atom + cpu >= values_.size()) continue;
    if (std::ranges::any_of(values_[atom + cpu], [&](const Known& k) { return k.round <= round_; })) return true;
  }
  return false;
}

int ExactMachine::ToBePromised() const {
  for (int c = 0; c < cpus_; ++c)
    if (!g.cpu[c].done && cpu_[c].waiting && cpu_[c].may_be_promised) return c;
  return -1;
}

// Of a load of several parts each takes a store that is there or is promised a value, and one of them is promised one. Also an RMW that
// orders what is after it when it writes, and so needs none in a cycle: it may be the lowest that waits for what comes behind one.
void ExactMachine::OfferPromises(int part) {
  if (!MayPromise()) return;
  const int location = at_.parts[part];
  const size_t atom = static_cast<size_t>(graph_.atom_of(location)) * kMaxCpus;
  for (int cpu = 0; cpu < cpus_; ++cpu) {
    if (cpu == g.cur || atom + static_cast<size_t>(cpu) >= values_.size()) continue;
    for (const auto& [value, round] : values_[atom + static_cast<size_t>(cpu)]) {
      bool there = exhaustive() && round > round_;
      for (int k = 0; k < n_options_; ++k) there |= options_[k].move == Move::kPromise && options_[k].value == value;
      if (there) continue;
      u64 old[2] = {value, 0}, written[2];
      const bool writes = at_.access->Modify(old, written);
      const int end = static_cast<int>(graph_.co(location).size());
      for (int place = end; place > (writes ? graph_.Floor(g.cur, location) : end - 1); --place) Offer({Move::kPromise, place, value});
    }
  }
}

// The running CPU can store this value here: others may be promised it. Also in executions that come to nothing: the one in which the value is
// stored may be the one that needs the promise.
void ExactMachine::Learn(int location, u64 value) {
  const size_t atom = static_cast<size_t>(graph_.atom_of(location)) * kMaxCpus;
  for (int cpu = 0; cpu < cpus_; ++cpu)
    if (cpu == g.cur || (Symmetric() && Alike(cpu, g.cur))) LearnOf(atom + static_cast<size_t>(cpu), value);
}

void ExactMachine::LearnOf(size_t at, u64 value) {
  if (values_.size() <= at) values_.resize(at + kMaxCpus);
  std::vector<Known>& known = values_[at];
  if (std::ranges::find(known, value, &Known::value) != known.end()) return;
  known.push_back({value, round_ + 1});
  values_grew_ = true;
}

// The first in which this CPU may be promised this value here.
int ExactMachine::RoundOf(int location, int reader, u64 value) const {
  const size_t atom = static_cast<size_t>(graph_.atom_of(location)) * kMaxCpus;
  int first = round_;
  for (size_t cpu = 0; cpu < static_cast<size_t>(cpus_); ++cpu) {
    if (static_cast<int>(cpu) == reader || atom + cpu >= values_.size()) continue;
    for (const Known& k : values_[atom + cpu])
      if (k.value == value) first = std::min(first, k.round);
  }
  return first;
}

bool ExactMachine::IsOfThisRound() const {
  return std::ranges::any_of(graph_.promised(),
                             [&](int read) { return RoundOf(graph_.event(read).location, graph_.event(read).thread, graph_.value(read)) == round_; });
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

}  // namespace ordeal::model
