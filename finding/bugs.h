// Which bugs can be planted, and what must be said of each? The catalogue behind --bug=, --expect= and `ordeal bugs`.
//
// A planted bug is a Site weakened or an operation changed at run time, never a fork of the code. Its twin is the same shape of program
// with nothing planted, and must stay silent; a control is a correct way of doing things that must stay silent, too.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "program/program.h"
#include "program/reproducer.h"

namespace ordeal {

struct Bug {
  const char* name = "";      // "user.publish_relaxed"
  const char* side = "";      // "user", "allocator"; "control" for what must stay silent
  const char* omission = "";  // what is left out or changed
  const char* needs = "";     // which geometry or operations show it
  const char* hardware = "";  // the weakest hardware that shows it, by argument
  const char* parallel = "";  // in the kernel or elsewhere
  const char* headline = "";  // "" for controls
  const char* owner = "";
  void (*plant)() = nullptr;               // null: nothing, or what allocator/bugs.h says of the name
  void (*focus)(Program&) = nullptr;       // null: any program does
  void (*twin_focus)(Program&) = nullptr;  // of its twin; null: `focus`
};

std::span<const Bug> Bugs();  // the bugs, their twins (twin.NAME), the controls
const Bug* FindBug(std::string_view name);

// A name of the catalogue, or a Site with another order or a barrier beside it (site_change.h). NotFound or InvalidArgument, with a suggestion.
absl::Status CheckBug(const std::string& name);
// Is it a mistake of the user's side? The name was checked before.
bool IsUserBug(const std::string& name);

// Clears every plant and plants these. As CheckBug if a name is unknown (then nothing is planted).
absl::Status PlantBugs(const std::vector<std::string>& names);
// As PlantBugs, without those of the user's side: the allocator as it stands, with users who keep the contract.
absl::Status PlantAllocatorBugs(const std::vector<std::string>& names);
// Shapes a program so that the bugs can show: geometry, kinds of consume. Keeps it valid and disciplined.
void Focus(const std::vector<std::string>& names, Program& program);

}  // namespace ordeal
