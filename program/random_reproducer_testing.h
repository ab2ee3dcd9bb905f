// For tests: reproducers that are valid and nothing more. Every value of every field turns up, disciplined or not.
#pragma once
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "program/cache_end.h"
#include "program/generate.h"
#include "program/names.h"
#include "program/reproducer.h"
#include "program/validate.h"

namespace ordeal {

inline std::string RandomName(Rng& rng) {
  constexpr std::string_view kCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-/+:=";
  std::string name;
  for (uint64_t n = rng.Percent(5) ? kMaxNameBytes : rng.Between(1, 20); n > 0; --n) name += kCharacters[rng.Below(kCharacters.size())];
  return name;
}

inline std::string RandomNameOrNone(Rng& rng) { return rng.Percent(40) ? "" : RandomName(rng); }

inline Op RandomOp(Rng& rng, const Geometry& geometry) {
  Op op;
  op.id = static_cast<u16>(rng.Below(rng.Percent(80) ? 400 : kInitOp));
  op.cpu = static_cast<u8>(rng.Below(geometry.cpus));
  op.kind = static_cast<OpKind>(rng.Below(kOpKinds));
  op.reg = static_cast<u8>(rng.Below(kRegisters));
  op.slot = static_cast<u8>(rng.Below(kSlots));
  op.slot2 = static_cast<u8>(rng.Below(kSlots));
  op.field = static_cast<u8>(rng.Below(kFields));
  op.charge = static_cast<u8>(rng.Below(MostCgroups(geometry) + 1u));
  op.publish = static_cast<Publish>(rng.Below(kPublishes));
  op.consume = static_cast<Consume>(rng.Below(kConsumes));
  op.reg2 = static_cast<u8>(rng.Below(kRegisters));
  op.put = static_cast<Put>(rng.Below(kPuts));
  op.counted = rng.Percent(50);
  op.cgroup = static_cast<u8>(1 + rng.Below(MostCgroups(geometry)));
  op.later = rng.Percent(50);
  op.to = static_cast<u8>(rng.Below(geometry.cpus));
  op.irq = static_cast<u8>(rng.Percent(20) ? 1 + rng.Below(kMaxIrq) : 0);
  return Canonical(op);
}

inline AccessKey RandomAccess(Rng& rng, u16 lowest) {
  AccessKey key;
  key.op = static_cast<u16>(rng.Below(rng.Percent(80) ? 30 : kInitOp));
  key.k = static_cast<u16>(rng.Between(lowest, rng.Percent(90) ? 40 : 0xffff));
  return key;
}

inline Decision RandomDecision(Rng& rng, const Geometry& geometry) {
  Decision d;
  d.kind = static_cast<DecisionKind>(rng.Below(kDecisionKinds));
  d.at = RandomAccess(rng, d.kind == DecisionKind::kSwitch ? 0 : 1);
  if (d.kind == DecisionKind::kSwitch) {
    d.cpu = static_cast<u8>(rng.Below(geometry.cpus));
  } else if (d.kind != DecisionKind::kReadFrom || rng.Percent(70)) {
    d.store = RandomAccess(rng, 1);
  }
  if (d.kind == DecisionKind::kPromise && rng.Percent(90)) d.value = rng.Next() >> rng.Below(64);
  return d;
}

inline Reproducer RandomReproducer(Rng& rng) {
  Reproducer r;
  r.allocator = RandomName(rng);
  r.model = RandomName(rng);
  std::set<std::string> bugs;
  for (uint64_t n = rng.Below(5); n > 0; --n) bugs.insert(RandomName(rng));
  r.bugs.assign(bugs.begin(), bugs.end());
  if (r.bugs.size() > 1 && rng.Percent(50)) std::swap(r.bugs.front(), r.bugs.back());  // no order is imposed
  Geometry& g = r.program.geometry = GenerateGeometry(rng, {.max_cpus = kMaxCpus});
  g.cpus = static_cast<u8>(rng.Between(1, kMaxCpus));
  std::set<u16> ids;
  for (uint64_t n = rng.Percent(3) ? kMaxOps : rng.Below(30); n > 0; --n) {
    const Op op = RandomOp(rng, g);
    if (op.kind != OpKind::kDestroy && ids.insert(op.id).second) r.program.ops.push_back(op);
  }
  if (rng.Percent(30)) EndCache(r.program);
  std::set<std::pair<AccessKey, DecisionKind>> keys;
  for (uint64_t n = rng.Percent(2) ? 500 : rng.Below(12); n > 0; --n) {
    const Decision d = RandomDecision(rng, g);
    if (d.kind == DecisionKind::kSwitch || keys.insert({d.at, d.kind}).second) r.decisions.push_back(d);
  }
  r.expect.violation = RandomNameOrNone(rng);
  r.expect.headline = RandomNameOrNone(rng);
  r.expect.owner = RandomNameOrNone(rng);
  return r;
}

// The example of text.h: small, and something of everything.
inline Reproducer ExampleReproducer() {
  Reproducer r;
  r.bugs = {"user.publish_relaxed"};
  r.program.geometry = {.page_bytes = 65536, .page_order = 1, .object_bytes = 65536, .exts = Exts::kInObject, .cpus = 2, .slabs_per_cpu = 1};
  r.program.ops = {
      {.id = 0, .cpu = 0, .kind = OpKind::kAlloc, .reg = 0, .charge = 1},
      {.id = 1, .cpu = 0, .kind = OpKind::kWrite, .reg = 0, .field = 1},
      {.id = 2, .cpu = 0, .kind = OpKind::kPublish, .reg = 0, .slot = 0, .publish = Publish::kRelease},
      {.id = 7, .cpu = 1, .kind = OpKind::kForward, .slot = 0, .slot2 = 1, .publish = Publish::kMb, .consume = Consume::kOnce},
      {.id = 3, .cpu = 1, .kind = OpKind::kConsume, .reg = 1, .slot = 1, .consume = Consume::kAcquire},
      {.id = 4, .cpu = 1, .kind = OpKind::kRead, .reg = 1, .field = 1},
      {.id = 6, .cpu = 1, .kind = OpKind::kFree, .reg = 1},
  };
  r.decisions = {
      {.at = {3, 1}, .kind = DecisionKind::kSwitch, .cpu = 1},
      {.at = {4, 2}, .kind = DecisionKind::kReadFrom, .store = {1, 1}},
      {.at = {4, 3}, .kind = DecisionKind::kReadFrom},
      {.at = {6, 1}, .kind = DecisionKind::kInsert, .store = {2, 1}},
      {.at = {6, 2}, .kind = DecisionKind::kPromise, .store = {7, 3}, .value = 0xc0de},
  };
  r.expect = {.violation = "stale-contents", .headline = "ordering/LKMM", .owner = "user"};
  return r;
}

}  // namespace ordeal
