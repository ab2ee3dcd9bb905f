#include "finding/shrink/smaller.h"

#include <algorithm>
#include <tuple>
#include <vector>

#include "finding/shrink/protocols.h"
#include "program/cache_end.h"
#include "program/ops.h"
#include "program/validate.h"

namespace ordeal {
namespace {

constexpr size_t kFewOps = 10;  // of these two at a time are taken out, too

// All ops of `from` become `to`'s, in registers of their own.
Reproducer Merged(const Reproducer& r, u8 from, u8 to) {
  Reproducer out = r;
  bool used[kRegisters] = {};
  for (Op& op : out.program.ops)
    if (op.cpu == to) ForEachRegister(op, [&](u8 reg) { used[reg] = true; });
  u8 renamed[kRegisters];
  std::fill_n(renamed, kRegisters, kRegisters);
  for (Op& op : out.program.ops) {
    if (op.cpu != from) continue;
    op.cpu = to;
    ForEachRegister(op, [&](u8& reg) {
      u8& name = renamed[reg];
      for (u8 free = 0; name == kRegisters && free < kRegisters; ++free) {
        if (used[free]) continue;
        used[free] = true;
        name = free;
      }
      reg = name;  // kRegisters: no room, and not valid
    });
  }
  for (Op& op : out.program.ops)
    if (NamesCpu(op.kind) && op.to == from) op.to = to;
  MendEnd(out.program);
  return out;
}

std::vector<Geometry> Geometries(const Geometry& like) {
  std::vector<Geometry> all;
  for (const u32 page : kPageSizes)
    for (const u8 order : {0, 1, 2})
      for (const u32 object : {64u, 256u, 1024u, 4096u, 16384u, 65536u, 131072u})
        for (const Exts exts : {Exts::kNone, Exts::kLate, Exts::kInObject, Exts::kEarly}) {
          Geometry g = like;
          g.page_bytes = page;
          g.page_order = order;
          g.object_bytes = object;
          g.exts = exts;
          g.slabs_per_cpu = 1;
          if (ValidateGeometry(g).ok()) all.push_back(g);
        }
  const auto size = [](const Geometry& g) { return std::tuple(g.slab_bytes(), g.page_bytes, g.object_bytes, g.exts); };
  std::ranges::sort(all, [&](const Geometry& a, const Geometry& b) { return size(a) < size(b); });
  return all;
}

std::vector<Op> PlainerThan(const Op& op) {
  std::vector<Op> all;
  const auto add = [&](auto change) {
    Op plainer = op;
    change(plainer);
    if (!(plainer == op)) all.push_back(plainer);
  };
  if (op.irq != 0) add([](Op& o) { o.irq = 0; });
  if (op.kind == OpKind::kAlloc) add([](Op& o) { o.charge = 0; });
  if (Publishes(op.kind)) add([](Op& o) { o.publish = Publish::kRelease; });
  if (Consumes(op.kind)) add([](Op& o) { o.consume = Consume::kAcquire; });
  if (UsesField(op.kind)) add([](Op& o) { o.field = 1; });
  if (op.kind == OpKind::kPut) add([](Op& o) { o.put = Put::kFull; });
  if (op.kind == OpKind::kOffline) add([](Op& o) { o.cgroup = 1; });
  add([](Op& o) { o.later = false; });
  if (NamesCpu(op.kind)) add([](Op& o) { o.to = o.cpu; });
  return all;
}

bool WithoutForward(Reproducer& r, size_t at, const Accept& accept) {
  const Op forward = r.program.ops[at];
  if (forward.kind != OpKind::kForward) return false;
  Reproducer less = r;
  less.program.ops.erase(less.program.ops.begin() + static_cast<std::ptrdiff_t>(at));
  for (Op& op : less.program.ops) {
    if (!Consumes(op.kind) || op.slot != forward.slot2) continue;
    op.slot = forward.slot;
    if ((op.consume == Consume::kLocked) != (forward.consume == Consume::kLocked)) op.consume = forward.consume;
  }
  return Take(r, less, accept);
}

// The publish by which the holder of this consume hands on.
size_t HandsOn(const std::vector<Op>& ops, size_t consume) {
  size_t i = consume + 1;
  while (i < ops.size() && (ops[i].kind != OpKind::kPublish || ops[i].cpu != ops[consume].cpu || ops[i].reg != ops[consume].reg)) ++i;
  return i;
}

// An object that comes back to its CPU, at once or by way of others, never leaves.
bool WithoutHandOver(Reproducer& r, size_t publish, const Accept& accept) {
  const std::vector<Op>& ops = r.program.ops;
  const Op from = ops[publish];
  if (from.kind != OpKind::kPublish) return false;
  std::vector<size_t> gone;
  for (size_t at = publish; at < ops.size() && gone.size() < 2 * kSlots;) {
    const size_t taker = TakerOf(ops, at);
    if (taker == ops.size()) return false;
    gone.insert(gone.end(), {at, taker});
    if (ops[taker].cpu == from.cpu) break;
    at = HandsOn(ops, taker);
  }
  const size_t back = gone.back();
  if (ops[back].cpu != from.cpu) return false;
  Reproducer less = r;
  for (size_t k = back + 1; k < ops.size(); ++k) {
    Op& op = less.program.ops[k];
    if (op.cpu != from.cpu) continue;
    ForEachRegister(op, [&](u8& reg) { reg = reg == ops[back].reg ? from.reg : reg; });
  }
  std::ranges::sort(gone, std::greater<>());
  for (const size_t i : gone) less.program.ops.erase(less.program.ops.begin() + static_cast<std::ptrdiff_t>(i));
  return Take(r, less, accept);
}

// An object that is not handed over: who would have had it does with it what the other did, at some later time.
bool StayingHome(Reproducer& r, size_t publish, const Accept& accept) {
  const std::vector<Op> ops = r.program.ops;
  const Op from = ops[publish];
  if (from.kind != OpKind::kPublish) return false;
  const size_t taker = TakerOf(ops, publish);
  if (taker == ops.size() || ops[taker].cpu == from.cpu) return false;
  std::vector<Op> moved, rest;
  size_t earliest = 0;
  for (size_t i = 0; i < ops.size(); ++i) {
    if (i == publish) earliest = rest.size();
    if (i == publish || i == taker) continue;
    const bool of_the_taker = i > taker && ops[i].cpu == ops[taker].cpu && Touches(ops[i], ops[taker].reg);
    if (of_the_taker && UsesSecondRegister(ops[i].kind)) return false;  // its other object would have to come along
    Op op = ops[i];
    if (of_the_taker) {
      op.cpu = from.cpu;
      op.reg = from.reg;
    }
    (of_the_taker ? moved : rest).push_back(op);
  }
  for (size_t at = earliest; at <= rest.size(); ++at) {
    if (at > earliest && rest[at - 1].cpu != from.cpu) continue;
    Reproducer less = r;
    less.program.ops = rest;
    less.program.ops.insert(less.program.ops.begin() + static_cast<std::ptrdiff_t>(at), moved.begin(), moved.end());
    if (Take(r, less, accept)) return true;
  }
  return false;
}

Reproducer Without(const Reproducer& r, std::initializer_list<size_t> largest_first) {
  Reproducer less = r;
  for (const size_t i : largest_first) less.program.ops.erase(less.program.ops.begin() + static_cast<std::ptrdiff_t>(i));
  return less;
}

bool PlainerSlabs(Reproducer& r, const Accept& accept) {
  for (const Geometry& g : Geometries(r.program.geometry)) {
    if (g == r.program.geometry) return false;
    Reproducer plainer = r;
    plainer.program.geometry = g;
    if (Take(r, plainer, accept)) return true;
  }
  return false;
}

}  // namespace

bool FewerCpus(Reproducer& r, const Accept& accept) {
  bool changed = false;
  for (u8 cpu = r.program.geometry.cpus; cpu-- > 0;) {
    Reproducer less = r;
    std::erase_if(less.program.ops, [&](const Op& op) { return op.cpu == cpu; });
    bool taken = less.program.ops.size() < r.program.ops.size() && Take(r, less, accept);
    for (u8 to = 0; !taken && to < cpu; ++to) taken = Take(r, Merged(r, cpu, to), accept);
    changed |= taken;
  }
  return changed;
}

bool FewerOps(Reproducer& r, const Accept& accept) {
  bool changed = false;
  for (size_t i = r.program.ops.size(); i-- > 0;) {
    changed |= Take(r, Without(r, {i}), accept) || WithoutForward(r, i, accept) || WithoutHandOver(r, i, accept) || StayingHome(r, i, accept) ||
               WithoutReference(r, i, accept);
  }
  for (size_t i = r.program.ops.size() > kFewOps ? 0 : r.program.ops.size(); i-- > 1;)
    for (size_t j = i; j-- > 0 && i < r.program.ops.size();) changed |= Take(r, Without(r, {i, j}), accept);
  return changed;
}

bool FewerBugs(Reproducer& r, const Accept& accept) {
  bool changed = false;
  for (size_t i = r.bugs.size(); i-- > 0;) {
    Reproducer less = r;
    less.bugs.erase(less.bugs.begin() + static_cast<std::ptrdiff_t>(i));
    changed |= Take(r, less, accept);
  }
  return changed;
}

// The small slub: what wanders, counts or locks there beside it goes, a dimension at a time.
bool PlainerMachine(Reproducer& r, const Accept& accept) {
  static constexpr Geometry kPlain;
  constexpr void (*kPlainer[])(Geometry&) = {
      [](Geometry& g) { g.cgroups = kPlain.cgroups; },
      [](Geometry& g) { g.nodes = kPlain.nodes; },
      [](Geometry& g) { g.dwcas = kPlain.dwcas; },
      [](Geometry& g) { g.stride = kPlain.stride; },
      [](Geometry& g) { g.cgroups = g.cgroups > 1 ? 1 : g.cgroups; },
      [](Geometry& g) { g.nodes = g.nodes > 1 ? 1 : g.nodes; },
  };
  bool changed = false;
  for (const auto plainer : kPlainer) {
    Reproducer less = r;
    plainer(less.program.geometry);
    if (less == r) continue;
    for (Op& op : less.program.ops) {
      op.charge = std::min(op.charge, MostCgroups(less.program.geometry));
      op.cgroup = std::min(op.cgroup, MostCgroups(less.program.geometry));
    }
    changed |= Take(r, less, accept);
  }
  return changed;
}

bool PlainerGeometry(Reproducer& r, const Accept& accept) {
  const bool machine = PlainerMachine(r, accept);
  return PlainerSlabs(r, accept) || machine;
}

bool PlainerOps(Reproducer& r, const Accept& accept) {
  bool changed = PlainerProtocols(r, accept);
  for (size_t i = 0; i < r.program.ops.size(); ++i) {
    for (const Op& op : PlainerThan(r.program.ops[i])) {
      Reproducer plainer = r;
      plainer.program.ops[i] = op;
      changed |= Take(r, plainer, accept);
    }
  }
  return changed;
}

}  // namespace ordeal
