#include "memory/site.h"

namespace ordeal {
namespace {
const SiteInfo* g_info[kMaxSites];
}  // namespace

SiteTable g_sites;

SiteTable::SiteTable() { Clear(); }

void SiteTable::Plant(u16 id, Order wrong) {
  order_[id % kMaxSites] = wrong;
  any_planted_ = true;
}

void SiteTable::Plant(Change c) {
  changes_ |= 1u << (c.id % kMaxChanges);
  any_planted_ = true;
}

void SiteTable::PlantBarrier(u16 id, Order barrier, bool after) {
  barrier_[after][id % kMaxSites] = barrier;
  any_barriers_ = any_planted_ = true;
}

void SiteTable::Clear() {
  for (Order& o : order_) o = kAsWritten;
  for (auto& side : barrier_)
    for (Order& o : side) o = Order::kNone;
  changes_ = 0;
  any_planted_ = any_barriers_ = false;
}

void RegisterSites(std::span<const SiteInfo> table) {
  for (const SiteInfo& s : table) g_info[s.id % kMaxSites] = &s;
}

const SiteInfo* FindSite(std::string_view table, std::string_view name) {
  for (const SiteInfo* s : g_info)
    if (s != nullptr && table == s->table && name == s->name) return s;
  return nullptr;
}

const SiteInfo* FindSite(u16 id) { return id < kMaxSites ? g_info[id] : nullptr; }

}  // namespace ordeal
