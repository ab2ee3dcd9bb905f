// How is a repair said in the kernel's words and in C11's, and what does it cost on a machine?
#pragma once
#include "finding/repair.h"
#include "memory/model/trace.h"

namespace ordeal {

// Of an access with this order, made by an operation of this type.
const char* KernelSpelling(model::EventType type, Order order);  // "smp_store_release()"
const char* C11Spelling(Order order);                            // "memory_order_release"

// Fills in the texts, the costs and the weight. `was`: the order that is replaced. `type`: of the access. Costs are those of the kernel's own
// mappings (arch/x86, arch/arm64, arch/powerpc, asm/barrier.h and asm/atomic.h).
void Spell(Repair* repair, model::EventType type, Order was, const std::string& place);

}  // namespace ordeal
