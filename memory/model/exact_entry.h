// engine.h's accesses, when an exploration is going on (g.exact). Internal to memory/model/.
#pragma once
#include "memory/model/engine.h"

namespace ordeal::model {

u64 ExactLoad(u64 addr, u8 bytes, Order, At, Dep addr_dep, Dep* result);
void ExactStore(u64 addr, u8 bytes, u64 value, Order, At, Dep addr_dep, Dep data_dep);
u64 ExactRmw(u64 addr, u8 bytes, RmwOp, u64 operand, Order, At, Dep addr_dep, Dep data_dep, Dep* result);
bool ExactCas(u64 addr, u8 bytes, u64 old[2], const u64 desired[2], Order, At, Dep addr_dep, Dep data_dep, Dep* result);
bool ExactAddUnless(u64 addr, u8 bytes, u64& old, u64 add, u64 unless, Order, At, Dep addr_dep, Dep data_dep, Dep* result);
void ExactFence(Order, At);
void ExactLock(u64 addr, At, Dep addr_dep);
bool ExactTryLock(u64 addr, At, Dep* result, Dep addr_dep);
void ExactUnlock(u64 addr, At, Dep addr_dep);
void ExactBeginOp();
void ExactSpin(bool gives_up);
void ExactStopWhenKept();
OpenPromises ExactPromisesOpen();
[[noreturn]] void ExactCpuDone();
u64 ExactNewest(Addr a, u8 bytes);

}  // namespace ordeal::model
