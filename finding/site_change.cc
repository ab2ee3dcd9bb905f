#include "finding/site_change.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/suggest.h"

namespace ordeal {
namespace {

constexpr Order kOfAccess[] = {Order::kPlain, Order::kOnce, Order::kAcquire, Order::kRelease, Order::kFull};
constexpr Order kOfBarrier[] = {Order::kNone, Order::kRmb, Order::kWmb, Order::kMb};

std::optional<Order> Named(std::string_view name, std::span<const Order> among) {
  for (const Order o : among)
    if (name == OrderName(o)) return o;
  return std::nullopt;
}

absl::StatusOr<const SiteInfo*> Find(std::string_view name) {
  const size_t dot = name.find('.');
  const SiteInfo* site = dot == std::string_view::npos ? nullptr : FindSite(name.substr(0, dot), name.substr(dot + 1));
  if (site != nullptr) return site;
  std::vector<std::string> names;
  for (u16 id = 0; id < kMaxSites; ++id)
    if (const SiteInfo* s = FindSite(id)) names.push_back(absl::StrCat(s->table, ".", s->name));
  const std::vector<std::string_view> views(names.begin(), names.end());
  return absl::NotFoundError(absl::StrCat("no Site '", std::string(name), "'", DidYouMean(name, views), "; `ordeal bugs --sites` lists them"));
}

absl::Status NoSuch(std::string_view got, const char* expected) {
  return absl::InvalidArgumentError(absl::StrCat("got '", std::string(got), "', expected ", expected));
}

}  // namespace

absl::StatusOr<Repair> ParseSiteChange(std::string_view text) {
  const size_t equals = text.find('=');
  absl::StatusOr<const SiteInfo*> site = Find(text.substr(0, equals));
  if (!site.ok()) return site.status();
  Repair r;
  r.site = (*site)->id;
  r.user = std::string_view((*site)->table) == "user";
  std::string_view how = text.substr(equals + 1);
  const size_t colon = how.find(':');
  if (colon != std::string_view::npos) {
    const std::string_view side = how.substr(0, colon);
    const std::optional<Order> barrier = Named(how.substr(colon + 1), std::span(kOfBarrier).subspan(1));
    if ((side != "before" && side != "after") || !barrier) return NoSuch(how, "before: or after: and rmb, wmb or mb");
    r.kind = side == "before" ? Repair::Kind::kBarrierBefore : Repair::Kind::kBarrierAfter;
    r.order = *barrier;
    return r;
  }
  const bool barrier = IsBarrier((*site)->order);
  const std::optional<Order> order = Named(how, barrier ? std::span<const Order>(kOfBarrier) : std::span<const Order>(kOfAccess));
  if (!order) return NoSuch(how, barrier ? "none, rmb, wmb or mb: the Site is a barrier" : "plain, once, acquire, release or full");
  r.order = *order;
  return r;
}

std::string SiteChangeText(const Repair& r) {
  const SiteInfo* site = FindSite(r.site);
  ORDEAL_CHECK(site != nullptr, "a Site of a table");
  const char* side = r.kind == Repair::Kind::kBarrierBefore ? "before:" : r.kind == Repair::Kind::kBarrierAfter ? "after:" : "";
  return absl::StrCat(site->table, ".", site->name, "=", side, OrderName(r.order));
}

void PlantSiteChange(const Repair& r) {
  switch (r.kind) {
    case Repair::Kind::kOrder: return g_sites.Plant(r.site, r.order);
    case Repair::Kind::kBarrierBefore: return g_sites.PlantBarrier(r.site, r.order, false);
    case Repair::Kind::kBarrierAfter: return g_sites.PlantBarrier(r.site, r.order, true);
    case Repair::Kind::kUndo: return g_sites.Unplant(Change{r.site});
    default: ORDEAL_CHECK(false, "not a change of a Site");
  }
}

}  // namespace ordeal
