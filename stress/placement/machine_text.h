// What does a machine look like in a terminal, be it of two processors or of three thousand?
#pragma once
#include <string>

#include "stress/placement/topology.h"

namespace ordeal::stress {

// Of Topology::Describe's line and the sum of the facts: nodes, kinds of cores, cache line; and whether it is this machine.
std::string FactsText(const Topology& topology);

// The tree by package, node, last cache and core, with the L# and P# of the PUs and which of them may be used. Cores that are many are drawn
// a cache at a time, caches that are many a node at a time: a screenful or two in any case.
std::string DrawMachine(const Topology& topology);

}  // namespace ordeal::stress
