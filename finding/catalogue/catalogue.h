// Which bugs and which correct ways are in the catalogue? The lists behind finding/bugs.h; each entry is data and a function or two.
#pragma once
#include <vector>

#include "finding/bugs.h"

namespace ordeal::catalogue {

std::vector<Bug> OfUsers();
std::vector<Bug> OfAllocators();  // what allocator/bugs.h says of a bug, with what must be concluded from it
std::vector<Bug> BandAids();      // a bug, and a barrier that hides its effect or does nothing to it: the verdict stays
std::vector<Bug> Controls();      // nothing wrong: must stay silent, by the LKMM and everything stronger

}  // namespace ordeal::catalogue
