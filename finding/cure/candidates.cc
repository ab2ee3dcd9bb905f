#include "finding/cure/candidates.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "allocator/bugs.h"
#include "finding/bugs.h"
#include "finding/cure/by_weight.h"
#include "finding/cure/spelling.h"
#include "finding/event_text.h"
#include "memory/site.h"
#include "program/ops.h"
#include "run/user_sites.h"

namespace ordeal {

using model::EventType;
using model::TraceEvent;

namespace {

// A Site as the execution used it.
struct Used {
  EventType type;
  Order order;  // in force
  std::string place;
};

// Sites of accesses to what more than one CPU touches; fences are not accesses.
std::map<u16, Used> UsedSites(const Finding& f) {
  std::map<u32, std::set<u8>> cpus;
  for (const TraceEvent& e : f.trace.events)
    if (IsAccess(e))
      for (u32 g = e.addr >> 3; g <= (e.addr + e.bytes - 1) >> 3; ++g) cpus[g].insert(e.cpu);
  std::map<u16, Used> used;
  for (const TraceEvent& e : f.trace.events) {
    if (e.site == kNoSite || !IsAccess(e) || cpus[e.addr >> 3].size() < 2) continue;
    used.try_emplace(e.site,
                     Used{e.type == EventType::kRmwFailed ? EventType::kRmw : e.type, e.order, absl::StrCat(PlaceName(e), " (", WhereText(e), ")")});
  }
  return used;
}

bool IsUserSite(u16 site) { return site < kAccountingSites; }

class Collector {
 public:
  explicit Collector(std::vector<Repair>* out) : out_(*out) {}
  void Add(Repair r, EventType type, Order was, const std::string& place) {
    Spell(&r, type, was, place);
    if (std::ranges::find(out_, r) == out_.end()) out_.push_back(std::move(r));
  }
  void Order(u16 site, ordeal::Order order, const Used& u) {
    Add({.kind = Repair::Kind::kOrder, .user = IsUserSite(site), .site = site, .order = order}, u.type, u.order, u.place);
  }
  void Barrier(u16 site, ordeal::Order barrier, bool after, const Used& u) {
    Add({.kind = after ? Repair::Kind::kBarrierAfter : Repair::Kind::kBarrierBefore, .user = IsUserSite(site), .site = site, .order = barrier},
        u.type, u.order, u.place);
  }

