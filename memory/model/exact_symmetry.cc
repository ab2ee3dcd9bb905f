// Which of the executions that differ only by exchanging CPUs is built?
//
// The one in which the CPUs of a class are sorted. A CPU is, for this, the list of its accesses in program order, each one as the place in
// coherence of the store that it reads or is. No CPU is named in it, so exchanging CPUs exchanges the lists; two of one class run the same
// code, so up to the first difference their accesses are of the same locations; and together the lists are the execution. While the graph
// grows places shift, but of two stores the first stays the first: what is decided stays decided. Two CPUs with equal lists store nothing.
#include <algorithm>

#include "base/check.h"
#include "memory/model/exact_machine.h"
#include "memory/model/state.h"

namespace ordeal::model {

bool ExactMachine::Alike(int a, int b) const {
  const std::vector<int>& classes = options_given_.alike;
  return classes[static_cast<size_t>(a)] >= 0 && classes[static_cast<size_t>(a)] == classes[static_cast<size_t>(b)];
}

// What is not known is at least a store that is still to come: behind all places that are closed to it.
ExactMachine::Place ExactMachine::PlaceInOrder(int cpu, size_t access) const {
  const std::vector<int>& accesses = graph_.accesses(cpu);
  const CpuState& c = cpu_[cpu];
  int location = kNotThere, declined = kNotThere;
  if (access < accesses.size()) {
    const GraphEvent& e = graph_.event(accesses[access]);
    const int store = e.kind == GraphEvent::Kind::kWrite ? accesses[access] : e.rf;
    if (store != kNotThere) return {graph_.PlaceOf(store), true};
    location = e.location;
    declined = accesses[access];  // promised
  } else if (c.waiting && c.n_parts == 1) {
    location = c.parts[0];
    declined = c.declined;
  } else {
    return {0, false};
  }
  const std::vector<int>& order = graph_.co(location);
  int place = 1;
  while (place < static_cast<int>(order.size()) && order[place] <= declined && graph_.SplitsRmw(location, place)) ++place;
  return {place, false};
}

// Is CPU a, which is to come first, sure to be behind b?
bool ExactMachine::ComesToBeWrong(int a, int b) const {
  const std::vector<int>&first = graph_.accesses(a), &second = graph_.accesses(b);
  for (size_t k = 0; k < second.size(); ++k) {
    const GraphEvent& f = graph_.event(second[k]);
    if (k < first.size()) {
      const GraphEvent& e = graph_.event(first[k]);
      ORDEAL_CHECK(e.kind == f.kind && e.location == f.location, "CPUs that are said to be alike do different things");
      if (e.kind == GraphEvent::Kind::kRead && e.rf == f.rf && e.rf != kNotThere) continue;
    }
    const Place left = PlaceInOrder(a, k), right = PlaceInOrder(b, k);
    return right.known && left.least > right.least;
  }
  return false;
}

bool ExactMachine::InOrder(int cpu) const {
  for (int other = 0; other < cpus_; ++other)
    if (other != cpu && Alike(cpu, other) && ComesToBeWrong(std::min(cpu, other), std::max(cpu, other))) return false;
  return true;
}

bool ExactMachine::InOrderIfItWaits() {
  CpuState& c = cpu_[g.cur];
  const CpuState before = c;
  c.waiting = true;
  c.declined = now_ - 1;
  c.n_parts = at_.n_parts;
  std::copy(at_.parts, at_.parts + at_.n_parts, c.parts);
  const bool in_order = InOrder(g.cur);
  c = before;
  return in_order;
}

// Whoever is in a deadlock waits for a lock, and so comes behind the others.
bool ExactMachine::AllInOrder() const {
  for (int a = 0; a < cpus_; ++a)
    for (int b = a + 1; b < cpus_; ++b)
      if (Alike(a, b) && ComesToBeWrong(a, b)) return false;
  return true;
}

// n! for each class, over m! for each m that do the same.
void ExactMachine::CountOrbit(Execution* x) const {
  int members[kMaxCpus] = {}, same[kMaxCpus] = {};  // so far, by the lowest CPU of the class, or that does the same
  for (int cpu = 0; cpu < cpus_; ++cpu) {
    x->same_as[cpu] = cpu;
    if (!Symmetric()) continue;
    int lowest = cpu;
    for (int other = cpu; other-- > 0;) {
      if (!Alike(cpu, other)) continue;
      lowest = other;
      const std::vector<int>&mine = graph_.accesses(cpu), &its = graph_.accesses(other);
      const auto equal = [&](int e, int f) { return graph_.event(e).kind == GraphEvent::Kind::kRead && graph_.event(e).rf == graph_.event(f).rf; };
      if (std::ranges::equal(mine, its, equal)) x->same_as[cpu] = other;
    }
    x->orbit *= static_cast<u64>(++members[lowest]);
    const int group = ++same[x->same_as[cpu]];
    x->orbit /= static_cast<u64>(group);
  }
}

}  // namespace ordeal::model
