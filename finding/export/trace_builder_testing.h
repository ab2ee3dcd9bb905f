// How is a finding made by hand, for tests of its exports?
#pragma once
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "finding/verdict.h"

namespace ordeal {

// Accesses in execution order; stores go to the end of the modification order. A load says which store it reads from.
class TraceBuilder {
 public:
  explicit TraceBuilder(int cpus) { f_.trace.cpus = cpus; }

  u32 Store(u8 cpu, u32 addr, u64 value, Order order = Order::kOnce, u8 bytes = 8) {
    model::TraceEvent e = Event(model::EventType::kStore, cpu, addr, order, bytes);
    e.written[0] = value;
    return Stored(std::move(e));
  }
  u32 Load(u8 cpu, u32 addr, u64 value, u32 from, Order order = Order::kOnce, u8 bytes = 8) {
    model::TraceEvent e = Event(model::EventType::kLoad, cpu, addr, order, bytes);
    e.read[0] = value;
    e.rf[0] = from;
    const std::vector<u32>& stores = Granule(addr / 8).stores;
    e.newest[0] = stores.empty() ? model::kNoEvent : stores.back();
    return Add(std::move(e));
  }
  u32 Fence(u8 cpu, Order order) { return Add(Event(model::EventType::kFence, cpu, 0, order, 0)); }
  u32 Rmw(u8 cpu, u32 addr, u64 from_value, u64 to_value, u32 from, Order order = Order::kFull, u8 bytes = 8) {
    model::TraceEvent e = Event(model::EventType::kRmw, cpu, addr, order, bytes);
    e.read[0] = from_value;
    e.written[0] = to_value;
    e.rf[0] = e.newest[0] = from;
    if (bytes == 16) e.written[1] = to_value;
    return Stored(std::move(e));
  }
  u32 Lock(u8 cpu, u32 addr, u32 from) {
    model::TraceEvent e = Event(model::EventType::kLock, cpu, addr, Order::kAcquire, 4);
    e.written[0] = 1;
    e.rf[0] = e.newest[0] = from;
    return Stored(std::move(e));
  }
  u32 Unlock(u8 cpu, u32 addr) { return Stored(Event(model::EventType::kUnlock, cpu, addr, Order::kRelease, 4)); }

  model::TraceEvent& operator[](u32 id) { return f_.trace.events[id]; }

  Finding Make(std::vector<u32> cycle = {}) {
    f_.cycle = std::move(cycle);
    f_.verdict.headline = "ordering/LKMM";
    f_.verdict.owner_reason = "a \"quoted\" reason\\";
    f_.verdict.effect = Report{.violation = Violation::kStaleContents, .cpu = 1, .op = 1, .object = 1};
    return f_;
  }

 private:
  model::TraceEvent Event(model::EventType type, u8 cpu, u32 addr, Order order, u8 bytes) {
    model::TraceEvent e{};
    e.type = type;
    e.order = order;
    e.cpu = cpu;
    e.bytes = bytes;
    e.key = {cpu, static_cast<u16>(f_.trace.events.size() + 1)};
    e.addr = addr;
    e.rf[0] = e.rf[1] = e.newest[0] = e.newest[1] = model::kNoEvent;
    e.where = std::source_location::current();
    return e;
  }
  u32 Add(model::TraceEvent e) {
    f_.trace.events.push_back(std::move(e));
    return static_cast<u32>(f_.trace.events.size() - 1);
  }
  u32 Stored(model::TraceEvent e) {
    const u32 first = e.addr / 8, last = (e.addr + e.bytes - 1) / 8;
    const u32 id = Add(std::move(e));
    for (u32 granule = first; granule <= last; ++granule) Granule(granule).stores.push_back(id);
    return id;
  }
  model::Trace::Location& Granule(u32 granule) {
    for (model::Trace::Location& l : f_.trace.locations)
      if (l.granule == granule) return l;
    return f_.trace.locations.emplace_back(model::Trace::Location{granule, {}});
  }

  Finding f_;
};

// Store buffering: each CPU stores and then misses the other's store. With smp_mb() between, no machine shows it.
inline Finding StoreBuffering(bool fences) {
  TraceBuilder t(2);
  const u32 a = t.Store(0, 0x100, 1);
  if (fences) t.Fence(0, Order::kMb);
  const u32 b = t.Load(0, 0x200, 0, model::kNoEvent);
  const u32 c = t.Store(1, 0x200, 1);
  if (fences) t.Fence(1, Order::kMb);
  const u32 d = t.Load(1, 0x100, 0, model::kNoEvent);
  return t.Make({a, b, c, d});
}

// Message passing: the second load misses the first store. x86 never shows it.
inline Finding MessagePassing() {
  TraceBuilder t(2);
  const u32 a = t.Store(0, 0x100, 0xc0de000000010002);
  const u32 b = t.Store(0, 0x200, 1);
  const u32 c = t.Load(1, 0x200, 1, b);
  const u32 d = t.Load(1, 0x100, 0, model::kNoEvent);
  return t.Make({a, b, c, d});
}

// An interleaving: every machine shows it.
inline Finding Handover() {
  TraceBuilder t(2);
  const u32 a = t.Store(0, 0x100, 7, Order::kRelease);
  t.Load(1, 0x100, 7, a, Order::kAcquire);
  return t.Make();
}

// Every kind of access, size, order, fence and dependency, some of them by way of a place of CPU 1 alone (0x300).
inline Finding EveryKind() {
  using enum Order;
  TraceBuilder t(3);
  const u32 init = model::kNoEvent;
  const u32 pair = t.Rmw(0, 0x110, 0, 5, init, kFull, 16);
  const u32 half = t.Store(0, 0x148, 2);  // CPU 0's alone, but for the double word
  const u32 other_pair = t.Rmw(0, 0x140, 0, 8, init, kRelease, 16);
  const u32 wide = t.Store(0, 0x100, 0x1122334455667788, kPlain);
  t.Fence(0, kWmb);
  const u32 low = t.Store(0, 0x100, 0xffff, kRelease, 2);
  const u32 locked = t.Lock(0, 0x200, init);
  const u32 byte = t.Store(0, 0x208, 3, kOnce, 1);
  const u32 unlocked = t.Unlock(0, 0x200);
  t.Lock(1, 0x200, unlocked);
  const u32 seen = t.Load(1, 0x208, 3, byte);  // the other seven bytes are initial
  const u32 mixed = t.Load(1, 0x100, 0x112233445566ffff, low, kAcquire);
  const u32 spill = t.Store(1, 0x300, 9);
  const u32 fill = t.Load(1, 0x300, 9, spill);
  const u32 after = t.Load(1, 0x104, 0x11223344, wide, kOnce, 4);
  const u32 count = t.Rmw(1, 0x208, 3, 4, byte, kNoReturn, 1);
  const u32 failed = t.Load(1, 0x110, 5, pair, kOnce, 16);
  t.Load(1, 0x140, 8, other_pair);
  t.Store(1, 0x208, 0x7777777777777777);
  t.Rmw(2, 0x118, 5, 6, pair, kAcquire);
  t.Fence(2, kRmb);
  t[spill].data_deps = {seen};
  t[after].addr_deps = {fill};
  t[count].data_deps = {mixed, count};
  t[count].ctrl_deps = {seen, mixed};
  t[failed].type = model::EventType::kRmwFailed;
  t[failed].read[1] = 5;
  t[failed].rf[1] = t[failed].newest[1] = pair;
  t[other_pair].read[1] = 2;
  t[other_pair].rf[1] = t[other_pair].newest[1] = half;
  return t.Make({wide, low, locked, seen});
}

}  // namespace ordeal
