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

// The lowest register of the CPU that is empty at `first` and not mentioned until `last`; any one if there is none.
u8 RegisterFor(const std::vector<Op>& ops, const std::vector<bool>& placed, const Hold& hold, Rng& rng) {
  unsigned busy = 0;
  for (size_t i = 0; i <= hold.last; ++i) {
    const Op& op = ops[i];
    if (!placed[i] || op.cpu != hold.cpu || !UsesRegister(op.kind)) continue;
    const unsigned bit = 1u << op.reg;
    if (Empties(op.kind) && i < hold.first) busy &= ~bit;
    else busy |= bit;
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
  std::vector<Op> merged;
  std::vector<int> object;  // -1: was there before
  const bool in_one_go = rng.Percent(25);
  const size_t start = in_one_go ? rng.Below(program.ops.size() + 1) : 0;
  for (size_t i = 0, j = 0; i < program.ops.size() || j < story.size();) {
    const size_t olds = program.ops.size() - i, news = story.size() - j;
    const bool take_new = in_one_go ? news > 0 && i >= start : rng.Below(olds + news) < news;
    merged.push_back(take_new ? story[j].op : program.ops[i]);
    object.push_back(take_new ? story[j++].object : (++i, -1));
  }
  std::vector<bool> placed(merged.size());
  for (size_t i = 0; i < merged.size(); ++i) placed[i] = object[i] < 0;
  std::map<int, std::vector<size_t>> holding;  // object -> its places since the last fill
  const auto place = [&](std::vector<size_t>& places, size_t last) {
    if (places.empty()) return;
    const u8 reg = RegisterFor(merged, placed, {merged[places[0]].cpu, places[0], last}, rng);
    for (size_t at : places) merged[at].reg = reg, placed[at] = true;
    places.clear();
  };
  for (size_t i = 0; i < merged.size(); ++i) {
    if (object[i] < 0 || !UsesRegister(merged[i].kind)) continue;
    std::vector<size_t>& places = holding[object[i]];
    places.push_back(i);
    if (Empties(merged[i].kind)) place(places, i);
  }
  for (auto& [number, places] : holding) place(places, merged.size() - 1);  // never released
  program.ops = std::move(merged);
}

}  // namespace ordeal
