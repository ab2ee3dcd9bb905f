#include "finding/why/nearest.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "finding/event_text.h"
#include "memory/model/trace_to_graph.h"

namespace ordeal {
namespace {

using model::GraphEvent;
using model::kNotThere;

// Where an access and (if it is in parts) which part.
struct Place {
  AccessKey key;
  int part = 0;
  auto operator<=>(const Place&) const = default;
};

// An execution by what its loads read and in which order its stores stand.
struct Shape {
  std::map<Place, AccessKey> source;
  std::map<Place, u8> cpu;
  std::map<AccessKey, AccessKey> before;  // by store: the one right before it, of its first part
};

template <class KeyOf>
Shape ShapeOf(const model::Graph& g, KeyOf key_of) {
  Shape s;
  std::map<AccessKey, int> parts;
  for (int e = 0; e < g.size(); ++e) {
    const GraphEvent& event = g.events[e];
    if (event.thread == model::kInitialThread || event.kind != GraphEvent::Kind::kRead || event.rf == kNotThere) continue;
    const Place place{key_of(e), parts[key_of(e)]++};
    s.source[place] = key_of(event.rf);
    s.cpu[place] = static_cast<u8>(event.thread);
  }
  for (const std::vector<int>& co : g.co)
    for (size_t i = 1; i < co.size(); ++i) s.before.try_emplace(key_of(co[i]), key_of(co[i - 1]));
  return s;
}

// Loads that read differently, then stores; accesses that one of them lacks count little.
size_t Distance(const Shape& a, const Shape& b) {
  size_t reads = 0, stores = 0, missing = 0;
  for (const auto& [place, source] : a.source) {
    const auto other = b.source.find(place);
    if (other == b.source.end()) {
      ++missing;
    } else {
      reads += other->second != source;
    }
  }
  for (const auto& [store, before] : a.before) {
    const auto other = b.before.find(store);
    stores += other != b.before.end() && other->second != before;
  }
  return 100 * reads + 10 * stores + missing;
}

std::string Store(AccessKey key) { return key == kInitialValue ? "the initial value" : KeyName(key); }

std::vector<Difference> Differences(const Shape& here, const Shape& there) {
  std::vector<Difference> all;
  for (const auto& [place, source] : here.source) {
    const auto other = there.source.find(place);
    if (other == there.source.end() || other->second == source) continue;
    Difference d{place.key, here.cpu.at(place), absl::StrCat("reads ", Store(source)), absl::StrCat("reads ", Store(other->second))};
    if (all.empty() || all.back().at != d.at) all.push_back(std::move(d));
  }
  if (!all.empty()) return all;
  for (const auto& [store, before] : here.before) {
    const auto other = there.before.find(store);
    if (other != there.before.end() && other->second != before)
      all.push_back({store, 0, absl::StrCat("comes right after ", Store(before)), absl::StrCat("comes right after ", Store(other->second))});
  }
  return all;
}

}  // namespace

std::vector<Difference> NearestPassing(Trials& trials, const Finding& f, model::Rung rung, const Bound& bound) {
  const model::TraceGraph t = model::TraceToGraph(f.trace);
  const Shape here =
      ShapeOf(t.graph, [&](int e) { return t.trace_event[e] == model::kNoEvent ? kInitialValue : f.trace.events[t.trace_event[e]].key; });
  std::optional<Shape> nearest;
  size_t distance = 0;
  trials.On(rung, bound, [&](const Outcome& o, const model::Execution* x) {
    if (x == nullptr || o.effect() != nullptr) return true;
    Shape there = ShapeOf(x->graph, [&](int e) { return x->graph.events[e].thread == model::kInitialThread ? kInitialValue : x->events[e].key; });
    const size_t d = Distance(here, there);
    if (d > 0 && (!nearest || d < distance)) {
      nearest = std::move(there);
      distance = d;
    }
    return true;
  });
  return nearest ? Differences(here, *nearest) : std::vector<Difference>();
}

}  // namespace ordeal
