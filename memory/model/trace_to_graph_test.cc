#include "memory/model/trace_to_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>

#include "memory/model/judge.h"

namespace ordeal::model {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Kind = GraphEvent::Kind;

// A trace by hand. Each call adds one event of the current CPU and returns its index; stores are put at the end of their
// granules' modification orders.
class TraceBuilder {
 public:
  TraceBuilder& Cpu(int cpu) { return cpu_ = static_cast<u8>(cpu), *this; }
  TraceBuilder& User(u32 object) { return user_ = true, object_ = object, *this; }
  TraceBuilder& Allocator() { return user_ = false, object_ = 0, *this; }

  u32 Store(u32 addr, u8 bytes, Order order = Order::kOnce) { return Add(EventType::kStore, order, addr, bytes, kNoEvent); }
  u32 Load(u32 addr, u8 bytes, u32 rf, Order order = Order::kOnce) { return Add(EventType::kLoad, order, addr, bytes, rf); }
  u32 Rmw(u32 addr, u8 bytes, u32 rf, Order order) { return Add(EventType::kRmw, order, addr, bytes, rf); }
  u32 RmwFailed(u32 addr, u8 bytes, u32 rf) { return Add(EventType::kRmwFailed, Order::kFull, addr, bytes, rf); }
  u32 Lock(u32 addr, u32 rf) { return Add(EventType::kLock, Order::kAcquire, addr, 4, rf); }
  u32 Unlock(u32 addr) { return Add(EventType::kUnlock, Order::kRelease, addr, 4, kNoEvent); }
  u32 Mark(EventType which, u32 addr) { return Add(which, Order::kPlain, addr, 8, kNoEvent); }
  u32 Fence(Order order) { return Add(EventType::kFence, order, 0, 0, kNoEvent); }

  TraceEvent& operator[](u32 id) { return trace_.events[id]; }
  Trace& trace() { return trace_; }
  TraceGraph Graph(Keep keep = Keep::kEverything) const { return TraceToGraph(trace_, keep); }
  Judgement Verdict(Keep keep = Keep::kEverything) const { return Judge(Graph(keep).graph, true); }

 private:
  u32 Add(EventType type, Order order, u32 addr, u8 bytes, u32 rf) {
    TraceEvent e{};
    e.type = type;
    e.order = order;
    e.cpu = cpu_;
    e.bytes = bytes;
    e.addr = addr;
    e.rf[0] = e.rf[1] = rf;
    e.user = user_;
    e.object = object_;
    const u32 id = static_cast<u32>(trace_.events.size());
    trace_.events.push_back(e);
    const bool writes = type == EventType::kStore || type == EventType::kRmw || type == EventType::kLock || type == EventType::kUnlock;
    for (u32 granule = addr >> 3; writes && granule <= (addr + bytes - 1) >> 3; granule++) OrderOf(granule).push_back(id);
    return id;
  }
  std::vector<u32>& OrderOf(u32 granule) {
    for (Trace::Location& l : trace_.locations) {
      if (l.granule == granule) return l.stores;
    }
    trace_.locations.push_back({granule, {}});
    return trace_.locations.back().stores;
  }

