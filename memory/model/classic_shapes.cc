#include "memory/model/classic_shapes.h"

#include <cstdlib>
#include <cstring>
#include <sstream>

#include "base/check.h"
#include "memory/model/model.h"

namespace ordeal::model {
namespace {

constexpr Addr kVariables = 4096, kLock = 8192;
Model::Word<u64>* Variable(int index) { return reinterpret_cast<Model::Word<u64>*>(kArenaBase + kVariables) + 8 * index; }
Model::Spinlock* LockAt(int index) { return reinterpret_cast<Model::Spinlock*>(kArenaBase + kLock + 64 * index); }

int VariableIndex(char c) {
  static const char kNames[] = "xyzwabcd";
  const char* at = std::strchr(kNames, c);
  ORDEAL_CHECK(at != nullptr && c != 0, "a shape's variables are x y z w a b c d");
  return static_cast<int>(at - kNames);
}

std::vector<std::string> Split(const std::string& text, char by) {
  std::vector<std::string> parts;
  std::stringstream in(text);
  for (std::string part; std::getline(in, part, by);) parts.push_back(part);
  return parts;
}

}  // namespace

struct ShapeRunner::Instruction {
  enum Kind : u8 { kLoad, kStore, kXchg, kAdd, kInc, kFence, kLockIt, kUnlockIt } kind = kLoad;
  Order order = Order::kOnce;
  int variable = 0, reg = 0, dep_reg = -1;
  u64 value = 0;
  enum Dependency : u8 { kNoDep, kAddr, kData, kCtrl } dep = kNoDep;

