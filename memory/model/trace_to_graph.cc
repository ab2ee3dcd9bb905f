#include "memory/model/trace_to_graph.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "base/check.h"
#include "memory/geometry.h"

namespace ordeal::model {
namespace {

constexpr u32 kGranuleBytes = 8;

// The part of an access that lies in one granule.
struct Piece {
  u32 granule;
  int index;  // into TraceEvent::rf
  u8 bytes;
};

std::vector<Piece> PiecesOf(const TraceEvent& e) {
  std::vector<Piece> pieces;
  const u32 first = e.addr / kGranuleBytes;
  for (u32 byte = e.addr; byte < e.addr + e.bytes; byte++) {
    const u32 granule = byte / kGranuleBytes;
    if (pieces.empty() || pieces.back().granule != granule) pieces.push_back({granule, static_cast<int>(granule - first), 0});
    pieces.back().bytes |= static_cast<u8>(1u << byte % kGranuleBytes);
  }
  ORDEAL_CHECK(pieces.size() <= std::size(e.rf), "an access lies in more than two granules");
  return pieces;
}

bool Reads(EventType t) { return t == EventType::kLoad || t == EventType::kRmw || t == EventType::kRmwFailed || t == EventType::kLock; }
bool IsMark(EventType t) { return t == EventType::kAlloc || t == EventType::kFree; }
bool Writes(EventType t) { return IsMark(t) || t == EventType::kStore || t == EventType::kRmw || t == EventType::kLock || t == EventType::kUnlock; }

LockKind LockOf(EventType t, GraphEvent::Kind half) {
  if (t == EventType::kUnlock) return LockKind::kUnlock;
  if (t != EventType::kLock) return LockKind::kNone;
  return half == GraphEvent::Kind::kRead ? LockKind::kLockRead : LockKind::kLockWrite;
}

// Splits the atoms at the edges of one more access.
void Refine(std::vector<u8>& atoms, u8 access) {
  const size_t before = atoms.size();
  for (size_t k = 0; k < before; k++) {
    const u8 inside = atoms[k] & access, outside = atoms[k] & ~access;
    access &= ~inside;
    if (inside == 0 || outside == 0) continue;
    atoms[k] = inside;
    atoms.push_back(outside);
  }
  if (access != 0) atoms.push_back(access);
}

class Converter {
 public:
  Converter(const Trace& trace, Keep keep) : trace_(trace), keep_(keep), reads_(trace.events.size()), writes_(trace.events.size()) {}

  TraceGraph Run() && {
    MakeLocations();
    for (u32 id = 0; id < trace_.events.size(); id++) {
      if (Kept(trace_.events[id])) AddEvents(id);
    }
    for (const Trace::Location& l : trace_.locations) orders_[l.granule] = &l.stores;
    AddCoherence();
    for (u32 id = 0; id < trace_.events.size(); id++) {
      if (reads_[id].empty() && writes_[id].empty()) continue;
      AddReadsFrom(id);
      AddDependencies(id);
    }
    return std::move(out_);
  }

 private:
  bool Kept(const TraceEvent& e) const { return keep_ == Keep::kEverything ? !IsMark(e.type) : e.user; }
  bool IsObject(const TraceEvent& e) const { return keep_ == Keep::kUserOnly && e.object != 0 && e.type != EventType::kFence; }
  u32 ObjectOf(const TraceEvent& e) const { return keep_ == Keep::kUserOnly ? e.object : 0; }

  // An access to an object counts by CPU, whatever its bytes; a free is one to all of them.
  std::vector<Piece> PiecesHere(const TraceEvent& e) const {
    if (!IsObject(e)) return PiecesOf(e);
    std::vector<Piece> pieces;
    for (u32 cpu = 0; cpu < static_cast<u32>(kMaxCpus); ++cpu)
      if (e.type == EventType::kFree || cpu == e.cpu) pieces.push_back({cpu, 0, 0xff});
    return pieces;
  }

  void MakeLocations() {
    std::map<std::pair<u32, u32>, std::vector<u8>> atoms;
    for (const TraceEvent& e : trace_.events) {
      if (!Kept(e) || e.type == EventType::kFence) continue;
      for (const Piece& p : PiecesHere(e)) Refine(atoms[{ObjectOf(e), p.granule}], p.bytes);
    }
    for (auto& [where, masks] : atoms) {
      std::ranges::sort(masks, {}, [](u8 mask) { return mask & -mask; });
      for (u8 mask : masks) {
        const int location = static_cast<int>(out_.locations.size());
        out_.locations.push_back({where.first, where.second, mask});
        locations_at_[where].push_back(location);
        GraphEvent initial;
        initial.location = location;
        out_.graph.co.push_back({Add(std::move(initial), kNoEvent)});
      }
    }
  }

  int Add(GraphEvent e, u32 id) {
    out_.trace_event.push_back(id);
    return out_.graph.Add(std::move(e));
  }

