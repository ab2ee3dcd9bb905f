#include "program/discipline.h"

#include <array>
#include <optional>
#include <utility>

#include "absl/strings/str_format.h"
#include "program/custody.h"
#include "program/interrupts.h"
#include "program/names.h"
#include "program/validate.h"

namespace ordeal {
namespace {

// CPU by CPU, as far as each comes. Which object it is makes a difference to lists alone.
class Walk {
 public:
  explicit Walk(const Program& program) : program_(program), interrupted_(InterruptedOps(program)) {
    for (size_t i = 0; i < program.ops.size(); ++i) queues_[program.ops[i].cpu].ops.push_back(i);
  }

  void Run(const std::function<void(size_t, std::string)>& broken) {
    while (std::optional<size_t> next = FirstThatCanGo()) {
      const Op& op = program_.ops[*next];
      ++queues_[op.cpu].at;
      std::string reason = RuleOfInterrupts(*next);
      if (reason.empty()) reason = custody_.Breach(op);
      if (!reason.empty()) {
        broken(*next, std::move(reason));
      } else {
        custody_.Do(op);
      }
    }
  }

 private:
  struct Queue {
    std::vector<size_t> ops;
    size_t at = 0;
  };

  std::string RuleOfInterrupts(size_t index) const {
    const Op& op = program_.ops[index];
    const Op& into = program_.ops[interrupted_[index]];
    if (&op == &into || MayInterrupt(op, into)) return "";
    return absl::StrFormat("register %c is that of op %d, which it interrupts", 'a' + op.reg, into.id);
  }

  // The first in the list among the heads of the CPUs' queues; if all of them wait, the first of those, which is then a breach.
  std::optional<size_t> FirstThatCanGo() const {
    std::optional<size_t> ready, waiting;
    for (const Queue& q : queues_) {
      if (q.at == q.ops.size()) continue;
      std::optional<size_t>& first = custody_.Waits(program_.ops[q.ops[q.at]]) ? waiting : ready;
      if (!first || q.ops[q.at] < *first) first = q.ops[q.at];
    }
    return ready ? ready : waiting;
  }

  const Program& program_;
  const std::vector<size_t> interrupted_;
  std::array<Queue, kMaxCpus> queues_;
  Custody custody_;
};

}  // namespace

// Why these orders and no others (LKMM, each checked with litmus tests):
//   plain, once   a publish that orders nothing: the reader may see the object as it was before it was written.
//   wmb           orders the publisher's stores before the pointer, but not its loads, is not cumulative (what it got from a
//                 third CPU is not handed on), and where the consumer writes the object by plain stores, as free does with the link,
//                 LKMM calls it a data race.
//   release, mb, xchg   order everything before them, and hand on what came from others.
//   locked        the unlock does both for the next who takes the lock, and for nobody else: hence the rule of pairs.
bool KeepsDiscipline(Publish publish) { return publish >= Publish::kRelease; }

//   plain         a race with the publish, and no dependency that a compiler must keep.
//   once, rmb     READ_ONCE: everything the consumer does to the object has an address computed from the pointer, and this
//                 dependency orders loads and stores, plain ones too. smp_rmb adds order between loads alone.
//   acquire, xchg, xchg_acquire   order everything after them; so does the lock of locked.
//   xchg_relaxed  has the dependency of READ_ONCE and so would do; left out to keep the discipline on the side that users are
//                 told to keep to.
bool KeepsDiscipline(Consume consume) { return consume != Consume::kPlain && consume != Consume::kXchgRelaxed; }

void WalkDiscipline(const Program& program, const std::function<void(size_t index, std::string reason)>& broken) { Walk(program).Run(broken); }

std::string BrokenDiscipline(const Program& program) {
  std::string first;
  WalkDiscipline(program, [&](size_t index, const std::string& reason) {
    const Op& op = program.ops[index];
    if (first.empty()) first = absl::StrFormat("op %d: %s: %s", op.id, OpKindName(op.kind), reason);
  });
  return first;
}

bool KeepsDiscipline(const Program& program) { return BrokenDiscipline(program).empty(); }

}  // namespace ordeal