  static Instruction Parse(const std::string& text);
};

namespace {

Order SuffixOrder(const std::string& word) {
  if (word.ends_with("_relaxed")) return Order::kOnce;
  if (word.ends_with("_acquire")) return Order::kAcquire;
  if (word.ends_with("_release")) return Order::kRelease;
  return Order::kFull;
}

}  // namespace

ShapeRunner::Instruction ShapeRunner::Instruction::Parse(const std::string& text) {
  Instruction i;
  std::vector<std::string> words;
  for (const std::string& w : Split(text, ' '))
    if (!w.empty()) words.push_back(w);
  const std::string& first = words.at(0);
  if (first == "mb" || first == "rmb" || first == "wmb") {
    i.kind = kFence;
    i.order = first == "mb" ? Order::kMb : first == "rmb" ? Order::kRmb : Order::kWmb;
    return i;
  }
  if (first == "lock" || first == "unlock") {
    i.kind = first == "lock" ? kLockIt : kUnlockIt;
    i.variable = words.at(1) == "l" ? 0 : 1;
    return i;
  }
  if (first == "inc") {
    i.kind = kInc;
    i.order = Order::kNoReturn;
    i.variable = VariableIndex(words.at(1)[0]);
    return i;
  }
  const bool plain = first.find(":=") != std::string::npos;
  const size_t eq = first.find('=');
  const std::string left = first.substr(0, eq - (plain ? 1 : 0)), right = first.substr(eq + 1);
  size_t next = 1;
  i.order = plain ? Order::kPlain : Order::kOnce;
  if (left[0] == 'r' && left.size() == 2) {
    i.reg = left[1] - '0';
    if (right.starts_with("xchg") || right.starts_with("add")) {
      i.kind = right.starts_with("xchg") ? kXchg : kAdd;
      i.order = SuffixOrder(right);
      i.variable = VariableIndex(words.at(1)[0]);
      i.value = std::strtoull(words.at(2).c_str(), nullptr, 0);
      next = 3;
    } else if (right == "acq") {
      i.order = Order::kAcquire;
      i.variable = VariableIndex(words.at(1)[0]);
      next = 2;
    } else {
      i.variable = VariableIndex(right[0]);
    }
  } else {
    i.kind = kStore;
    i.variable = VariableIndex(left[0]);
    if (right == "rel") {
      i.order = Order::kRelease;
      i.value = std::strtoull(words.at(1).c_str(), nullptr, 0);
      next = 2;
    } else {
      i.value = std::strtoull(right.c_str(), nullptr, 0);
    }
  }
  if (next < words.size()) {
    i.dep = words[next] == "addr" ? kAddr : words[next] == "data" ? kData : kCtrl;
    i.dep_reg = words.at(next + 1)[1] - '0';
  }
  return i;
}

ShapeRunner::ShapeRunner(const Shape& shape) {
  for (const std::string& thread : Split(shape.code, '|')) {
    threads_.emplace_back();
    for (const std::string& instruction : Split(thread, ';')) threads_.back().push_back(Instruction::Parse(instruction));
  }
  for (const std::string& part : Split(shape.outcome, ' ')) {
    if (part.empty()) continue;
    const size_t eq = part.find('=');
    const u64 value = std::strtoull(part.c_str() + eq + 1, nullptr, 0);
    if (part[1] == ':') {
      outcome_.push_back({part[0] - '0', part[3] - '0', value});
    } else {
      outcome_.push_back({-1, VariableIndex(part[0]), value});
    }
  }
}

ShapeRunner::~ShapeRunner() = default;

void ShapeRunner::Body(void* self, int cpu) { static_cast<ShapeRunner*>(self)->Execute(cpu); }

void ShapeRunner::Execute(int cpu) {
  BeginOp(static_cast<u16>(cpu));
  SetUser(true, 0);
  Tracked<u64> regs[8];
  for (const Instruction& i : threads_[cpu]) {
    Tracked<u64> dep = i.dep_reg >= 0 ? regs[i.dep_reg] : Tracked<u64>();
    if (i.dep == Instruction::kCtrl) Branch(dep.dep());
    const Tracked<u64> zero = dep ^ dep;
    const Tracked<Model::Word<u64>*> at =
        Model::at<Model::Word<u64>>(reinterpret_cast<u64>(Variable(i.variable)) + (i.dep == Instruction::kAddr ? zero : Tracked<u64>()));
    const Tracked<u64> value = i.value + (i.dep == Instruction::kData ? zero : Tracked<u64>());
    const u16 site = static_cast<u16>(kTestSites + i.variable);
    switch (i.kind) {
      case Instruction::kLoad: regs[i.reg] = at->load(i.order, site); break;
      case Instruction::kStore: at->store(value, i.order, site); break;
      case Instruction::kXchg: regs[i.reg] = at->exchange(value, i.order, site); break;
      case Instruction::kAdd: regs[i.reg] = at->fetch(RmwOp::kAdd, value, i.order, site); break;
      case Instruction::kInc: at->fetch(RmwOp::kAdd, 1, Order::kNoReturn, site); break;
      case Instruction::kFence: Model::fence(i.order, site); break;
      case Instruction::kLockIt: LockAt(i.variable)->lock(); break;
      case Instruction::kUnlockIt: LockAt(i.variable)->unlock(); break;
    }
  }
  for (int r = 0; r < 8; ++r) registers_[cpu][r] = regs[r].raw();
}

bool ShapeRunner::Run(const RunOptions& options, RunResult* result) {
  *result = model::Run(threads(), &Body, this, options);
  return Reached();
}

bool ShapeRunner::Explore(const ExactOptions& options, ExactResult* result, const std::function<void(const Execution&)>& also) {
  bool reached = false;
  *result = model::Explore(threads(), &Body, this, options, [&](const Execution& e) {
    reached |= Reached();
    also(e);
  });
  return reached;
}

bool ShapeRunner::Reached() const {
  for (const Condition& c : outcome_) {
    const u64 got = c.thread >= 0 ? registers_[c.thread][c.index] : Model::peek(*Variable(c.index));
    if (got != c.value) return false;
  }
  return true;
}

const std::vector<Shape>& ClassicShapes() {
  constexpr Allowed kNo = Allowed::kNever, kYes = Allowed::kSometimes;
  static const std::vector<Shape> kShapes = {
      {"MP+once+once", "x=1; y=1 | r0=y; r1=x", "1:r0=1 1:r1=0", kYes},
      {"MP+wmb+once", "x=1; wmb; y=1 | r0=y; r1=x", "1:r0=1 1:r1=0", kYes},
      {"MP+once+rmb", "x=1; y=1 | r0=y; rmb; r1=x", "1:r0=1 1:r1=0", kYes},
      {"MP+wmb+rmb", "x=1; wmb; y=1 | r0=y; rmb; r1=x", "1:r0=1 1:r1=0", kNo},
      {"MP+wmb+addr", "x=1; wmb; y=1 | r0=y; r1=x addr r0", "1:r0=1 1:r1=0", kNo},
      {"MP+wmb+addr-acq", "x=1; wmb; y=1 | r0=y; r1=acq z addr r0; r2=x", "1:r0=1 1:r2=0", kNo},
      {"MP+wmb+data-rfi-acq", "x=1; wmb; y=1 | r0=y; a=1 data r0; r1=acq a; r2=x", "1:r0=1 1:r2=0", kNo},
      {"MP+wmb+ctrl", "x=1; wmb; y=1 | r0=y; r1=x ctrl r0", "1:r0=1 1:r1=0", kYes},
      {"MP+wmb+acq", "x=1; wmb; y=1 | r0=acq y; r1=x", "1:r0=1 1:r1=0", kNo},
      {"MP+rel+acq", "x=1; y=rel 1 | r0=acq y; r1=x", "1:r0=1 1:r1=0", kNo},
      {"MP+rel+rmb", "x=1; y=rel 1 | r0=y; rmb; r1=x", "1:r0=1 1:r1=0", kNo},
      {"MP+rel+addr", "x=1; y=rel 1 | r0=y; r1=x addr r0", "1:r0=1 1:r1=0", kNo},
      {"MP+rel+once", "x=1; y=rel 1 | r0=y; r1=x", "1:r0=1 1:r1=0", kYes},
      {"MP+mb+mb", "x=1; mb; y=1 | r0=y; mb; r1=x", "1:r0=1 1:r1=0", kNo},
      {"MP+mb+addr", "x=1; mb; y=1 | r0=y; r1=x addr r0", "1:r0=1 1:r1=0", kNo},
      {"MP+once+acq", "x=1; y=1 | r0=acq y; r1=x", "1:r0=1 1:r1=0", kYes},
      {"MP+once+mb", "x=1; y=1 | r0=y; mb; r1=x", "1:r0=1 1:r1=0", kYes},
      {"MP+rmb+acq", "x=1; rmb; y=1 | r0=acq y; r1=x", "1:r0=1 1:r1=0", kYes},
      {"MP+porel-once+acq", "x=rel 1; y=1 | r0=acq y; r1=x", "1:r0=1 1:r1=0", kYes},
      {"MP+xchg+acq", "x=1; r0=xchg y 1 | r0=acq y; r1=x", "1:r0=1 1:r1=0", kNo},
      {"MP+xchg_relaxed+acq", "x=1; r0=xchg_relaxed y 1 | r0=acq y; r1=x", "1:r0=1 1:r1=0", kYes},
      {"MP+xchg_release+xchg_acquire", "x=1; r0=xchg_release y 1 | r0=xchg_acquire y 2; r1=x", "1:r0=1 1:r1=0", kNo},
      {"MP+rel+add_relaxed+acq", "x=1; y=rel 1 | r0=add_relaxed y 1 | r0=acq y; r1=x", "2:r0=2 1:r0=1 2:r1=0", kNo},
      {"MP+inc+acq", "x=1; inc y | r0=acq y; r1=x", "1:r0=1 1:r1=0", kYes},
      {"MP+lock+lock", "lock l; x=1; y=1; unlock l | lock l; r0=y; r1=x; unlock l", "1:r0=1 1:r1=0", kNo},
      {"MP+lock+once", "lock l; x=1; y=1; unlock l | r0=y; r1=x", "1:r0=1 1:r1=0", kYes},
      {"MP+lock+acq", "lock l; x=1; y=1; unlock l | r0=acq y; r1=x", "1:r0=1 1:r1=0", kYes},
      {"MP+two-locks+acq", "lock l; x=1; unlock l; lock l; y=1; unlock l | r0=acq y; r1=x", "1:r0=1 1:r1=0", kNo},
      {"SB+once+once", "x=1; r0=y | y=1; r0=x", "0:r0=0 1:r0=0", kYes},
      {"SB+mb+mb", "x=1; mb; r0=y | y=1; mb; r0=x", "0:r0=0 1:r0=0", kNo},
      {"SB+mb+once", "x=1; mb; r0=y | y=1; r0=x", "0:r0=0 1:r0=0", kYes},
      {"SB+rel-acq", "x=rel 1; r0=acq y | y=rel 1; r0=acq x", "0:r0=0 1:r0=0", kYes},
      {"SB+wmb+rmb", "x=1; wmb; rmb; r0=y | y=1; wmb; rmb; r0=x", "0:r0=0 1:r0=0", kYes},
      {"SB+xchg+xchg", "r1=xchg x 1; r0=y | r1=xchg y 1; r0=x", "0:r0=0 1:r0=0", kNo},
      {"LB+once+once", "r0=x; y=1 | r0=y; x=1", "0:r0=1 1:r0=1", kYes, true},
      {"LB+data+data", "r0=x; y=1 data r0 | r0=y; x=1 data r0", "0:r0=1 1:r0=1", kNo},
      {"LB+ctrl+ctrl", "r0=x; y=1 ctrl r0 | r0=y; x=1 ctrl r0", "0:r0=1 1:r0=1", kNo},
      {"LB+acq+rel", "r0=acq x; y=1 | r0=y; x=rel 1", "0:r0=1 1:r0=1", kNo},
      {"S+once+once", "x=2; y=1 | r0=y; x=1", "1:r0=1 x=2", kYes},
      {"S+wmb+once", "x=2; wmb; y=1 | r0=y; x=1", "1:r0=1 x=2", kYes},
      {"S+wmb+rmb", "x=2; wmb; y=1 | r0=y; rmb; x=1", "1:r0=1 x=2", kYes},
      {"S+wmb+data", "x=2; wmb; y=1 | r0=y; x=1 data r0", "1:r0=1 x=2", kNo},
      {"S+wmb+addr", "x=2; wmb; y=1 | r0=y; x=1 addr r0", "1:r0=1 x=2", kNo},
      {"S+wmb+ctrl", "x=2; wmb; y=1 | r0=y; x=1 ctrl r0", "1:r0=1 x=2", kNo},
      {"S+wmb+rel", "x=2; wmb; y=1 | r0=y; x=rel 1", "1:r0=1 x=2", kNo},
      {"S+rel+acq", "x=2; y=rel 1 | r0=acq y; x=1", "1:r0=1 x=2", kNo},
      {"S+rel+data", "x=2; y=rel 1 | r0=y; x=1 data r0", "1:r0=1 x=2", kNo},
      {"S+once+data", "x=2; y=1 | r0=y; x=1 data r0", "1:r0=1 x=2", kYes},
      {"R+once+once", "x=1; y=1 | y=2; r0=x", "y=2 1:r0=0", kYes},
      {"R+wmb+mb", "x=1; wmb; y=1 | y=2; mb; r0=x", "y=2 1:r0=0", kYes},
      {"R+rel+mb", "x=1; y=rel 1 | y=2; mb; r0=x", "y=2 1:r0=0", kYes},
      {"R+mb+mb", "x=1; mb; y=1 | y=2; mb; r0=x", "y=2 1:r0=0", kNo},
      {"R+mb+once", "x=1; mb; y=1 | y=2; r0=x", "y=2 1:r0=0", kYes},
      {"2+2W+once+once", "x=1; y=2 | y=1; x=2", "x=1 y=1", kYes},
      {"2+2W+wmb+wmb", "x=1; wmb; y=2 | y=1; wmb; x=2", "x=1 y=1", kYes},
      {"2+2W+mb+mb", "x=1; mb; y=2 | y=1; mb; x=2", "x=1 y=1", kNo},
      {"2+2W+rel+rel", "x=1; y=rel 2 | y=1; x=rel 2", "x=1 y=1", kYes},
      {"2+2W+wmb+once", "x=1; wmb; y=2 | y=1; x=2", "x=1 y=1", kYes},
      {"CoRR", "x=1 | r0=x; r1=x", "1:r0=1 1:r1=0", kNo},
      {"CoRR+plain-order", "x=1; x=2 | r0=x; r1=x", "1:r0=2 1:r1=1", kNo},
      {"CoWW", "x=1; x=2 | r0=x", "x=1", kNo},
      {"CoWR", "x=1; r0=x | x=2", "0:r0=2 x=1", kNo},
      {"CoRW", "r0=x; x=1 | x=2", "0:r0=2 x=2", kNo},
      {"CoRR3", "x=1 | x=2 | r0=x; r1=x | r0=x; r1=x", "2:r0=1 2:r1=2 3:r0=2 3:r1=1", kNo},
      {"WRC+once+once", "x=1 | r0=x; y=1 | r0=y; r1=x", "1:r0=1 2:r0=1 2:r1=0", kYes},
      {"WRC+data+addr", "x=1 | r0=x; y=1 data r0 | r0=y; r1=x addr r0", "1:r0=1 2:r0=1 2:r1=0", kYes},
      {"WRC+rel+acq", "x=1 | r0=x; y=rel 1 | r0=acq y; r1=x", "1:r0=1 2:r0=1 2:r1=0", kNo},
      {"WRC+rel+rmb", "x=1 | r0=x; y=rel 1 | r0=y; rmb; r1=x", "1:r0=1 2:r0=1 2:r1=0", kNo},
      {"WRC+rel+addr", "x=1 | r0=x; y=rel 1 | r0=y; r1=x addr r0", "1:r0=1 2:r0=1 2:r1=0", kNo},
      {"WRC+mb+rmb", "x=1 | r0=x; mb; y=1 | r0=y; rmb; r1=x", "1:r0=1 2:r0=1 2:r1=0", kNo},
      {"WRC+wmb+acq", "x=1 | r0=x; wmb; y=1 | r0=acq y; r1=x", "1:r0=1 2:r0=1 2:r1=0", kYes},
      {"WRC+acq-once+acq", "x=1 | r0=acq x; y=1 | r0=acq y; r1=x", "1:r0=1 2:r0=1 2:r1=0", kYes},
      {"WRC+acq-rel+acq", "x=rel 1 | r0=acq x; y=rel 1 | r0=acq y; r1=x", "1:r0=1 2:r0=1 2:r1=0", kNo},
      {"ISA2+rel+rel+acq", "x=1; y=rel 1 | r0=y; z=rel 1 | r0=acq z; r1=x", "1:r0=1 2:r0=1 2:r1=0", kNo},
      {"ISA2+rel+data+acq", "x=1; y=rel 1 | r0=y; z=1 data r0 | r0=acq z; r1=x", "1:r0=1 2:r0=1 2:r1=0", kYes},
      {"ISA2+rel+data+addr", "x=1; y=rel 1 | r0=y; z=1 data r0 | r0=z; r1=x addr r0", "1:r0=1 2:r0=1 2:r1=0", kYes},
      {"ISA2+rel+acq-rel+addr", "x=1; y=rel 1 | r0=acq y; z=rel 1 | r0=z; r1=x addr r0", "1:r0=1 2:r0=1 2:r1=0", kNo},
      {"ISA2+rel+mb+acq", "x=1; y=rel 1 | r0=y; mb; z=1 | r0=acq z; r1=x", "1:r0=1 2:r0=1 2:r1=0", kNo},
      {"ISA2+rel+wmb+acq", "x=1; y=rel 1 | r0=y; wmb; z=1 | r0=acq z; r1=x", "1:r0=1 2:r0=1 2:r1=0", kYes},
      {"ISA2+wmb+rel+acq", "x=1; wmb; y=1 | r0=y; z=rel 1 | r0=acq z; r1=x", "1:r0=1 2:r0=1 2:r1=0", kNo},
      {"ISA2+once+rel+acq", "x=1; y=1 | r0=y; z=rel 1 | r0=acq z; r1=x", "1:r0=1 2:r0=1 2:r1=0", kYes},
      {"IRIW+once", "x=1 | r0=x; r1=y | y=1 | r0=y; r1=x", "1:r0=1 1:r1=0 3:r0=1 3:r1=0", kYes},
      {"IRIW+addr", "x=1 | r0=x; r1=y addr r0 | y=1 | r0=y; r1=x addr r0", "1:r0=1 1:r1=0 3:r0=1 3:r1=0", kYes},
      {"IRIW+acq", "x=rel 1 | r0=acq x; r1=y | y=rel 1 | r0=acq y; r1=x", "1:r0=1 1:r1=0 3:r0=1 3:r1=0", kYes},
      {"IRIW+rmb", "x=1 | r0=x; rmb; r1=y | y=1 | r0=y; rmb; r1=x", "1:r0=1 1:r1=0 3:r0=1 3:r1=0", kYes},
      {"IRIW+mb", "x=1 | r0=x; mb; r1=y | y=1 | r0=y; mb; r1=x", "1:r0=1 1:r1=0 3:r0=1 3:r1=0", kNo},
      {"RWC+mb+mb", "x=1 | r0=x; mb; r1=y | y=1; mb; r0=x", "1:r0=1 1:r1=0 2:r0=0", kNo},
      {"RWC+acq+mb", "x=rel 1 | r0=acq x; r1=y | y=1; mb; r0=x", "1:r0=1 1:r1=0 2:r0=0", kYes},
      {"RWC+once+mb", "x=1 | r0=x; r1=y | y=1; mb; r0=x", "1:r0=1 1:r1=0 2:r0=0", kYes},
      {"W+RWC+rel+acq+mb", "x=1; y=rel 1 | r0=acq y; r1=z | z=1; mb; r0=x", "1:r0=1 1:r1=0 2:r0=0", kYes},
      {"W+RWC+mb+mb+mb", "x=1; mb; y=1 | r0=y; mb; r1=z | z=1; mb; r0=x", "1:r0=1 1:r1=0 2:r0=0", kNo},
      {"Z6.0+rel+acq+mb", "x=1; y=rel 1 | r0=acq y; z=1 | z=2; mb; r0=x", "1:r0=1 z=2 2:r0=0", kYes},
      {"Z6.0+mb+mb+mb", "x=1; mb; y=1 | r0=y; mb; z=1 | z=2; mb; r0=x", "1:r0=1 z=2 2:r0=0", kNo},
      {"Z6.3+wmb+wmb+addr", "x=1; wmb; y=1 | y=2; wmb; z=1 | r0=z; r1=x addr r0", "y=2 2:r0=1 2:r1=0", kYes},
      {"Z6.3+mb+mb+mb", "x=1; mb; y=1 | y=2; mb; z=1 | r0=z; mb; r1=x", "y=2 2:r0=1 2:r1=0", kNo},
      {"3.SB+mb", "x=1; mb; r0=y | y=1; mb; r0=z | z=1; mb; r0=x", "0:r0=0 1:r0=0 2:r0=0", kNo},
      {"3.2W+wmb", "x=1; wmb; y=2 | y=1; wmb; z=2 | z=1; wmb; x=2", "x=1 y=1 z=1", kYes},
      {"3.2W+once", "x=1; y=2 | y=1; z=2 | z=1; x=2", "x=1 y=1 z=1", kYes},
      {"MP+carry-dep", "x=1; wmb; y=1 | r0=y; a:=0 data r0; r1:=a; r2=x addr r1", "1:r0=1 1:r2=0", kNo},
      {"MP+two-hops", "x=1; wmb; y=1 | r0=y; r1=z addr r0; r2=x addr r1", "1:r0=1 1:r2=0", kNo},
      {"MP+wmb+rmb-addr", "x=1; wmb; y=1 | r2=z; rmb; r0=y; r1=x addr r0", "1:r0=1 1:r1=0", kNo},
      {"MP+wmb-early+acq", "z=1; wmb; x=1; y=1 | r0=acq y; r1=x", "1:r0=1 1:r1=0", kYes},
      {"MP+wmb-plain+acq", "x=1; wmb; y:=1 | r0=acq y; r1=x", "1:r0=1 1:r1=0", kYes},
      {"MP+wmb+plain-addr", "x=1; wmb; y=1 | r0:=y; r1=x addr r0", "1:r0=1 1:r1=0", kYes},
      {"MP+wmb+add-addr", "x=1; wmb; y=1 | r0=add_relaxed y 1; r1=y; r2=x addr r1", "1:r0=1 1:r1=2 1:r2=0", kNo},
      {"MP+wmb+xchg-addr", "x=1; wmb; y=1 | r0=xchg_relaxed y 2; r1=y; r2=x addr r1", "1:r0=1 1:r1=2 1:r2=0", kYes},
      {"MP+rel+wmb-add_relaxed+acq", "x=1; y=rel 1 | z=1; wmb; r0=add_relaxed y 1 | r0=acq y; r1=x", "1:r0=1 2:r0=2 2:r1=0", kNo},
      {"MP+unlock-lock+acq", "lock l; x=1; unlock l; lock m; y=1; unlock m | r0=acq y; r1=x", "1:r0=1 1:r1=0", kNo},
      {"MP+wmb+unlock-lock", "x=1; wmb; y=1 | lock l; r0=y; unlock l; lock m; r1=x; unlock m", "1:r0=1 1:r1=0", kNo},
      {"MP+next-holder+acq", "lock l; x=1; unlock l | lock l; r0=x; y=1; unlock l | r0=acq y; r1=x", "1:r0=1 2:r0=1 2:r1=0", kNo},
      {"WRC+rel-wmb+acq", "x=1 | r0=x; z=rel 1; wmb; y=1 | r0=acq y; r1=x", "1:r0=1 2:r0=1 2:r1=0", kNo},
      {"add+once", "r0=add_relaxed x 1 | x=5", "0:r0=0 x=1", kNo},
      {"MP+acq-two-hops", "x=1; wmb; y=1 | z=rel 1 | r3=acq z; r0=y; r1=z addr r0; r2=x addr r1", "2:r3=1 2:r0=1 2:r2=0", kNo},
      {"add+add", "r0=add_relaxed x 1 | r0=add_relaxed x 1", "0:r0=0 1:r0=0", kNo},
      {"xchg+xchg", "r0=xchg_relaxed x 1 | r0=xchg_relaxed x 2", "0:r0=0 1:r0=0", kNo},
  };
  return kShapes;
}

}  // namespace ordeal::model
