#include "program/sensible_op.h"

#include <array>
#include <bit>

#include "program/custody.h"
#include "program/ops.h"
#include "program/story.h"

namespace ordeal {
namespace {

// What one CPU holds at a place, and which slots are free or waiting to be taken.
class Situation {
 public:
  Situation(const Program& p, size_t place, u8 cpu) {
    for (size_t i = 0; i < place; ++i)
      if (custody_.Breach(p.ops[i]).empty()) custody_.Do(p.ops[i]);
    for (int reg = 0; reg < kRegisters; ++reg) holds_[reg] = custody_.InRegister(cpu, reg);
    free_slots_ = FreeSlots(p);
    for (const Op& op : p.ops) {
      if (Publishes(op.kind)) waiting_ |= 1u << Target(op);
      if (Consumes(op.kind)) taken_ |= 1u << op.slot;
    }
  }
  // Registers whose holding is in this set of FitFor.
  unsigned With(unsigned holdings) const {
    unsigned registers = 0;
    for (int reg = 0; reg < kRegisters; ++reg) registers |= (holdings >> static_cast<int>(holds_[reg]) & 1) << reg;
    return registers;
  }
  unsigned empty() const { return With(1u << static_cast<int>(Holding::kNothing)); }
  unsigned free_slots() const { return free_slots_; }
  unsigned waiting() const { return waiting_ & ~taken_; }

  // How likely each kind is here, against an alloc's 20.
  unsigned Weight(OpKind kind) const {
    const bool possible = (!UsesRegister(kind) || Fills(kind) || With(FitFor(kind)) != 0) && (!Publishes(kind) || free_slots_ != 0) &&
                          (!Consumes(kind) || waiting() != 0) && (kind != OpKind::kLink || With(FitFor(OpKind::kLend)) != 0);
    constexpr std::array<u8, kOpKinds> kWeights = {20, 20, 15, 15, 15, 30, 10, 8, 20, 5, 15, 15, 3, 3, 3, 3, 3, 0, 2};
    return possible ? kWeights[static_cast<size_t>(kind)] : 0;
  }

 private:
  Custody custody_;
  std::array<Holding, kRegisters> holds_;
  unsigned free_slots_ = 0, waiting_ = 0, taken_ = 0;
};

}  // namespace

std::optional<u8> AnyBit(unsigned mask, Rng& rng) {
  if (mask == 0) return std::nullopt;
  for (uint64_t skip = rng.Below(static_cast<unsigned>(std::popcount(mask))); skip > 0; --skip) mask &= mask - 1;
  return static_cast<u8>(std::countr_zero(mask));
}

Op SensibleOp(const Program& p, size_t place, Rng& rng) {
  Op op;
  op.cpu = static_cast<u8>(rng.Below(p.geometry.cpus));
  const Situation here(p, place, op.cpu);
  std::array<unsigned, kOpKinds> weights;
  for (int k = 0; k < kOpKinds; ++k) weights[k] = here.Weight(static_cast<OpKind>(k));
  op.kind = static_cast<OpKind>(rng.Weighted(weights));
  if (op.kind == OpKind::kMigrate) {
    op.to = static_cast<u8>(rng.Below(p.geometry.cpus));
    op.irq = static_cast<u8>(rng.Percent(50) ? rng.Between(1, 9) : 0);
    return op;
  }
  if (IsHousekeeping(op.kind)) {
    Op kept = RandomHousekeeping(rng, p.geometry);
    kept.cpu = op.cpu;
    return kept;
  }
  const std::optional<u8> free = AnyBit(here.free_slots(), rng), waiting = AnyBit(here.waiting(), rng);
  op.reg = AnyBit(Fills(op.kind) || !UsesRegister(op.kind) ? here.empty() : here.With(FitFor(op.kind)), rng).value_or(0);
  op.reg2 = AnyBit(op.kind == OpKind::kLink ? here.With(FitFor(OpKind::kLend)) : here.empty(), rng).value_or(0);
  op.slot = Consumes(op.kind) ? waiting.value_or(0) : free.value_or(0);
  op.slot2 = free.value_or(0);
  op.field = static_cast<u8>(rng.Below(kFields));
  op.charge = RandomCharge(rng, p.geometry);
  op.counted = rng.Percent(15);
  op.later = rng.Percent(25);
  op.publish = RandomlyLocked(rng) ? Publish::kLocked : RandomPublish(rng);
  op.consume = RandomConsume(rng);
  op.put = RandomPut(rng);
  return op;
}

}  // namespace ordeal
