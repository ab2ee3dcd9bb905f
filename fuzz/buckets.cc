#include "fuzz/buckets.h"

#include <algorithm>
#include <bit>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "program/cache_end.h"
#include "program/names.h"

namespace ordeal {
namespace {

std::string Size(u64 bytes) { return bytes >= 1024 && bytes % 1024 == 0 ? absl::StrCat(bytes / 1024, "K") : absl::StrCat(bytes); }

template <class F>
std::string Row(const char* name, const std::map<u64, u64>& counts, F label) {
  std::string out = absl::StrFormat("  %-8s", name);
  for (const auto& [value, n] : counts) absl::StrAppend(&out, "  ", label(value), " ", n);
  return out + "\n";
}

}  // namespace

void Buckets::Count(const Program& p) {
  const Geometry& g = p.geometry;
  ++page_.counts[g.page_bytes];
  ++order_.counts[g.page_order];
  ++object_.counts[std::bit_ceil(g.object_bytes)];
  ++exts_.counts[static_cast<u64>(g.exts)];
  ++cpus_.counts[g.cpus];
  ++slabs_.counts[g.slabs_per_cpu];
  ++stride_.counts[static_cast<u64>(g.stride)];
  ++dwcas_.counts[g.dwcas];
  ++nodes_.counts[g.nodes];
  ++cgroups_.counts[g.cgroups];
  ++irqs_.counts[static_cast<u64>(std::ranges::count_if(p.ops, [](const Op& op) { return op.irq != 0; }))];
  ++moves_.counts[static_cast<u64>(std::ranges::count(p.ops, OpKind::kMigrate, &Op::kind))];
  ++ends_.counts[CacheUsers(p) > 0];
}

std::string Buckets::Table() const {
  const auto number = [](u64 v) { return absl::StrCat(v); };
  const auto exts = [](u64 v) { return std::string(ExtsName(static_cast<Exts>(v))); };
  const auto stride = [](u64 v) { return std::string(NameIn(kStrideNames, static_cast<StrideAt>(v))); };
  const auto yes = [](u64 v) { return std::string(NameIn(kNoYes, static_cast<NoYes>(v))); };
  return absl::StrCat(Row("page", page_.counts, Size), Row("order", order_.counts, number), Row("object<=", object_.counts, Size),
                      Row("exts", exts_.counts, exts), Row("stride", stride_.counts, stride), Row("dwcas", dwcas_.counts, yes),
                      Row("cpus", cpus_.counts, number), Row("slabs", slabs_.counts, number), Row("nodes", nodes_.counts, number),
                      Row("cgroups", cgroups_.counts, number), Row("irqs", irqs_.counts, number), Row("moves", moves_.counts, number),
                      Row("ends", ends_.counts, yes));
}

u64 Buckets::least() const {
  u64 least = ~u64{0};
  for (const Dimension* d : {&page_, &order_, &object_, &exts_, &stride_, &dwcas_, &cpus_, &slabs_, &nodes_, &cgroups_, &irqs_, &moves_, &ends_})
    for (const auto& [value, n] : d->counts) least = n < least ? n : least;
  return least;
}

}  // namespace ordeal
