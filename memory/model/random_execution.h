// What does a program do next, if nothing but the graph's rules holds it back? For tests: executions of every kind of event, at random.
//
// Every instruction is one to four events. Where the events come from: any write at any place of coherence that is not obviously
// forbidden, so that every axiom is broken now and then.
#pragma once
#include <algorithm>
#include <array>
#include <random>
#include <utility>
#include <vector>

#include "memory/model/graph.h"

namespace ordeal::model {

class RandomExecution {
 public:
  using Kind = GraphEvent::Kind;

  explicit RandomExecution(u64 seed) : random_(seed) {
    for (FenceKind& fence : fences_) fence = static_cast<FenceKind>(1 + Below(kFenceKinds - 1));
    for (Order& order : orders_) order = AnyOrder();
    graph.co.resize(locations_ + 1);
    for (int l = 0; l <= locations_; l++) {
      GraphEvent initial;
      initial.location = l;
      graph.co[l].push_back(graph.Add(initial));
    }
  }

  // The next instruction: its events, one by one, are to be added with AddEvent; a read half's partner is set from the start.
  std::vector<GraphEvent> NextInstruction() {
    if (Below(3) == 0) thread_ = Below(threads_);
    GraphEvent e;
    e.thread = thread_;
    e.instruction = Below(4) == 0 ? kNotThere : 1000 + graph.size();
    const int what = Below(100);
    if (what < 30) return {Fence(e)};
    Dependencies(e);
    e.location = Below(locations_);
    e.order = Below(3) == 0 ? AnyOrder() : orders_[Below(2)];
    if (what < 50) return Pieces(e, Kind::kRead);
    if (what < 75) return Pieces(e, Kind::kWrite);
    if (what < 80 + rmws_) return ReadModifyWrite(e);
    if (what < 83 + rmws_) return {Failed(e)};
    return Lock(e);
  }

  // From here on, or until called again: how many of a hundred accesses are backward.
  void set_backward(int percent) { backward_ = percent; }

  // Adds the event with a place in coherence and, to a read, a write to read from.
  int AddEvent(GraphEvent e) {
    const int id = graph.size();
    if (e.kind == Kind::kRead) {
      const std::vector<int>& order = graph.co[e.location];
      e.rf = Below(100) == 0 ? kNotThere : order[Place(e)];
      if (e.partner != kNotThere) e.partner = id + e.partner;
    } else if (e.kind == Kind::kWrite) {
      std::vector<int>& order = graph.co[e.location];
      size_t at = order.size();
      if (e.partner != kNotThere) {
        e.partner = id - e.partner;
        const int seen = graph.events[e.partner].rf;
        if (seen != kNotThere && Below(20) != 0) at = std::ranges::find(order, seen) - order.begin() + 1;
      } else {
        at = 1 + Place(e);
      }
      if (Below(200) == 0) at = 0;
      order.insert(order.begin() + static_cast<std::ptrdiff_t>(at), id);
    }
    return graph.Add(std::move(e));
  }

  void CutTo(int events) {
    graph.events.resize(events);
    for (std::vector<int>& order : graph.co) std::erase_if(order, [&](int w) { return w >= events; });
  }

  int Below(int n) { return static_cast<int>(random_() % static_cast<u64>(n)); }

  Graph graph;

 private:
  GraphEvent Fence(GraphEvent e) {
    e.kind = Kind::kFence;
    e.fence = Below(4) != 0 ? fences_[Below(2)] : static_cast<FenceKind>(Below(kFenceKinds));
    return e;
  }

  // An access to two locations is two events.
  std::vector<GraphEvent> Pieces(GraphEvent e, Kind kind) {
    e.kind = kind;
    if (kind == Kind::kRead) e.data.clear();
    std::vector<GraphEvent> pieces{e};
    if (e.instruction == kNotThere || Below(6) != 0) return pieces;
    e.location = (e.location + 1) % locations_;
    pieces.push_back(e);
    return pieces;
  }

  std::vector<GraphEvent> ReadModifyWrite(GraphEvent e) {
    e.rmw = true;
    if (Below(3) == 0) e.order = Order::kFull;
    return Halves(Pieces(e, Kind::kRead));
  }

  // `partner` is the distance to the other half.
  std::vector<GraphEvent> Halves(std::vector<GraphEvent> halves) {
    const int pieces = static_cast<int>(halves.size());
    for (int k = 0; k < pieces; k++) {
      halves[k].partner = pieces;
      halves.push_back(halves[k]);
      halves.back().kind = Kind::kWrite;
      if (halves.back().lock == LockKind::kLockRead) halves.back().lock = LockKind::kLockWrite;
      if (Below(3) == 0) halves.back().data = AnyReads(halves[k].thread);
    }
    return halves;
  }

  GraphEvent Failed(GraphEvent e) {
    e.kind = Kind::kRead;
    e.rmw = true;
    e.data.clear();
    if (Below(3) == 0) e.order = Order::kFull;
    return e;
  }

  std::vector<GraphEvent> Lock(GraphEvent e) {
    if (Below(4) != 0) e.location = locations_;
    e.order = Order::kOnce;
    if (Below(2) == 0) {
      e.lock = LockKind::kUnlock;
      return Pieces(e, Kind::kWrite);
    }
    e.lock = LockKind::kLockRead;
    return Halves(Pieces(e, Kind::kRead));
  }

  void Dependencies(GraphEvent& e) {
    if (Below(3) == 0) e.addr = AnyReads(e.thread);
    if (Below(3) == 0) e.data = AnyReads(e.thread);
    if (Below(6) == 0) e.ctrl = AnyReads(e.thread);
  }

  std::vector<int> AnyReads(int thread) {
    std::vector<int> reads;
    for (int id = graph.size(); id-- > 0;) {
      const GraphEvent& e = graph.events[id];
      if (e.thread == thread && e.kind == Kind::kRead && Below(2) == 0) reads.push_back(id);
      if (reads.size() == 2) break;
    }
    return reads;
  }

  // An index into the location's coherence: the newest, or now and then one that is older, seldom older than what the CPU knows.
  int Place(const GraphEvent& e) {
    const std::vector<int>& order = graph.co[e.location];
    const int newest = static_cast<int>(order.size()) - 1;
    if (Below(100) >= backward_) return newest;
    int known = 0;
    for (int k = 0; k <= newest && Below(20) != 0; k++) {
      for (const GraphEvent& a : graph.events) {
        if (a.thread == e.thread && a.location == e.location && (a.rf == order[k] || &a == &graph.events[order[k]])) known = k;
      }
    }
    return Below(2) == 0 ? known : known + Below(newest - known + 1);
  }

  Order AnyOrder() { return std::array{Order::kPlain, Order::kOnce, Order::kAcquire, Order::kRelease, Order::kNoReturn}[Below(5)]; }

  std::mt19937_64 random_;
  const int threads_ = 2 + Below(3), locations_ = 2 + Below(2), rmws_ = Below(3) * 8;
  int backward_ = 5;
  std::array<FenceKind, 2> fences_;
  std::array<Order, 2> orders_;
  int thread_ = 0;
};

}  // namespace ordeal::model