 private:
  std::vector<Repair>& out_;
};

void StrongerAccess(u16 site, const Used& u, Collector* add) {
  const auto below = [&](Order o) { return u.order == Order::kPlain || u.order == Order::kOnce || (o == Order::kFull && u.order != Order::kFull); };
  switch (u.type) {
    case EventType::kLoad:
      if (below(Order::kAcquire)) add->Order(site, Order::kAcquire, u);
      add->Barrier(site, Order::kRmb, true, u);
      add->Barrier(site, Order::kRmb, false, u);
      break;
    case EventType::kStore:
      if (below(Order::kRelease)) add->Order(site, Order::kRelease, u);
      add->Barrier(site, Order::kWmb, false, u);
      break;
    case EventType::kRmw:
      if (u.order == Order::kOnce) add->Order(site, Order::kAcquire, u);
      if (u.order == Order::kOnce) add->Order(site, Order::kRelease, u);
      if (below(Order::kFull)) add->Order(site, Order::kFull, u);
      break;
    default: return;
  }
  add->Barrier(site, Order::kMb, false, u);
  add->Barrier(site, Order::kMb, true, u);
}

// What was planted weaker is offered as it is written, also where nothing is left of it in the execution (a barrier).
void AsWritten(const std::map<u16, Used>& used, Collector* add) {
  for (u16 id = 0; id < kMaxSites; ++id) {
    const SiteInfo* site = FindSite(id);
    if (site == nullptr || g_sites.order(id) == kAsWritten || g_sites.order(id) == site->order) continue;
    const auto u = used.find(id);
    if (u == used.end() && !IsBarrier(site->order)) continue;
    add->Order(id, site->order, u != used.end() ? u->second : Used{EventType::kFence, g_sites.order(id), absl::StrCat(site->table, ".", site->name)});
  }
}

void StrongerHandOvers(const Finding& f, Collector* add) {
  for (const Op& op : f.reproducer.program.ops) {
    const std::string place = OpLine(f.reproducer, op.id);
    Repair r{.user = true, .op = op.id};
    if (Publishes(op.kind) && (op.publish == Publish::kPlain || op.publish == Publish::kOnce || op.publish == Publish::kWmb)) {
      r.kind = Repair::Kind::kPublish;
      r.publish = Publish::kRelease;
      add->Add(r, EventType::kStore, Order::kOnce, place);
    }
    if (!Consumes(op.kind)) continue;
    r.kind = Repair::Kind::kConsume;
    const auto offer = [&](Consume c) {
      r.consume = c;
      add->Add(r, EventType::kLoad, Order::kOnce, place);
    };
    if (op.consume == Consume::kPlain) offer(Consume::kOnce);
    if (op.consume == Consume::kPlain || op.consume == Consume::kOnce || op.consume == Consume::kRmb) offer(Consume::kAcquire);
    if (op.consume == Consume::kXchgRelaxed) offer(Consume::kXchgAcquire);
  }
}

// A planted Change knows what the code does without it.
void Undone(const Finding& f, Collector* add) {
  for (const std::string& name : f.reproducer.bugs) {
    Repair r{.kind = Repair::Kind::kUndo};
    if (const PlantedBug* b = FindAllocatorBug(name); b != nullptr && b->change >= 0) {
      r.site = static_cast<u16>(b->change);
      r.kernel = b->repair;
      add->Add(r, EventType::kFence, Order::kNone, b->allocator != nullptr ? b->allocator : "accounting");
    } else if (name == "user.double_free") {
      r.user = true;
      r.site = user_site::kDoubleFree.id;
      r.kernel = "free once";
      add->Add(r, EventType::kFence, Order::kNone, "the user");
    }
  }
}

void Locks(const Finding& f, Collector* add) {
  const std::vector<Op>& ops = f.reproducer.program.ops;
  for (const Op& a : ops)
    for (const Op& b : ops)
      if (a.cpu < b.cpu) {
        Repair r{.kind = Repair::Kind::kLock, .user = false, .op = a.id, .other_op = b.id};
        add->Add(r, EventType::kLock, Order::kNone, absl::StrCat("'", OpLine(f.reproducer, a.id), "' and '", OpLine(f.reproducer, b.id), "'"));
      }
}

}  // namespace

std::vector<Repair> Candidates(const Finding& f, bool ordering) {
  std::vector<Repair> all;
  Collector add(&all);
  Undone(f, &add);
  if (ordering) {
    const std::map<u16, Used> used = UsedSites(f);
    AsWritten(used, &add);
    StrongerHandOvers(f, &add);
    for (const auto& [site, u] : used) StrongerAccess(site, u, &add);
  } else {
    Locks(f, &add);
  }
  SortByWeight(all, [](const Repair& r) { return r.weight; });
  return all;
}

std::vector<Repair> Weakenings(const Finding& f) {
  std::vector<Repair> all;
  Collector add(&all);
  for (const auto& [site, u] : UsedSites(f))
    if (u.order == Order::kAcquire || u.order == Order::kRelease || u.order == Order::kFull) add.Order(site, Order::kOnce, u);
  for (const TraceEvent& e : f.trace.events)
    if (e.type == EventType::kFence && e.site != kNoSite && FindSite(e.site) != nullptr && IsBarrier(FindSite(e.site)->order))
      add.Order(e.site, Order::kNone, {e.type, e.order, absl::StrCat(PlaceName(e), " (", WhereText(e), ")")});
  return all;
}

}  // namespace ordeal
