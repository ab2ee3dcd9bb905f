#include "memory/model/leads.h"

#include <algorithm>
#include <numeric>

namespace ordeal::model {
namespace {

// One access: its events are neighbours.
struct Whole {
  Lead lead;
  int first, last;
};

std::vector<Whole> AccessesOf(const Execution& x) {
  std::vector<Whole> all;
  for (int e = 0; e < x.graph.size(); ++e) {
    const GraphEvent& event = x.graph.events[e];
    if (event.thread == kInitialThread) continue;
    const AccessKey key = x.events[e].key;
    if (!all.empty() && all.back().lead.cpu == event.thread && all.back().lead.key == key) {
      all.back().last = e;
    } else {
      all.push_back({{static_cast<u8>(event.thread), key}, e, e});
    }
  }
  return all;
}

class Orderer {
 public:
  explicit Orderer(const Execution& x) : x_(x), all_(AccessesOf(x)), of_(static_cast<size_t>(x.graph.size()), -1) {
    for (int a = 0; a < size(); ++a)
      for (int e = all_[a].first; e <= all_[a].last; ++e)
        if (x_.graph.events[e].thread != kInitialThread) of_[e] = a;
    place_.resize(x.graph.size(), 0);
    for (const std::vector<int>& co : x_.graph.co)
      for (size_t i = 0; i < co.size(); ++i) place_[co[i]] = static_cast<int>(i);
  }

  // Sources come before who reads them. `all`: as if memory were sequentially consistent; else RMWs alone are in coherence order.
  std::vector<int> InTime(bool all) {
    before_.assign(all_.size(), {});
    for (int a = 1; a < size(); ++a)
      for (int b = a - 1; b >= 0; --b)
        if (all_[a].lead.cpu == all_[b].lead.cpu) {
          before_[a].push_back(b);
          break;
        }
    for (int e = 0; e < x_.graph.size(); ++e) {
      const GraphEvent& event = x_.graph.events[e];
      if (of_[e] < 0) continue;
      if (event.kind == GraphEvent::Kind::kRead && event.rf != kNotThere) {
        Edge(event.rf, e);
        if (all) Edge(e, After(event.rf));
      }
      if (event.kind == GraphEvent::Kind::kWrite && (all || event.partner != kNotThere)) Edge(e, After(e));
    }
    return Sorted();
  }

  std::vector<int> AsBuilt() const {
    std::vector<int> order(all_.size());
    std::iota(order.begin(), order.end(), 0);
    return order;
  }

  Leads LeadsIn(const std::vector<int>& order) const {
    std::vector<int> at(all_.size(), 0);
    for (size_t i = 0; i < order.size(); ++i) at[order[i]] = static_cast<int>(i);
    Leads leads;
    for (const int a : order) {
      leads.push_back(all_[a].lead);
      for (int e = all_[a].first; e <= all_[a].last; ++e) Decide(e, a, at, &leads.back());
    }
    return leads;
  }

 private:
  int size() const { return static_cast<int>(all_.size()); }
  // The next write in coherence, or -1.
  int After(int write) const {
    const std::vector<int>& co = x_.graph.co[x_.graph.events[write].location];
    const size_t next = static_cast<size_t>(place_[write]) + 1;
    return next < co.size() ? co[next] : -1;
  }
  void Edge(int from, int to) {
    if (from < 0 || to < 0 || of_[from] < 0 || of_[to] < 0 || of_[from] == of_[to]) return;
    before_[of_[to]].push_back(of_[from]);
  }

  // The CPU that runs goes on as long as it can, then the lowest. Empty: there is a cycle.
  std::vector<int> Sorted() const {
    std::vector<int> order;
    std::vector<bool> done(all_.size(), false);
    const auto ready = [&](int a) { return !done[a] && std::ranges::all_of(before_[a], [&](int b) { return done[b]; }); };
    int cpu = -1;
    while (order.size() < all_.size()) {
      int pick = -1;
      for (int a = 0; a < size(); ++a) {
        if (!ready(a)) continue;
        if (all_[a].lead.cpu == cpu) {
          pick = a;
          break;
        }
        if (pick < 0 || all_[a].lead.cpu < all_[pick].lead.cpu) pick = a;
      }
      if (pick < 0) return {};
      done[pick] = true;
      cpu = all_[pick].lead.cpu;
      order.push_back(pick);
    }
    return order;
  }

  // The source of a load in parts is the newest of theirs.
  void Decide(int e, int access, const std::vector<int>& at, Lead* lead) const {
    if (of_[e] < 0) return;
    const GraphEvent& event = x_.graph.events[e];
    if (event.kind == GraphEvent::Kind::kRead && event.rf != kNotThere && of_[event.rf] >= 0) {
      const AccessKey key = x_.events[event.rf].key;
      if (lead->source == kInitialValue || at[of_[event.rf]] > at[AccessOf(lead->source)]) lead->source = key;
      if (at[of_[event.rf]] > at[access]) Promise(e, lead);
    }
    if (event.kind != GraphEvent::Kind::kWrite) return;
    for (int next = After(e); next >= 0; next = After(next)) {
      if (of_[next] < 0 || at[of_[next]] >= at[access]) continue;
      lead->inserted = true;
      lead->before = x_.events[next].key;
      return;
    }
  }
  // What it reads is made later. In parts, some of which are there already: the views cannot follow.
  void Promise(int e, Lead* lead) const {
    const ExactEvent& read = x_.events[e];
    lead->promised = true;
    lead->value = read.value >> 8 * (read.address & 7);
  }
  int AccessOf(AccessKey key) const {
    for (int a = 0; a < size(); ++a)
      if (all_[a].lead.key == key) return a;
    return 0;
  }

  const Execution& x_;
  std::vector<Whole> all_;
  std::vector<int> of_;     // by event: its access, -1: an initial write
  std::vector<int> place_;  // by write: in coherence
  std::vector<std::vector<int>> before_;
};

}  // namespace

Leads LeadsOf(const Execution& execution, InOrder order) {
  Orderer orderer(execution);
  return orderer.LeadsIn(order == InOrder::kAsBuilt ? orderer.AsBuilt() : orderer.InTime(order == InOrder::kAsInterleaved));
}

Leads LeadsOf(const Trace& trace) {
  Leads leads;
  std::vector<size_t> lead_of(trace.events.size(), 0);
  for (size_t i = 0; i < trace.events.size(); ++i) {
    const TraceEvent& e = trace.events[i];
    if (e.type == EventType::kAlloc || e.type == EventType::kFree) continue;
    lead_of[i] = leads.size();
    Lead& lead = leads.emplace_back(Lead{.cpu = e.cpu, .key = e.key});
    u32 source = e.rf[0];
    if (source == kNoEvent || (e.rf[1] != kNoEvent && e.rf[1] > source)) source = e.rf[1];
    if (source != kNoEvent) lead.source = trace.events[source].key;
    lead.promised = source != kNoEvent && source > i;
    lead.value = lead.promised ? e.read[0] : 0;
  }
  // A store that was put before one that had been made already.
  for (const Trace::Location& location : trace.locations) {
    for (size_t i = 0; i < location.stores.size(); ++i) {
      const auto earlier = std::find_if(location.stores.begin() + static_cast<std::ptrdiff_t>(i), location.stores.end(),
                                        [&](u32 s) { return s < location.stores[i]; });
      if (earlier == location.stores.end()) continue;
      Lead& lead = leads[lead_of[location.stores[i]]];
      lead.inserted = true;
      lead.before = trace.events[*earlier].key;
    }
  }
  return leads;
}

}  // namespace ordeal::model
