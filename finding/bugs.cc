#include "finding/bugs.h"

#include <deque>

#include "absl/strings/str_cat.h"
#include "allocator/bugs.h"
#include "base/suggest.h"
#include "finding/catalogue/catalogue.h"
#include "finding/site_change.h"
#include "memory/site.h"
#include "program/interrupts.h"
#include "run/machine.h"
#include "run/user_sites.h"

namespace ordeal {
namespace {

// The bugs, then a twin of each (the same shape of program, nothing planted), then the controls.
const std::vector<Bug>& All() {
  static std::deque<std::string> names;
  static const std::vector<Bug> kAll = [] {
    std::vector<Bug> all;
    for (const std::vector<Bug>& list : {catalogue::OfUsers(), catalogue::OfAllocators(), catalogue::BandAids()})
      all.insert(all.end(), list.begin(), list.end());
    for (size_t i = 0, bugs = all.size(); i < bugs; ++i) {
      names.push_back(absl::StrCat("twin.", all[i].name));
      all.push_back({.name = names.back().c_str(),
                     .side = "control",
                     .omission = "nothing: programs of the same shape",
                     .focus = all[i].twin_focus != nullptr ? all[i].twin_focus : all[i].focus});
    }
    const std::vector<Bug> controls = catalogue::Controls();
    all.insert(all.end(), controls.begin(), controls.end());
    return all;
  }();
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
  MendInterrupts(program);
}

}  // namespace ordeal
