#include "program/validate.h"

#include <algorithm>
#include <bitset>
#include <iterator>
#include <set>
#include <utility>

#include "absl/strings/str_format.h"
#include "program/cache_end.h"
#include "program/names.h"
#include "program/ops.h"

namespace ordeal {
namespace {

template <class... Args>
absl::Status Invalid(const absl::FormatSpec<Args...>& format, const Args&... args) {
  return absl::InvalidArgumentError(absl::StrFormat(format, args...));
}

bool IsNameCharacter(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return letter || (c >= '0' && c <= '9') || std::string_view("_.-/+:=").find(c) != std::string_view::npos;
}

absl::Status ValidateName(std::string_view what, std::string_view word) {
  if (IsName(word)) return absl::OkStatus();
  return Invalid("got %s of %u bytes, expected 1..%u letters, digits and _ . - / + : =", what, word.size(), kMaxNameBytes);
}

absl::Status ValidateNames(const Reproducer& r) {
  const Expectation& e = r.expect;
  const std::pair<const char*, const std::string*> stated[] = {{"an allocator", &r.allocator}, {"a model", &r.model}};
  const std::pair<const char*, const std::string*> optional[] = {{"a violation", &e.violation}, {"a headline", &e.headline}, {"an owner", &e.owner}};
  for (const auto& [what, word] : stated) {
    if (absl::Status s = ValidateName(what, *word); !s.ok()) return s;
  }
  for (const auto& [what, word] : optional) {
    if (word->empty()) continue;  // not stated
    if (absl::Status s = ValidateName(what, *word); !s.ok()) return s;
  }
  if (r.bugs.size() > kMaxBugs) return Invalid("got %u bugs, expected at most %u", r.bugs.size(), kMaxBugs);
  for (const std::string& bug : r.bugs) {
    if (absl::Status s = ValidateName("a bug", bug); !s.ok()) return s;
    if (std::count(r.bugs.begin(), r.bugs.end(), bug) > 1) return Invalid("got bug %s twice, expected each once", bug);
  }
  return absl::OkStatus();
}

absl::Status ValidateDecisions(const Decisions& decisions, const Geometry& geometry) {
  if (decisions.size() > kMaxDecisions) return Invalid("got %u decisions, expected at most %u", decisions.size(), kMaxDecisions);
  std::set<std::pair<AccessKey, DecisionKind>> seen;
  for (const Decision& d : decisions) {
    const std::string where = absl::StrFormat("decision %d.%d", d.at.op, d.at.k);
    if (absl::Status s = ValidateDecision(d, geometry); !s.ok()) return Invalid("%s: %s", where, std::string(s.message()));
    // A CPU may be switched away from twice at the same access; an access reads and is placed once.
    if (!seen.insert({d.at, d.kind}).second && d.kind != DecisionKind::kSwitch) {
      return Invalid("%s: got %s twice, expected one", where, DecisionKindName(d.kind));
    }
  }
  return absl::OkStatus();
}

absl::Status ValidateEnums(const Op& op) {
  if (static_cast<int>(op.kind) >= kOpKinds) return Invalid("got kind %d, expected 0..%d", static_cast<int>(op.kind), kOpKinds - 1);
  if (static_cast<int>(op.publish) >= kPublishes) {
    return Invalid("got publish %d, expected 0..%d", static_cast<int>(op.publish), kPublishes - 1);
  }
  if (static_cast<int>(op.consume) >= kConsumes) {
    return Invalid("got consume %d, expected 0..%d", static_cast<int>(op.consume), kConsumes - 1);
  }
  if (static_cast<int>(op.put) >= kPuts) return Invalid("got put %d, expected 0..%d", static_cast<int>(op.put), kPuts - 1);
  return absl::OkStatus();
}

}  // namespace

bool IsName(std::string_view word) { return !word.empty() && word.size() <= kMaxNameBytes && std::all_of(word.begin(), word.end(), IsNameCharacter); }

absl::Status ValidateGeometry(const Geometry& g) {
  if (std::count(std::begin(kPageSizes), std::end(kPageSizes), g.page_bytes) == 0) {
    return Invalid("got page=%u, expected 4K, 16K or 64K", g.page_bytes);
  }
  if (g.page_order > 2) return Invalid("got order=%d, expected 0..2", g.page_order);
  if (g.object_bytes < 32 || g.object_bytes % 8 != 0 || g.object_bytes > g.slab_bytes()) {
    return Invalid("got object=%u, expected a multiple of 8 in 32..%u (the slab)", g.object_bytes, g.slab_bytes());
  }
  if (static_cast<int>(g.exts) >= kExtsKinds) return Invalid("got exts %d, expected 0..%d", static_cast<int>(g.exts), kExtsKinds - 1);
  if (g.cpus < 1 || g.cpus > kMaxCpus) return Invalid("got cpus=%d, expected 1..%d", g.cpus, kMaxCpus);
  if (g.slabs_per_cpu < 1 || g.slabs_per_cpu > 2) return Invalid("got slabs=%d, expected 1..2", g.slabs_per_cpu);
  if (g.nodes > 2) return Invalid("got nodes=%d, expected 0..2", g.nodes);
  if (g.cgroups > kMaxCgroups) return Invalid("got cgroups=%d, expected 0..%d", g.cgroups, kMaxCgroups);
  if (static_cast<int>(g.stride) > 1) return Invalid("got stride %d, expected 0..1", static_cast<int>(g.stride));
  return absl::OkStatus();
}

absl::Status ValidateOp(const Op& op, const Geometry& geometry) {
  if (op.id == kInitOp) return Invalid("got id %d, expected 0..%d", op.id, kInitOp - 1);
  if (op.cpu >= geometry.cpus) return Invalid("got cpu %d, expected 0..%d", op.cpu, geometry.cpus - 1);
  if (absl::Status s = ValidateEnums(op); !s.ok()) return s;
  if (op.reg >= kRegisters) return Invalid("got register %d, expected 0..%d", op.reg, kRegisters - 1);
  if (op.reg2 >= kRegisters) return Invalid("got second register %d, expected 0..%d", op.reg2, kRegisters - 1);
  if (op.slot >= kSlots) return Invalid("got slot %d, expected 0..%d", op.slot, kSlots - 1);
  if (op.slot2 >= kSlots) return Invalid("got second slot %d, expected 0..%d", op.slot2, kSlots - 1);
  if (op.field >= kFields) return Invalid("got field %d, expected 0..%d", op.field, kFields - 1);
  const u8 last = MostCgroups(geometry);
  if (op.charge > last) return Invalid("got cgroup %d, expected 1..%d", op.charge, last);
  if (op.kind == OpKind::kOffline && (op.cgroup < 1 || op.cgroup > last)) return Invalid("got cgroup %d, expected 1..%d", op.cgroup, last);
  if (op.to >= geometry.cpus) return Invalid("got cpu %d to name, expected 0..%d", op.to, geometry.cpus - 1);
  if (op.irq > kMaxIrq) return Invalid("got irq %d, expected 0..%d", op.irq, kMaxIrq);
  if (op != Canonical(op)) return Invalid("got a value in a field that %s does not use, expected its default", OpKindName(op.kind));
  return absl::OkStatus();
}

absl::Status ValidateDecision(const Decision& d, const Geometry& geometry) {
  if (d.at.op == kInitOp) return Invalid("got op %d, expected 0..%d", d.at.op, kInitOp - 1);
  if (d.kind == DecisionKind::kSwitch) {
    if (d.cpu >= geometry.cpus) return Invalid("got cpu %d, expected 0..%d", d.cpu, geometry.cpus - 1);
    if (d.store != kInitialValue) return Invalid("got a store, expected none with switch");
    return absl::OkStatus();
  }
  if (static_cast<int>(d.kind) >= kDecisionKinds) {
    return Invalid("got kind %d, expected 0..%d", static_cast<int>(d.kind), kDecisionKinds - 1);
  }
  if (d.cpu != 0) return Invalid("got cpu %d, expected none with %s", d.cpu, DecisionKindName(d.kind));
  if (d.at.k == 0) return Invalid("got access 0, expected 1 or more: accesses count from 1, only a switch may come before the first");
  if (d.store == kInitialValue && d.kind == DecisionKind::kInsert) {
    return Invalid("got init, expected the store of an op: nothing comes before the initial value");
  }
  if (d.store == kInitialValue && d.kind == DecisionKind::kPromise) {
    return Invalid("got init, expected the store of an op: the initial value needs no promise");
  }
  if (d.value != 0 && d.kind != DecisionKind::kPromise) return Invalid("got a value, expected none with %s", DecisionKindName(d.kind));
  if (d.store != kInitialValue && (d.store.op == kInitOp || d.store.k == 0)) {
    return Invalid("got store %d.%d, expected init or an access of an op, from 1", d.store.op, d.store.k);
  }
  return absl::OkStatus();
}

Op Canonical(const Op& op) {
  Op out = {.id = op.id, .cpu = op.cpu, .kind = op.kind};
  if (UsesRegister(op.kind)) out.reg = op.reg;
  if (Publishes(op.kind) || Consumes(op.kind)) out.slot = op.slot;
  if (op.kind == OpKind::kForward) out.slot2 = op.slot2;
  if (UsesField(op.kind)) out.field = op.field;
  if (op.kind == OpKind::kAlloc) out.charge = op.charge, out.counted = op.counted;
  if (op.kind == OpKind::kPut) out.put = op.put;
  if (op.kind == OpKind::kOffline) out.cgroup = op.cgroup;
  if (op.kind == OpKind::kFree) out.later = op.later;
  if (NamesCpu(op.kind)) out.to = op.to;
  if (UsesSecondRegister(op.kind)) out.reg2 = op.reg2;
  if (Publishes(op.kind)) out.publish = op.publish;
  if (Consumes(op.kind)) out.consume = op.consume;
  if (CanInterrupt(op.kind)) out.irq = op.irq;
  return out;
}

absl::Status Validate(const Program& program) {
  if (absl::Status s = ValidateGeometry(program.geometry); !s.ok()) return Invalid("geometry: %s", std::string(s.message()));
  if (program.ops.size() > kMaxOps) return Invalid("got %u ops, expected at most %d", program.ops.size(), kMaxOps);
  std::bitset<kInitOp> seen;
  for (const Op& op : program.ops) {
    absl::Status s = ValidateOp(op, program.geometry);
    if (s.ok() && seen.test(op.id)) s = Invalid("got this id twice, expected each once");
    if (!s.ok()) return Invalid("op %d: %s", op.id, std::string(s.message()));
    seen.set(op.id);
  }
  if (const std::string broken = BrokenEnd(program); !broken.empty()) return absl::InvalidArgumentError(broken);
  return absl::OkStatus();
}

absl::Status Validate(const Reproducer& r) {
  if (absl::Status s = ValidateNames(r); !s.ok()) return s;
  if (absl::Status s = Validate(r.program); !s.ok()) return s;
  return ValidateDecisions(r.decisions, r.program.geometry);
}

}  // namespace ordeal
