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

void SiteTable::Clear() {
  for (Order& o : order_) o = kAsWritten;
  changes_ = 0;
  any_planted_ = false;
}

void RegisterSites(std::span<const SiteInfo> table) {
  for (const SiteInfo& s : table) g_info[s.id % kMaxSites] = &s;
}

const SiteInfo* FindSite(u16 id) { return id < kMaxSites ? g_info[id] : nullptr; }

}  // namespace ordeal
