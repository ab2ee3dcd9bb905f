// How is one access told in its lane?
#pragma once
#include <string>
#include <vector>

#include "finding/export/html_cycle.h"

namespace ordeal {

// A table cell: its words, where it is in the code, what it reads and depends on, and what is wrong with it. `part`: of HasPart().
std::string AccessCell(const Finding& f, const std::vector<bool>& part, const std::vector<CycleStep>& steps, u32 id);

// The cycle as a list, or "".
std::string CycleHtml(const Finding& f, const std::vector<CycleStep>& steps);

}  // namespace ordeal
