#include "memory/litmus/load_buffering.h"

namespace ordeal::litmus {
namespace {

using Op = Instr::Op;

bool Reads(const Instr& i) {
  return i.op == Op::kLoad || i.op == Op::kRmw || i.op == Op::kCas || i.op == Op::kAddUnless || i.op == Op::kLock || i.op == Op::kTryLock ||
         i.op == Op::kIsLocked;
}
bool Writes(const Instr& i) {
  return i.op == Op::kStore || i.op == Op::kRmw || i.op == Op::kCas || i.op == Op::kAddUnless || i.op == Op::kLock || i.op == Op::kTryLock ||
         i.op == Op::kUnlock;
}

// An RMW that is there whatever it reads.
bool AlwaysFull(const Instr& i) { return i.op == Op::kRmw && i.order == Order::kFull; }

// Everything after it is ordered behind it, always: an RMW that may fail then orders nothing.
bool HoldsBackLater(const Instr& i) {
  const bool may_fail = i.op == Op::kCas || i.op == Op::kAddUnless || i.op == Op::kTryLock;
  return i.op == Op::kLock || (i.order == Order::kAcquire && !may_fail) || AlwaysFull(i);
}
// It is ordered behind everything before it.
bool WaitsForEarlier(const Instr& i) { return i.op == Op::kUnlock || i.order == Order::kRelease || i.order == Order::kFull; }

// The variable of an address that is plainly a parameter's, whole; kNothing: it could be any.
int VariableOf(const Test& test, const Thread& thread, const std::vector<bool>& assigned, const Instr& i) {
  const Expression& e = test.expressions[i.address];
  i64 value = 0;
  if (e.op == Expression::Op::kNumber) {
    value = e.number;
  } else if (e.op == Expression::Op::kRegister && e.reg < static_cast<int>(thread.registers.size()) && !assigned[e.reg]) {
    value = thread.registers[e.reg].initial;
  } else {
    return kNothing;
  }
  const Place place = PlaceAt(test, static_cast<u64>(value));
  return place && test.variables[place.variable].size() == 1 ? place.variable : kNothing;
}

// One thread: which pairs of a read and a later write it has.
class Pairs {
 public:
  Pairs(const Test& test, const Thread& thread) : thread_(thread) {
    std::vector<bool> assigned(thread.registers.size());
    for (const Instr& i : thread.code)
      if (i.dst != kNothing && i.dst < static_cast<int>(assigned.size())) assigned[i.dst] = true;
    for (const Instr& i : thread.code) {
      variable_.push_back(i.address == kNothing ? kNothing : VariableOf(test, thread, assigned, i));
      // In arms (an `else` is one of its own) and loops nothing is sure to happen.
      if (i.op == Op::kIf || i.op == Op::kLoopStart || i.op == Op::kLoopTurn || i.op == Op::kJump) branches_ = true;
      sure_.push_back(!branches_);
      loops_ |= i.op == Op::kLoopTurn;
    }
  }

  // f(read, write): the indices of instructions, in an order in which they can run.
  template <class F>
  void ForEach(F f) const {
    const int n = static_cast<int>(thread_.code.size());
    for (int r = 0; r < n; r++) {
      if (!Reads(thread_.code[r])) continue;
      for (int w = loops_ ? 0 : r + 1; w < n; w++)
        if (Writes(thread_.code[w])) f(r, w);
    }
  }
  int variable(int i) const { return variable_[i]; }

  // Is the write sure to be ordered behind the read, when both are on one location or something between keeps them apart?
  bool Kept(int r, int w, PlainLoads plain) const {
    const Instr &read = thread_.code[r], &write = thread_.code[w];
    if (plain == PlainLoads::kNothingKept) return variable_[r] != kNothing && variable_[r] == variable_[w];
    if (plain == PlainLoads::kLkmm && write.op == Op::kStore && write.order == Order::kPlain) return false;
    if (HoldsBackLater(read) || WaitsForEarlier(write)) return true;
    const bool marked = read.order != Order::kPlain && (write.order != Order::kPlain || write.op != Op::kStore);
    if (marked && variable_[r] != kNothing && variable_[r] == variable_[w]) return true;
    for (int k = r + 1; k < w && !loops_; k++) {
      const Instr& i = thread_.code[k];
      if (sure_[k] && ((i.op == Op::kFence && i.fence == model::FenceKind::kMb) || AlwaysFull(i))) return true;
    }
    return false;
  }

 private:
  const Thread& thread_;
  std::vector<int> variable_;
  std::vector<bool> sure_;
  bool branches_ = false, loops_ = false;
};

}  // namespace

LoadBuffering::LoadBuffering(const Test& test, PlainLoads plain) {
  // reach[a][b]: a chain of threads that read a and then write b. The last index stands for any variable.
  const size_t any = test.variables.size();
  std::vector<std::vector<bool>> reach(any + 1, std::vector<bool>(any + 1));
  std::vector<Pairs> pairs;
  for (const Thread& thread : test.threads) pairs.emplace_back(test, thread);
  const auto index = [&](int variable) { return variable == kNothing ? any : static_cast<size_t>(variable); };
  for (const Pairs& p : pairs) p.ForEach([&](int r, int w) { reach[index(p.variable(r))][index(p.variable(w))] = true; });
  for (size_t v = 0; v < any; v++) {  // a read of any variable may be of this one, and a write
    for (size_t b = 0; b <= any; b++) {
      if (reach[any][b]) reach[v][b] = true;
      if (reach[b][any]) reach[b][v] = true;
    }
  }
  for (size_t via = 0; via <= any; via++)
    for (size_t a = 0; a <= any; a++)
      for (size_t b = 0; b <= any; b++)
        if (reach[a][via] && reach[via][b]) reach[a][b] = true;

  for (size_t t = 0; t < test.threads.size(); t++) {
    const Thread& thread = test.threads[t];
    lines_.emplace_back();
    pairs[t].ForEach([&](int r, int w) {
      const Instr& read = thread.code[r];
      const bool is_plain = read.op == Op::kLoad && read.order == Order::kPlain;
      if ((!is_plain || plain == PlainLoads::kNothingKept) && pairs[t].Kept(r, w, plain)) return;
      const size_t from = index(pairs[t].variable(w)), to = index(pairs[t].variable(r));
      bool closed = reach[from][to];
      for (size_t v = 0; v <= any && !closed; v++) closed = (from == any && reach[v][to]) || (to == any && reach[from][v]);
      if (!closed) return;
      any_ = true;
      if (lines_[t].size() <= static_cast<size_t>(read.line)) lines_[t].resize(static_cast<size_t>(read.line) + 1);
      lines_[t][static_cast<size_t>(read.line)] = true;
    });
  }
}

}  // namespace ordeal::litmus
