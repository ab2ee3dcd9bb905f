#include "program/cache_end.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_format.h"
#include "memory/decision.h"

namespace ordeal {
namespace {

// By CPU: how many ops it has, and which of them is the last.
struct Lane {
  int ops = 0, ends = 0;
  size_t last = 0;
};
using Lanes = std::array<Lane, kMaxCpus>;

Lanes LanesOf(const Program& program) {
  Lanes lanes;
  for (size_t i = 0; i < program.ops.size(); ++i) {
    const Op& op = program.ops[i];
    Lane& lane = lanes[op.cpu];
    ++lane.ops;
    lane.ends += op.kind == OpKind::kDestroy;
    lane.last = i;
  }
  return lanes;
}

}  // namespace

int CacheUsers(const Program& program) { return static_cast<int>(std::ranges::count(program.ops, OpKind::kDestroy, &Op::kind)); }

std::string BrokenEnd(const Program& program) {
  if (CacheUsers(program) == 0) return "";
  const Lanes lanes = LanesOf(program);
  for (size_t i = 0; i < program.ops.size(); ++i) {
    const Op& op = program.ops[i];
    const size_t last = lanes[op.cpu].last;
    if (op.kind != OpKind::kDestroy || i == last) continue;
    return absl::StrFormat("op %d: got destroy before op %d of its CPU, expected nothing after it", op.id, program.ops[last].id);
  }
  for (int cpu = 0; cpu < kMaxCpus; ++cpu)
    if (lanes[cpu].ops > 0 && lanes[cpu].ends == 0)
      return absl::StrFormat("cpu %d: got no destroy, expected one on every CPU that has ops, or on none", cpu);
  return "";
}

void KeepCache(Program& program) {
  std::erase_if(program.ops, [](const Op& op) { return op.kind == OpKind::kDestroy; });
}

void EndCache(Program& program) {
  KeepCache(program);
  int id = 0;
  for (const Op& op : program.ops) id = std::max(id, op.id + 1);
  const Lanes lanes = LanesOf(program);
  const auto users = static_cast<int>(std::ranges::count_if(lanes, [](const Lane& lane) { return lane.ops > 0; }));
  if (program.ops.size() + static_cast<size_t>(users) > kMaxOps || id + users > kInitOp) return;
  for (u8 cpu = 0; cpu < kMaxCpus; ++cpu)
    if (lanes[cpu].ops > 0) program.ops.push_back({.id = static_cast<u16>(id++), .cpu = cpu, .kind = OpKind::kDestroy});
}

void MendEnd(Program& program) {
  if (BrokenEnd(program).empty()) return;
  std::array<bool, kMaxCpus> has_ops = {};
  std::vector<Op> ops, ends;
  for (const Op& op : program.ops) {
    has_ops[op.cpu] = true;
    if (op.kind != OpKind::kDestroy) ops.push_back(op);
    else if (std::ranges::find(ends, op.cpu, &Op::cpu) == ends.end()) ends.push_back(op);
  }
  if (std::ranges::count(has_ops, true) == static_cast<std::ptrdiff_t>(ends.size())) ops.insert(ops.end(), ends.begin(), ends.end());
  program.ops = std::move(ops);
}

}  // namespace ordeal