  void AddEvents(u32 id) {
    const TraceEvent& e = trace_.events[id];
    GraphEvent g;
    g.thread = e.cpu;
    g.instruction = static_cast<int>(id);
    if (e.type == EventType::kFence) {
      g.kind = GraphEvent::Kind::kFence;
      g.fence = FenceOf(e.order);
      Add(std::move(g), id);
      return;
    }
    // A planted kNone takes the order away from an access, not the access.
    g.order = IsBarrier(e.order) ? Order::kOnce : e.order;
    g.rmw = e.type == EventType::kRmw || e.type == EventType::kRmwFailed;
    if (Reads(e.type)) reads_[id] = AddHalf(g, id, GraphEvent::Kind::kRead);
    if (Writes(e.type)) writes_[id] = AddHalf(g, id, GraphEvent::Kind::kWrite);
    if (!Reads(e.type) || !Writes(e.type)) return;
    for (size_t k = 0; k < reads_[id].size(); k++) {
      Event(reads_[id][k]).partner = writes_[id][k];
      Event(writes_[id][k]).partner = reads_[id][k];
    }
  }

  // One event per atom.
  std::vector<int> AddHalf(GraphEvent g, u32 id, GraphEvent::Kind kind) {
    std::vector<int> half;
    g.kind = kind;
    g.lock = LockOf(trace_.events[id].type, kind);
    for (const Piece& p : PiecesHere(trace_.events[id])) {
      for (int location : locations_at_[{ObjectOf(trace_.events[id]), p.granule}]) {
        if ((out_.locations[location].bytes & p.bytes) == 0) continue;
        g.location = location;
        half.push_back(Add(g, id));
      }
    }
    return half;
  }

  // The trace's order of a granule, less the stores that do not touch the atom.
  void AddCoherence() {
    for (u32 id = 0; id < trace_.events.size(); id++) {  // of an object, CPU by CPU: as they came
      if (!Kept(trace_.events[id]) || !IsObject(trace_.events[id])) continue;
      for (int read : reads_[id]) Event(read).rf = out_.graph.co[Event(read).location].back();
      for (int write : writes_[id]) out_.graph.co[Event(write).location].push_back(write);
    }
    for (const auto& [granule, stores] : orders_) {
      for (u32 store : *stores) {
        if (IsObject(trace_.events[store])) continue;
        for (int write : writes_[store]) {
          const int location = Event(write).location;
          if (out_.locations[location].granule == granule) out_.graph.co[location].push_back(write);
        }
      }
    }
    size_t ordered = 0, written = out_.locations.size();
    for (const auto& order : out_.graph.co) ordered += order.size();
    for (const auto& writes : writes_) written += writes.size();
    ORDEAL_CHECK(ordered == written, "a store is missing from the trace's modification orders, or is there twice");
  }

  void AddReadsFrom(u32 id) {
    if (IsObject(trace_.events[id])) return;
    for (int read : reads_[id]) {
      const u32 granule = out_.locations[Event(read).location].granule;
      const u32 newest = trace_.events[id].rf[granule - trace_.events[id].addr / kGranuleBytes];
      Event(read).rf = NewestAt(Event(read).location, granule, newest);
    }
  }

  // The newest write of the location at or before `store` in its granule's order.
  int NewestAt(int location, u32 granule, u32 store) {
    const int initial = out_.graph.co[location].front();
    if (store == kNoEvent) return initial;
    const std::vector<u32>& stores = *orders_.at(granule);
    auto at = std::ranges::find(stores, store);
    ORDEAL_CHECK(at != stores.end(), "a load read from a store that is not in the modification order");
    for (++at; at != stores.begin();) {
      --at;
      for (int write : writes_[*at]) {
        if (Event(write).location == location) return write;
      }
    }
    return initial;
  }

  // A value depends on every piece that was loaded for it. An RMW's read half has no data dependency of its own.
  void AddDependencies(u32 id) {
    const TraceEvent& e = trace_.events[id];
    const std::vector<int> addr = ReadsOf(e.addr_deps), data = ReadsOf(e.data_deps), ctrl = ReadsOf(e.ctrl_deps);
    for (const std::vector<int>* half : {&reads_[id], &writes_[id]}) {
      for (int event : *half) {
        Event(event).addr = addr;
        Event(event).ctrl = ctrl;
        if (half == &writes_[id]) Event(event).data = data;
      }
    }
  }

  std::vector<int> ReadsOf(const std::vector<u32>& loads) const {
    std::vector<int> events;
    for (u32 load : loads) events.insert(events.end(), reads_[load].begin(), reads_[load].end());
    return events;
  }

  GraphEvent& Event(int e) { return out_.graph.events[e]; }

  const Trace& trace_;
  const Keep keep_;
  TraceGraph out_;
  std::map<std::pair<u32, u32>, std::vector<int>> locations_at_;  // by (object, granule)
  std::map<u32, const std::vector<u32>*> orders_;                 // by granule
  std::vector<std::vector<int>> reads_, writes_;                  // by event of the trace: its halves, atom by atom
};

}  // namespace

TraceGraph TraceToGraph(const Trace& trace, Keep keep) { return Converter(trace, keep).Run(); }

}  // namespace ordeal::model
