// The random operands of story.h.
#include <array>

#include "program/ops.h"
#include "program/story.h"

namespace ordeal {

Publish RandomPublish(Rng& rng) {
  constexpr Publish kKinds[] = {Publish::kRelease, Publish::kMb, Publish::kXchg};
  return kKinds[rng.Weighted(std::array<unsigned, 3>{50, 25, 25})];
}

Consume RandomConsume(Rng& rng) {
  constexpr Consume kKinds[] = {Consume::kOnce, Consume::kRmb, Consume::kAcquire, Consume::kXchg, Consume::kXchgAcquire};
  return kKinds[rng.Weighted(std::array<unsigned, 5>{30, 10, 30, 15, 15})];
}

Put RandomPut(Rng& rng) { return static_cast<Put>(rng.Below(kPuts)); }

bool RandomlyLocked(Rng& rng) { return rng.Percent(10); }

Op RandomHousekeeping(Rng& rng, const Geometry& geometry) {
  const unsigned cgroups = geometry.cgroups > 0 ? 1 : 0, nodes = geometry.nodes > 0 ? 1 : 0, any = cgroups | nodes;
  constexpr OpKind kKinds[] = {OpKind::kDrain, OpKind::kOffline, OpKind::kStats, OpKind::kShrink, OpKind::kFlush};
  Op op;
  op.kind = kKinds[rng.Weighted(std::array<unsigned, 5>{30 * cgroups, 25 * cgroups, 20 * any, 30 * nodes, 5})];
  if (op.kind == OpKind::kOffline) op.cgroup = static_cast<u8>(1 + rng.Below(geometry.cgroups));
  if (NamesCpu(op.kind)) op.to = static_cast<u8>(rng.Below(geometry.cpus));
  return op;
}

u8 RandomCharge(Rng& rng, const Geometry& geometry) {
  if (!rng.Percent(geometry.exts == Exts::kNone ? 20 : 75)) return 0;
  return geometry.cgroups < 2 ? 1 : static_cast<u8>(1 + rng.Below(geometry.cgroups));
}

}  // namespace ordeal
