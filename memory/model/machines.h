// Which executions do real machines show, and which does C11 allow?
//
// One function for each rung between SC and the LKMM, and one for RC11; ladder.h chooses among them. The graph holds what the kernel's
// source says; each file first says which instructions that becomes there (as the kernel has it), then what the machine promises for
// them. Plain accesses are ordinary loads and stores, in program order: the compiler has taken no liberty. A control dependency reaches
// as far as the graph says (to the end of the arms), though a machine's branch goes on beyond. Sources:
//
//   TSO     Owens, Sarkar, Sewell: A better x86 memory model: x86-TSO (TPHOLs 2009)
//   ARMv8   Pulte et al.: Simplifying ARM concurrency (POPL 2018); aarch64.cat of herd7 for LDAPR and the atomic instructions
//   POWER   Alglave, Maranget, Tautschnig: Herding cats (TOPLAS 2014); ppc.cat of herd7
//   RC11    Lahav et al.: Repairing sequential consistency in C/C++11 (PLDI 2017)
#pragma once
#include "memory/model/graph.h"
#include "memory/model/judge.h"

namespace ordeal::model {

// The instruction of smp_load_acquire(): LDAPR may overtake an earlier STLR to another location (RCpc), LDAR may not (RCsc).
enum class Armv8Acquire : u8 { kLdapr, kLdar };

Judgement JudgeTso(const Graph& g);
Judgement JudgeArmv8(const Graph& g, Armv8Acquire acquire);
Judgement JudgePower(const Graph& g);
Judgement JudgeRc11(const Graph& g, bool want_race);

}  // namespace ordeal::model
