// Keeping the trace of an execution, for the judge and for people.
#include <algorithm>

#include "memory/model/state.h"
#include "memory/site.h"

namespace ordeal::model {
namespace {

// The loads below a dependency node, each once.
void Collect(Dep d, std::vector<u32>& out) {
  if (d == 0) return;
  const DepNode& n = g.deps[d];
  if (n.left != 0) {
    Collect(n.left, out);
    Collect(n.right, out);
    return;
  }
  if (n.load_event != kNoEvent && std::find(out.begin(), out.end(), n.load_event) == out.end()) out.push_back(n.load_event);
}

Trace::Location& LocationOf(u32 granule) {
  for (Trace::Location& l : g.trace.locations)
    if (l.granule == granule) return l;
  g.trace.locations.push_back({granule, {}});
  return g.trace.locations.back();
}

}  // namespace

u32 Record(EventType type, Order order, Addr addr, u8 bytes, At at, Dep addr_dep, Dep data_dep) {
  TraceEvent e{};
  e.type = type;
  e.order = order;
  e.cpu = static_cast<u8>(g.cur);
  e.bytes = bytes;
  e.site = at.site;
  e.key = {g.me->op, g.me->k};
  e.addr = addr;
  e.rf[0] = e.rf[1] = e.newest[0] = e.newest[1] = kNoEvent;
  Collect(addr_dep, e.addr_deps);
  Collect(data_dep, e.data_deps);
  e.ctrl_deps = g.me->controls;
  e.user = g.me->user;
  e.object = g.me->object;
  e.where = at.where;
  g.trace.events.push_back(std::move(e));
  return static_cast<u32>(g.trace.events.size() - 1);
}

void RecordStorePlace(History* h, int position, u32 event) {
  if (event == kNoEvent || !g.options.record) return;
  std::vector<u32>& order = LocationOf(h->granule).stores;
  if (position == h->n_stores) {
    order.push_back(event);
    return;
  }
  const auto before = std::find(order.begin(), order.end(), h->stores[position].event);
  order.insert(before, event);
}

void MarkLifetime(EventType which, u64 address, Dep dep, u32 object, std::source_location where) {
  if (!g.options.record || g.exact != nullptr) return;
  const u32 event = Record(which, Order::kPlain, static_cast<Addr>(address - kArenaBase), 8, {kNoSite, where}, dep, 0);
  g.trace.events[event].user = true;
  g.trace.events[event].object = object;
}

const Trace& RecordedTrace() { return g.trace; }
const Decisions& RecordedDecisions() { return g.schedule.recorded(); }

}  // namespace ordeal::model
