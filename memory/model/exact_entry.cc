#include "memory/model/exact_entry.h"

#include "memory/model/access.h"
#include "memory/model/exact_machine.h"

namespace ordeal::model {
namespace {

using Kind = Access::Kind;

Access Make(Kind kind, u64 address, u8 bytes, Order order, At at, Dep addr_dep, Dep data_dep) {
  Access a{kind, Checked(address, bytes), bytes, order, at};
  a.addr_dep = addr_dep;
  a.data_dep = data_dep;
  return a;
}

// Values of accesses of 8 bytes or less stand in place within their granule.
u64 InPlace(const Access& a, u64 value) { return a.bytes == 16 ? value : (value << 8 * (a.address & 7)) & BitsOf(MaskOf(a.address, a.bytes)); }
u64 OutOf(const Access& a, u64 word) { return a.bytes == 16 ? word : word >> 8 * (a.address & 7); }

}  // namespace

u64 ExactLoad(u64 addr, u8 bytes, Order order, At at, Dep addr_dep, Dep* result) {
  const Access a = Make(Kind::kLoad, addr, bytes, order, at, addr_dep, 0);
  u64 old[2];
  g.exact->Perform(a, old, result);
  return OutOf(a, old[0]);
}

void ExactStore(u64 addr, u8 bytes, u64 value, Order order, At at, Dep addr_dep, Dep data_dep) {
  Access a = Make(Kind::kStore, addr, bytes, order, at, addr_dep, data_dep);
  a.operand[0] = InPlace(a, value);
  u64 old[2];
  Dep none;
  g.exact->Perform(a, old, &none);
}

u64 ExactRmw(u64 addr, u8 bytes, RmwOp op, u64 operand, Order order, At at, Dep addr_dep, Dep data_dep, Dep* result) {
  Access a = Make(Kind::kRmw, addr, bytes, order, at, addr_dep, data_dep);
  a.op = op;
  a.operand[0] = InPlace(a, operand);
  u64 old[2];
  g.exact->Perform(a, old, result);
  return OutOf(a, old[0]);
}

bool ExactCas(u64 addr, u8 bytes, u64 old[2], const u64 desired[2], Order order, At at, Dep addr_dep, Dep data_dep, Dep* result) {
  Access a = Make(Kind::kCas, addr, bytes, order, at, addr_dep, data_dep);
  const int granules = bytes == 16 ? 2 : 1;
  for (int i = 0; i < granules; ++i) {
    a.expected[i] = InPlace(a, old[i]);
    a.operand[i] = InPlace(a, desired[i]);
  }
  u64 read[2];
  const bool wrote = g.exact->Perform(a, read, result);
  for (int i = 0; i < granules; ++i) old[i] = OutOf(a, read[i]);
  return wrote;
}

bool ExactAddUnless(u64 addr, u8 bytes, u64& old, u64 add, u64 unless, Order order, At at, Dep addr_dep, Dep data_dep, Dep* result) {
  Access a = Make(Kind::kAddUnless, addr, bytes, order, at, addr_dep, data_dep);
  a.operand[0] = InPlace(a, add);
  a.expected[0] = InPlace(a, unless);
  u64 read[2];
  const bool wrote = g.exact->Perform(a, read, result);
  old = OutOf(a, read[0]);
  return wrote;
}

void ExactFence(Order order, At at) { g.exact->Fence(order, at); }

void ExactLock(u64 addr, At at, Dep addr_dep) {
  Access a = Make(Kind::kLock, addr, 4, Order::kAcquire, at, addr_dep, 0);
  a.operand[0] = InPlace(a, 1);
  u64 old[2];
  Dep none;
  g.exact->Perform(a, old, &none);
}

bool ExactTryLock(u64 addr, At at, Dep* result, Dep addr_dep) {
  Access a = Make(Kind::kTryLock, addr, 4, Order::kAcquire, at, addr_dep, 0);
  a.operand[0] = InPlace(a, 1);
  u64 old[2];
  return g.exact->Perform(a, old, result);
}

void ExactUnlock(u64 addr, At at, Dep addr_dep) {
  const Access a = Make(Kind::kUnlock, addr, 4, Order::kRelease, at, addr_dep, 0);
  u64 old[2];
  Dep none;
  g.exact->Perform(a, old, &none);
}

void ExactBeginOp() { g.exact->BeginOp(); }
void ExactSpin(bool gives_up) { g.exact->Spin(gives_up); }
void ExactStopWhenKept() { g.exact->StopWhenKept(); }
OpenPromises ExactPromisesOpen() { return g.exact->PromisesOpen(); }

void ExactCpuDone() {
  g.exact->CpuDone();
  __builtin_unreachable();
}

u64 ExactNewest(Addr a, u8 bytes) { return g.exact->Newest(a, bytes); }

}  // namespace ordeal::model
