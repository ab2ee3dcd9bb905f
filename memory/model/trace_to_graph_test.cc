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

TEST(UserOnlyTest, AllocatorEventsAndTheirDependenciesVanish) {
  // The allocator's lock orders the two plain accesses to the object; the user did nothing for it.
  TraceBuilder t;
  const u32 write = t.User(7).Store(64, 8, Order::kPlain);
  t.Allocator().Lock(0, kNoEvent);
  const u32 unlock = t.Unlock(0);
  const u32 lock = t.Cpu(1).Lock(0, unlock);
  t.Unlock(0);
  const u32 read = t.User(7).Load(64, 8, write, Order::kPlain);
  t[read].addr_deps = {lock};
  EXPECT_FALSE(t.Verdict().race);
  const TraceGraph user = t.Graph(Keep::kUserOnly);
  EXPECT_THAT(user.trace_event, ElementsAre(kNoEvent, write, read));
  EXPECT_THAT(EventsOf(user, read)[0].addr, IsEmpty());
  const Judgement verdict = Judge(user.graph, true);
  EXPECT_TRUE(verdict.race);
  EXPECT_EQ(user.trace_event[verdict.race_first], write);
  EXPECT_EQ(user.trace_event[verdict.race_second], read);
}

TEST(UserOnlyTest, RecycledMemoryIsANewLocation) {
  TraceBuilder t;
  const u32 before = t.User(1).Store(64, 8, Order::kPlain);
  t.Allocator().Store(64, 8, Order::kPlain);  // the freelist link
  const u32 after = t.Cpu(1).User(2).Store(64, 4, Order::kPlain);
  const u32 own = t.Load(64, 4, after, Order::kPlain), stale = t.Load(68, 4, before, Order::kPlain);
  EXPECT_TRUE(t.Verdict().race);
  const TraceGraph g = t.Graph(Keep::kUserOnly);
  ASSERT_THAT(g.locations, SizeIs(3));
  EXPECT_EQ(g.locations[0].object, 1u);
  EXPECT_EQ(g.locations[0].bytes, 0xff);
  EXPECT_EQ(g.locations[1].object, 2u);
  EXPECT_THAT(SourcesOf(g, own), ElementsAre(after));
  EXPECT_THAT(SourcesOf(g, stale), ElementsAre(kNoEvent));
  EXPECT_FALSE(Judge(g.graph, true).race);
}

TEST(UserOnlyTest, ReadingWhatTheAllocatorLeftIsReadingTheInitialValue) {
  TraceBuilder t;
  const u32 mine = t.User(1).Store(64, 8);
  const u32 link = t.Allocator().Store(64, 8);
  const u32 read = t.User(1).Load(64, 8, link);
  EXPECT_THAT(SourcesOf(t.Graph(Keep::kUserOnly), read), ElementsAre(mine));
  t.trace().locations[0].stores = {link, mine};
  EXPECT_THAT(SourcesOf(t.Graph(Keep::kUserOnly), read), ElementsAre(kNoEvent));
}

}  // namespace
}  // namespace ordeal::model
