#include "memory/litmus/storable.h"

#include <algorithm>

#include "memory/litmus/follower.h"

namespace ordeal::litmus {
namespace {

using Op = Instr::Op;

// How often its code is gone through, to and fro, in one run.
int PassesOf(const Thread& thread, int turns) {
  int passes = 1;
  for (const Instr& i : thread.code)
    if (i.op == Op::kLoopTurn) passes = std::min(passes * (turns + 1), kMostPasses);
  return passes;
}

bool Stores(const Instr& i) { return i.address != kNothing && i.op != Op::kLoad && i.op != Op::kIsLocked; }

// What was stored is held from now on. False: it was all known.
bool HoldWhatIsStored(Shared* shared) {
  bool grew = false;
  for (const auto& stored : shared->stored) {
    for (const auto& [at, values] : stored) {
      Values& held = shared->held.at(at);
      const size_t before = held.size();
      for (const i64 value : values) shared->Add(&held, value);
      grew |= held.size() > before;
    }
  }
  return grew;
}

// Until nothing is stored that was not known.
void FollowAll(const Test& test, int turns, Shared* shared) {
  int rounds = 1;  // one more than an execution makes stores
  for (const Thread& thread : test.threads) rounds += PassesOf(thread, turns) * static_cast<int>(std::ranges::count_if(thread.code, Stores));
  for (bool grew = true; grew && rounds > 0; --rounds) {
    for (size_t t = 0; t < test.threads.size(); ++t) Follower(test, t, *shared).Follow(PassesOf(test.threads[t], turns));
    grew = HoldWhatIsStored(shared);
  }
}

// Do values lead both ways at every branch?
bool AllWays(const Test& test, const Shared& shared) {
  const auto both = [&](const Instr& i) { return shared.ways.contains({&i, true}) && shared.ways.contains({&i, false}); };
  const auto well = [&](const Instr& i) {
    switch (i.op) {
      case Op::kIf:
      case Op::kLoopTurn:
      case Op::kAddUnless:
      case Op::kTryLock: return both(i);
      case Op::kCas: return shared.ways.contains({&i, true});
      default: return true;
    }
  };
  return std::ranges::all_of(test.threads, [&](const Thread& t) { return std::ranges::all_of(t.code, well); });
}

}  // namespace

StorableValues StoredOnlyIfRead(const Test& test, int turns) {
  Shared shared;
  shared.stored.resize(test.threads.size());
  for (int v = 0; v < static_cast<int>(test.variables.size()); ++v)
    for (int e = 0; e < test.variables[static_cast<size_t>(v)].size(); ++e)
      shared.held[{v, e}] = Values(test.variables[static_cast<size_t>(v)].initial[static_cast<size_t>(e)]);
  FollowAll(test, turns, &shared);
  StorableValues result;
  if (AllWays(test, shared)) return result;
  const auto known = shared.stored;
  shared.both_ways = shared.all = true;
  FollowAll(test, turns, &shared);
  result.all = shared.all;
  for (size_t t = 0; t < test.threads.size(); ++t) {
    for (const auto& [at, values] : shared.stored[t]) {
      const auto before = known[t].find(at);
      for (const i64 value : values) {
        if (before != known[t].end() && std::ranges::find(before->second, value) != before->second.end()) continue;
        const u8 bytes = shared.locks.contains(at) ? 4 : 8;
        result.values.push_back({AddressOf(at.first, at.second), bytes, static_cast<int>(t), static_cast<u64>(value)});
      }
    }
  }
  return result;
}

}  // namespace ordeal::litmus
