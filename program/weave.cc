// FreeSlots and Weave of story.h: how a story finds its place among the ops of a program.
#include <map>
#include <utility>
#include <vector>

#include "program/ops.h"
#include "program/story.h"

namespace ordeal {
namespace {

// Where one object is in a register: from its fill to its release, as places in a list of ops.
struct Hold {
  u8 cpu = 0;
  size_t first = 0;
  size_t last = 0;
};

// One operand of one op.
struct Place {
  size_t at = 0;
  bool second = false;
};

// Ops, and which of their registers have been chosen.
struct Woven {
  std::vector<Op> ops;
  std::vector<bool> placed[2];  // the first, the second register

  u8& Register(const Place& p) { return p.second ? ops[p.at].reg2 : ops[p.at].reg; }
  void Put(const Place& p, u8 reg) {
    Register(p) = reg;
    placed[p.second][p.at] = true;
  }
};

// The lowest register of the CPU that is empty at `first` and not mentioned until `last`; any one if there is none.
u8 RegisterFor(const Woven& woven, const Hold& hold, Rng& rng) {
  unsigned busy = 0;
  for (size_t i = 0; i <= hold.last; ++i) {
    const Op& op = woven.ops[i];
    if (op.cpu != hold.cpu) continue;
    if (UsesRegister(op.kind) && woven.placed[0][i]) {
      const unsigned bit = 1u << op.reg;
      if (Empties(op.kind) && i < hold.first) busy &= ~bit;
      else busy |= bit;
    }
    if (UsesSecondRegister(op.kind) && woven.placed[1][i]) busy |= 1u << op.reg2;
  }
  for (u8 reg = 0; reg < kRegisters; ++reg) {
    if (!(busy >> reg & 1)) return reg;
  }
  return static_cast<u8>(rng.Below(kRegisters));
}

}  // namespace

unsigned FreeSlots(const Program& program) {
  unsigned used = 0;
  for (const Op& op : program.ops) {
    if (Consumes(op.kind)) used |= 1u << op.slot;
    if (Publishes(op.kind)) used |= 1u << Target(op);
  }
  return ~used & ((1u << kSlots) - 1);
}

void Weave(Program& program, const Story& story, Rng& rng) {
  // A riffle in which every interleaving is equally likely; sometimes the story is told in one go.
  Woven woven;
  std::vector<const Step*> steps;  // null: was there before
  const bool in_one_go = rng.Percent(25);
  const size_t start = in_one_go ? rng.Below(program.ops.size() + 1) : 0;
  for (size_t i = 0, j = 0; i < program.ops.size() || j < story.size();) {
    const size_t olds = program.ops.size() - i, news = story.size() - j;
    const bool take_new = in_one_go ? news > 0 && i >= start : rng.Below(olds + news) < news;
    woven.ops.push_back(take_new ? story[j].op : program.ops[i]);
    steps.push_back(take_new ? &story[j++] : (++i, nullptr));
  }
  for (std::vector<bool>& placed : woven.placed) {
    for (const Step* step : steps) placed.push_back(step == nullptr);
  }
  std::map<int, std::vector<Place>> holding;  // object -> its places since the last fill
  const auto place = [&](std::vector<Place>& places, size_t last) {
    if (places.empty()) return;
    const u8 reg = RegisterFor(woven, {woven.ops[places[0].at].cpu, places[0].at, last}, rng);
    for (const Place& p : places) woven.Put(p, reg);
    places.clear();
  };
  for (size_t i = 0; i < steps.size(); ++i) {
    if (steps[i] == nullptr || !UsesRegister(steps[i]->op.kind)) continue;
    std::vector<Place>& places = holding[steps[i]->object];
    places.push_back({i, false});
    if (UsesSecondRegister(steps[i]->op.kind)) holding[steps[i]->second].push_back({i, true});
    if (Empties(steps[i]->op.kind)) place(places, i);
  }
  for (auto& [number, places] : holding) place(places, steps.size() - 1);  // never released
  program.ops = std::move(woven.ops);
}

}  // namespace ordeal
