#include "finding/bugs.h"

#include "absl/strings/str_cat.h"
#include "allocator/bugs.h"
#include "base/suggest.h"
#include "finding/site_change.h"
#include "memory/site.h"
#include "run/machine.h"
#include "run/user_sites.h"

namespace ordeal {
namespace {

// ---- Planting.
void PlantPublishRelaxed() {
  namespace at = user_site;
  g_sites.Plant(at::publish_release.id, Order::kOnce);
  g_sites.Plant(at::publish_mb.id, Order::kNone);
  g_sites.Plant(at::publish_xchg.id, Order::kOnce);
}
void PlantDoubleFree() { g_sites.Plant(user_site::kDoubleFree); }
// ---- Focus. An op whose field no longer exists in a smaller object is a no-op when it runs, so geometry may change freely.
void HugeObjects(Program& p) {
  Geometry& g = p.geometry;
  if (g.page_bytes == 65536 && g.exts == Exts::kInObject && g.object_bytes >= 65536 && g.objects_per_slab() >= 2) return;
  g.page_bytes = 65536;
  g.page_order = p.ops.size() % 2 == 0 ? 1 : 2;
  g.object_bytes = g.page_order == 1 ? 65536 : 131072;
  g.exts = Exts::kInObject;
}
void LateExts(Program& p) { p.geometry.exts = Exts::kLate; }
void ConsumeOnce(Program& p) {
  for (Op& op : p.ops)
    if (op.kind == OpKind::kConsume || op.kind == OpKind::kForward) op.consume = Consume::kOnce;
}

// What allocator/bugs.h says of a bug, with what must be concluded from it.
Bug OfAllocator(const char* name, const char* hardware, const char* headline, void (*focus)(Program&)) {
  const PlantedBug* b = FindAllocatorBug(name);
  return {b->name, "allocator", b->omitted, b->needs, hardware, b->parallel, headline, "allocator", nullptr, focus};
}
Bug Control(const char* name, const char* what, void (*focus)(Program&)) { return {name, "control", what, "", "", "", "", "", nullptr, focus}; }

const std::vector<Bug>& All() {
  static const std::vector<Bug> kAll = {
      {"user.publish_relaxed", "user", "every publish is WRITE_ONCE or xchg_relaxed: release, smp_mb and full xchg are left out",
       "an object handed to another CPU that reads or frees it", "ARM and POWER (a store may pass an earlier one)",
       "snmalloc 446a729a, a relaxed exchange that hands over an object", "ordering/ARMv8+POWER", "user", PlantPublishRelaxed, nullptr},
      OfAllocator("acct.stride_u16", "any, a single CPU", "not-ordering/sequential", nullptr),
      OfAllocator("slub.exts_reader_order", "any with two CPUs", "not-ordering/interleaving", LateExts),
      {"user.double_free", "user", "every free is done twice", "any free", "any, a single CPU", "parlaylib 5af0694: a job handed out twice is freed twice",
       "not-ordering/sequential", "user", PlantDoubleFree, nullptr},
      Control("twin.user.publish_relaxed", "nothing: publishes as written", nullptr),
      Control("twin.acct.stride_u16", "nothing: the same huge objects, with a stride of 32 bits", HugeObjects),
      Control("twin.slub.exts_reader_order", "nothing: late records, obj_exts loaded first", LateExts),
      Control("twin.user.double_free", "nothing: every free is done once", nullptr),
      Control("control.addr_dep_consume", "nothing: every consume is READ_ONCE, ordered by address dependencies alone", ConsumeOnce),
  };
  return kAll;
}

void PlantOne(const Bug& b) {
  if (b.plant != nullptr) b.plant();
  if (const PlantedBug* a = FindAllocatorBug(b.name)) Plant(*a);
}

absl::Status PlantAll(const std::vector<std::string>& names, bool users) {
  for (const std::string& name : names)
    if (absl::Status s = CheckBug(name); !s.ok()) return s;
  g_sites.Clear();
  for (const std::string& name : names) {
    if (!users && IsUserBug(name)) continue;
    if (const Bug* b = FindBug(name)) {
      PlantOne(*b);
    } else {
      PlantSiteChange(*ParseSiteChange(name));
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::span<const Bug> Bugs() { return All(); }

const Bug* FindBug(std::string_view name) {
  for (const Bug& b : All())
    if (name == b.name) return &b;
  return nullptr;
}

absl::Status CheckBug(const std::string& name) {
  RegisterAllSites();
  if (IsSiteChange(name)) return ParseSiteChange(name).status();
  if (FindBug(name) != nullptr) return absl::OkStatus();
  std::vector<std::string_view> all;
  for (const Bug& b : All()) all.push_back(b.name);
  return absl::NotFoundError(absl::StrCat("no bug '", name, "'", DidYouMean(name, all), "; `ordeal bugs` lists them"));
}

bool IsUserBug(const std::string& name) {
  if (const Bug* b = FindBug(name)) return std::string_view(b->side) == "user";
  const absl::StatusOr<Repair> change = ParseSiteChange(name);
  return change.ok() && change->user;
}

absl::Status PlantBugs(const std::vector<std::string>& names) { return PlantAll(names, true); }
absl::Status PlantAllocatorBugs(const std::vector<std::string>& names) { return PlantAll(names, false); }

void Focus(const std::vector<std::string>& names, Program& program) {
  for (const std::string& name : names)
    if (const Bug* b = FindBug(name); b != nullptr && b->focus != nullptr) b->focus(program);
}

}  // namespace ordeal