  Trace trace_;
  u8 cpu_ = 0;
  bool user_ = false;
  u32 object_ = 0;
};

// The graph's events of one event of the trace, in order.
std::vector<GraphEvent> EventsOf(const TraceGraph& g, u32 id) {
  std::vector<GraphEvent> events;
  for (int e = 0; e < g.graph.size(); e++) {
    if (g.trace_event[e] == id) events.push_back(g.graph.events[e]);
  }
  return events;
}

// By atom: the event of the trace that a load's pieces read from.
std::vector<u32> SourcesOf(const TraceGraph& g, u32 id) {
  std::vector<u32> sources;
  for (const GraphEvent& e : EventsOf(g, id)) {
    if (e.kind == Kind::kRead) sources.push_back(g.trace_event[e.rf]);
  }
  return sources;
}

std::vector<int> AtomsOf(const TraceGraph& g) {
  std::vector<int> atoms;
  for (const TraceGraph::Location& l : g.locations) atoms.push_back(l.bytes);
  return atoms;
}

TEST(TraceToGraphTest, OneSizeIsOneEventPerAccess) {
  TraceBuilder t;
  const u32 store = t.Store(8, 8);
  t.Fence(Order::kMb);
  const u32 load = t.Cpu(1).Load(8, 8, store, Order::kAcquire);
  const TraceGraph g = t.Graph();
  ASSERT_THAT(g.graph.events, SizeIs(4));
  EXPECT_THAT(g.trace_event, ElementsAre(kNoEvent, store, 1, load));
  EXPECT_EQ(g.graph.events[0].thread, kInitialThread);
  EXPECT_EQ(g.graph.events[2].kind, Kind::kFence);
  EXPECT_EQ(g.graph.events[2].fence, FenceKind::kMb);
  EXPECT_EQ(g.graph.events[3].rf, 1);
  EXPECT_EQ(g.graph.events[3].order, Order::kAcquire);
  EXPECT_THAT(g.graph.co, ElementsAre(ElementsAre(0, 1)));
}

TEST(TraceToGraphTest, AtomsAreTheBytesAccessedTogether) {
  TraceBuilder t;
  t.Store(0, 8);
  t.Store(2, 2);
  t.Load(0, 4, kNoEvent);
  t.Load(9, 1, kNoEvent);
  const TraceGraph g = t.Graph();
  EXPECT_THAT(AtomsOf(g), ElementsAre(0b11, 0b1100, 0b11110000, 0b10));
  EXPECT_THAT(EventsOf(g, 0), SizeIs(3));
  EXPECT_THAT(EventsOf(g, 1), SizeIs(1));
  EXPECT_THAT(EventsOf(g, 2), SizeIs(2));
}

TEST(TraceToGraphTest, AComposedValueHasOneSourcePerAtom) {
  TraceBuilder t;
  const u32 wide = t.Store(0, 8), low = t.Store(0, 2), newest = t.Store(4, 2);
  const u32 all = t.Cpu(1).Load(0, 8, low), half = t.Load(0, 2, wide), initial = t.Load(0, 8, kNoEvent);
  const TraceGraph g = t.Graph();
  ASSERT_THAT(AtomsOf(g), ElementsAre(0b11, 0b11001100, 0b110000));  // an atom may have holes
  EXPECT_THAT(SourcesOf(g, all), ElementsAre(low, wide, wide));
  EXPECT_THAT(SourcesOf(g, half), ElementsAre(wide));
  EXPECT_THAT(SourcesOf(g, initial), ElementsAre(kNoEvent, kNoEvent, kNoEvent));
  EXPECT_THAT(g.graph.co[0], SizeIs(3));
  EXPECT_THAT(g.graph.co[1], SizeIs(2));
  EXPECT_EQ(g.trace_event[g.graph.co[2].back()], newest);
}

TEST(TraceToGraphTest, CoherenceIsTheTracesOrderNotTime) {
  TraceBuilder t;
  const u32 a = t.Store(0, 8), b = t.Cpu(1).Store(0, 8);
  t.trace().locations[0].stores = {b, a};
  const TraceGraph g = t.Graph();
  EXPECT_EQ(g.trace_event[g.graph.co[0][1]], b);
  EXPECT_EQ(g.trace_event[g.graph.co[0][2]], a);
}

TEST(TraceToGraphTest, ADoubleWordRmwIsReadsThenWrites) {
  TraceBuilder t;
  const u32 high = t.Store(8, 8);
  const u32 rmw = t.Cpu(1).Rmw(0, 16, kNoEvent, Order::kFull);
  t[rmw].rf[1] = high;
  const TraceGraph g = t.Graph();
  const std::vector<GraphEvent> events = EventsOf(g, rmw);
  ASSERT_THAT(events, SizeIs(4));
  EXPECT_THAT(SourcesOf(g, rmw), ElementsAre(kNoEvent, high));
  for (int half : {0, 1}) {
    EXPECT_EQ(events[half].kind, Kind::kRead);
    EXPECT_EQ(events[half + 2].kind, Kind::kWrite);
    EXPECT_EQ(g.graph.events[events[half].partner].location, events[half].location);
    EXPECT_EQ(g.graph.events[events[half].partner].partner, events[half + 2].partner);
    EXPECT_TRUE(events[half].rmw);
    EXPECT_EQ(events[half].instruction, events[half + 2].instruction);
  }
  EXPECT_TRUE(Judge(g.graph, true).allowed());
  EXPECT_TRUE(IsSequentiallyConsistent(g.graph));
}

TEST(TraceToGraphTest, AnRmwReadsBeforeItWrites) {
  TraceBuilder t;
  const u32 store = t.Store(0, 8), rmw = t.Cpu(1).Rmw(0, 8, store, Order::kOnce);
  EXPECT_TRUE(t.Verdict().allowed());
  t.trace().locations[0].stores = {rmw, store};
  EXPECT_EQ(t.Verdict().broken, Axiom::kCoherence);
}

TEST(TraceToGraphTest, AStoreBetweenTheHalvesOfADoubleWordRmwBreaksAtomicity) {
  TraceBuilder t;
  const u32 intruder = t.Store(8, 2);
  t.Cpu(1).Rmw(0, 16, kNoEvent, Order::kFull);
  EXPECT_EQ(t.Verdict().broken, Axiom::kAtomicity);
  t[1].rf[1] = intruder;
  EXPECT_TRUE(t.Verdict().allowed());
}

TEST(TraceToGraphTest, PiecesOfOneInstructionAreNotInProgramOrder) {
  // One CPU stores 16 bytes; another sees the first half old and the second new, or the other way round: no order forbids
  // either, but no interleaving of whole instructions gives it.
  for (int seen : {0, 1}) {
    TraceBuilder t;
    const u32 pair = t.Store(0, 16);
    const u32 load = t.Cpu(1).Load(0, 16, kNoEvent);
    t[load].rf[seen] = pair;
    EXPECT_TRUE(t.Verdict().allowed());
    EXPECT_FALSE(IsSequentiallyConsistent(t.Graph().graph));
    t[load].rf[1 - seen] = pair;
    EXPECT_TRUE(IsSequentiallyConsistent(t.Graph().graph));
  }
  // Nor does a release order the other pieces of its own store, which it would if they came before it.
  TraceBuilder t;
  const u32 pair = t.Store(0, 16, Order::kRelease);
  const u32 first = t.Cpu(1).Load(0, 8, pair, Order::kAcquire);
  t.Load(8, 8, kNoEvent);
  EXPECT_TRUE(t.Verdict().allowed());
  t[first].addr = 8;
  t[first + 1].addr = 0;
  EXPECT_TRUE(t.Verdict().allowed());
}

TEST(TraceToGraphTest, MessagePassingWithMixedSizes) {
  for (Order order : {Order::kWmb, Order::kNone}) {
    TraceBuilder t;
    const u32 data = t.Store(0, 8);
    t.Fence(order);
    const u32 flag = t.Store(10, 2);
    t.Cpu(1).Load(8, 4, flag, Order::kAcquire);
    const u32 read = t.Load(4, 4, kNoEvent);
    EXPECT_EQ(t.Verdict().broken, order == Order::kWmb ? Axiom::kHappensBefore : Axiom::kNone);
    t[read].rf[0] = data;
    EXPECT_TRUE(t.Verdict().allowed());
  }
}

TEST(TraceToGraphTest, DependenciesReachEveryPiece) {
  TraceBuilder t;
  t.Store(0, 2);
  const u32 source = t.Load(0, 8, kNoEvent);
  const u32 store = t.Store(16, 8), rmw = t.Rmw(24, 8, kNoEvent, Order::kOnce);
  t.Load(16, 2, store);
  for (u32 id : {store, rmw}) t[id].addr_deps = t[id].data_deps = t[id].ctrl_deps = {source};
  t[rmw].data_deps = {source, rmw};  // a fetch-op writes what it read
  const TraceGraph g = t.Graph();
  const auto reads = [&](u32 id) { return std::ranges::find(g.trace_event, id) - g.trace_event.begin(); };
  const int first = static_cast<int>(reads(source)), own = static_cast<int>(reads(rmw));
  for (const GraphEvent& e : EventsOf(g, store)) {
    EXPECT_THAT(e.addr, ElementsAre(first, first + 1));
    EXPECT_THAT(e.data, ElementsAre(first, first + 1));
    EXPECT_THAT(e.ctrl, ElementsAre(first, first + 1));
  }
  EXPECT_THAT(EventsOf(g, rmw)[0].data, IsEmpty());
  EXPECT_THAT(EventsOf(g, rmw)[0].addr, ElementsAre(first, first + 1));
  EXPECT_THAT(EventsOf(g, rmw)[1].data, ElementsAre(first, first + 1, own));
}

TEST(TraceToGraphTest, LocksAndPlantedOrders) {
  TraceBuilder t;
  const u32 lock = t.Lock(0, kNoEvent), unlock = t.Unlock(0), again = t.Lock(0, unlock);
  const u32 weak = t.Rmw(8, 8, kNoEvent, Order::kNone), failed = t.RmwFailed(8, 8, weak), fence = t.Fence(Order::kNone);
  const TraceGraph g = t.Graph();
  EXPECT_EQ(EventsOf(g, lock)[0].lock, LockKind::kLockRead);
  EXPECT_EQ(EventsOf(g, lock)[1].lock, LockKind::kLockWrite);
  EXPECT_EQ(EventsOf(g, unlock)[0].lock, LockKind::kUnlock);
  EXPECT_THAT(SourcesOf(g, again), ElementsAre(unlock));
  EXPECT_FALSE(EventsOf(g, lock)[0].rmw);
  EXPECT_EQ(EventsOf(g, weak)[0].order, Order::kOnce);
  EXPECT_EQ(EventsOf(g, failed)[0].partner, kNotThere);
  EXPECT_TRUE(EventsOf(g, failed)[0].rmw);
  EXPECT_EQ(EventsOf(g, fence)[0].fence, FenceKind::kBarrier);
}

// ---- The contract: every access happens before the free, by edges of the users.
constexpr u32 kObject = 64, kSlot = 4096, kLockWord = 8192;

// CPU 0 gets object 1, writes it and publishes it; CPU 1 takes it and frees it.
struct HandOver {
  TraceBuilder t;
  u32 write, publish, consume, free;
  HandOver(Order published, Order consumed) {
    t.User(1).Mark(EventType::kAlloc, kObject);
    write = t.Store(kObject, 8, Order::kPlain);
    publish = t.User(0).Store(kSlot, 8, published);
    consume = t.Cpu(1).Load(kSlot, 8, publish, consumed);
    free = t.User(1).Mark(EventType::kFree, kObject);
  }
  bool Broken() const { return t.Verdict(Keep::kUserOnly).race; }
};

TEST(UserOnlyTest, ReleaseAndAcquireKeepTheContract) {
  EXPECT_FALSE(HandOver(Order::kRelease, Order::kAcquire).Broken());
  EXPECT_TRUE(HandOver(Order::kOnce, Order::kAcquire).Broken());
  EXPECT_TRUE(HandOver(Order::kRelease, Order::kOnce).Broken());
}

TEST(UserOnlyTest, AnAddressDependencyOfTheFreeKeepsIt) {
  HandOver h(Order::kRelease, Order::kOnce);
  h.t[h.free].addr_deps = {h.consume};
  EXPECT_FALSE(h.Broken());
  HandOver relaxed(Order::kOnce, Order::kOnce);
  relaxed.t[relaxed.free].addr_deps = {relaxed.consume};
  EXPECT_TRUE(relaxed.Broken());
}

TEST(UserOnlyTest, TheRaceIsTheAccessAndTheFree) {
  const HandOver h(Order::kOnce, Order::kAcquire);
  const TraceGraph g = h.t.Graph(Keep::kUserOnly);
  const Judgement j = Judge(g.graph, true);
  ASSERT_TRUE(j.race);
  EXPECT_EQ(g.trace_event[j.race_second], h.free);
}

TEST(UserOnlyTest, TheAllocatorsLockDoesNotCount) {
  TraceBuilder t;
  t.User(7).Store(kObject, 8, Order::kPlain);
  t.Allocator().Lock(kLockWord, kNoEvent);
  const u32 unlock = t.Unlock(kLockWord);
  const u32 lock = t.Cpu(1).Lock(kLockWord, unlock);
  t.Unlock(kLockWord);
  const u32 free = t.User(7).Mark(EventType::kFree, kObject);
  t[free].addr_deps = {lock};
  EXPECT_TRUE(t.Verdict(Keep::kUserOnly).race);
  EXPECT_FALSE(t.Verdict().race) << "with everything kept there is no free, and nothing races";
}

TEST(UserOnlyTest, UsersWhoRaceWithEachOtherBreakAnotherRule) {
  TraceBuilder t;
  const u32 write = t.User(1).Store(kObject, 8, Order::kPlain);
  t.Cpu(1).Load(kObject, 8, write, Order::kPlain);
  EXPECT_TRUE(t.Verdict().race);
  EXPECT_FALSE(t.Verdict(Keep::kUserOnly).race) << "nobody frees";
}

TEST(UserOnlyTest, AnotherLifetimeIsAnotherObject) {
  TraceBuilder t;
  t.User(1).Store(kObject, 8, Order::kPlain);
  t.Cpu(1).User(2).Mark(EventType::kAlloc, kObject);
  t.Mark(EventType::kFree, kObject);
  EXPECT_FALSE(t.Verdict(Keep::kUserOnly).race);
}

}  // namespace
}  // namespace ordeal::model
