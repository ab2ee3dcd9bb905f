// Which values may be promised, from when on, and by way of which stores were they computed?
#include <algorithm>
#include <iterator>
#include <optional>

#include "memory/model/access.h"
#include "memory/model/exact_machine.h"
#include "memory/model/state.h"

namespace ordeal::model {

// The access by its key, and which write with this key of its CPU it makes: code in a loop comes again. Not where it stands among its CPU's accesses:
// how long a CPU waited is no matter.
u64 ExactMachine::NameOfWrite() const {
  const AccessKey key{g.me->op, g.me->k};
  const u64 before = static_cast<u64>(std::ranges::count_if(
      graph_.accesses(g.cur), [&](int e) { return graph_.event(e).kind == GraphEvent::Kind::kWrite && graph_.info()[e].key == key; }));
  return u64{key.op} << 48 | u64{key.k} << 32 | before;
}

void ExactMachine::Note(int event, Origin origin) {
  if (origins_.size() <= static_cast<size_t>(event)) origins_.resize(static_cast<size_t>(event) + 1);
  origins_[event] = std::move(origin);
}

ExactMachine::Stores ExactMachine::ComputedFrom(const std::vector<int>& reads) const {
  Stores all;
  for (const int read : reads) {
    const int source = graph_.event(read).rf == kNotThere ? read : graph_.event(read).rf;
    if (origins_.size() <= static_cast<size_t>(source)) continue;
    Stores both;
    std::ranges::set_union(all, origins_[source].from, std::back_inserter(both));
    all = std::move(both);
  }
  return all;
}

ExactMachine::Stores ExactMachine::FromOf(int location, u64 value) const {
  const size_t atom = static_cast<size_t>(graph_.atom_of(location)) * kMaxCpus;
  std::optional<Stores> all;
  for (size_t cpu = 0; cpu < static_cast<size_t>(cpus_) && atom + cpu < values_.size(); ++cpu) {
    for (const Known& k : values_[atom + cpu]) {
      if (k.value != value || !MayBring(static_cast<int>(cpu))) continue;
      Stores both;
      if (all) std::ranges::set_intersection(*all, k.from, std::back_inserter(both));
      all = all ? std::move(both) : k.from;
    }
  }
  return all.value_or(Stores());
}

// The running CPU can store this value here: others may be promised it. Also in executions that come to nothing: the one in which the value is
// stored may be the one that needs the promise. But not if the value was computed from itself: out of thin air, which no rung with dependencies allows,
// and there is no end of such values.
void ExactMachine::Learn(int location, u64 value) {
  if (!options_given_.promises) return;
  Stores from = ComputedFrom(DataOfWrite());
  const u64 name = NameOfWrite();
  const auto place = std::ranges::lower_bound(from, name);
  if (place != from.end() && *place == name && options_given_.rung != Rung::kCoherence) return;
  from.insert(place, name);
  // What one CPU can store those that are alike can, by stores of their own: whose names are not at hand.
  const size_t atom = static_cast<size_t>(graph_.atom_of(location)) * kMaxCpus;
  for (int cpu = 0; cpu < cpus_; ++cpu)
    if (cpu == g.cur || (Symmetric() && Alike(cpu, g.cur))) LearnOf(atom + static_cast<size_t>(cpu), value, cpu == g.cur ? from : Stores());
}

void ExactMachine::LearnOf(size_t at, u64 value, Stores from) {
  if (values_.size() <= at) values_.resize(at + kMaxCpus);
  std::vector<Known>& known = values_[at];
  const auto same = std::ranges::find(known, value, &Known::value);
  if (same != known.end()) {
    Stores both;
    std::ranges::set_intersection(same->from, from, std::back_inserter(both));
    same->from = std::move(both);
    return;
  }
  // A store where nobody had seen one: all that waited in vain for it is to be done again.
  storers_grew_ |= promising_ && exhaustive() && std::ranges::none_of(known, &Known::from_the_beginning);
  known.push_back({value, round_ + 1, std::move(from)});
  values_grew_ = true;
}

void ExactMachine::LearnFromClient() {
  if (!options_given_.promises || !Buffers()) return;
  for (const auto& [address, bytes, cpu, value] : options_given_.storable) {
    int parts[GrowingGraph::kMaxParts], n_parts = 0;
    // Of what it splits nothing is known yet but from here.
    while (!graph_.Locate(Checked(address, bytes), bytes, parts, &n_parts)) graph_.ForgetEvents();
    for (int part = 0; part < n_parts; ++part) {
      const u64 here = value << address % 8 * 8 & BitsOf(graph_.bytes_of(parts[part]));
      const size_t at = static_cast<size_t>(graph_.atom_of(parts[part])) * kMaxCpus + static_cast<size_t>(cpu);
      if (values_.size() <= at) values_.resize(at + kMaxCpus);
      if (std::ranges::find(values_[at], here, &Known::value) == values_[at].end()) values_[at].push_back({here, 1, {}});
    }
  }
  graph_.ForgetEvents();
}

// The first round in which the running CPU may be promised this value here.
int ExactMachine::RoundOf(int location, u64 value) const {
  const size_t atom = static_cast<size_t>(graph_.atom_of(location)) * kMaxCpus;
  int first = round_;
  for (size_t cpu = 0; cpu < static_cast<size_t>(cpus_) && atom + cpu < values_.size(); ++cpu) {
    if (!MayBring(static_cast<int>(cpu))) continue;
    for (const Known& k : values_[atom + cpu])
      if (k.value == value) first = std::min(first, k.round);
  }
  return first;
}

bool ExactMachine::IsOfThisRound() const {
  return std::ranges::any_of(graph_.promised(), [&](int read) { return origins_[read].round == round_; });
}

}  // namespace ordeal::model
