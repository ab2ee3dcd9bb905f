// How does the execution of a finding look as a graph: who read from whom, what was overwritten, and which cycle is the reason?
#pragma once
#include <string>

#include "finding/verdict.h"

namespace ordeal {

// For Graphviz (`dot -Tsvg`): a box a CPU, a node an access or fence. Edges: po; rf from a store to who read it; co from a store to the
// next in modification order; fr from a load to the store that overwrote what it read; addr, data, ctrl. The critical cycle is red.
// Accesses of places that one CPU alone touches are left out, unless nearly nothing would be left.
std::string Graphviz(const Finding& f);

}  // namespace ordeal
