// On which CPU is a task? A program's CPU is a task that starts on the CPU of its number and may move; the allocator is called with the CPU where
// it is by then.
//
// Who is on a CPU has it for itself: a lock of each, which orders what one task did there before what the next one does, as a context switch. Nobody
// waits for a CPU while on another. Programs in which nobody moves have none of this.
#pragma once
#include <algorithm>

#include "memory/memory.h"
#include "program/program.h"
#include "run/slots.h"

namespace ordeal {

template <class M>
class Tasks {
 public:
  Tasks(const Program& program, SharedSlots<M>& slots)
      : move_(std::ranges::find(program.ops, OpKind::kMigrate, &Op::kind) != program.ops.end()), slots_(slots) {}

  bool move() const { return move_; }  // some of them; or there is nothing else to do here
  // In the first op of a task, and after its last.
  void Begin(int task) { Arrive(task, task); }
  void End(int task) { Leave(task); }
  void Migrate(int task, int cpu) {
    if (on_[task] == cpu) return;
    M::irqs_off();  // none comes while the task is on no CPU
    Leave(task);
    Arrive(task, cpu);
    M::irqs_on();
  }
  typename M::ThisCpu CpuOf(int task) const { return move_ ? M::current_cpu(on_[task]) : typename M::ThisCpu(task); }

 private:
  // A spinlock turns interrupts off while it is held; here they are as they were.
  void Arrive(int task, int cpu) {
    slots_.run[cpu].lock.lock();
    M::irqs_on();
    on_[task] = cpu;
  }
  void Leave(int task) {
    M::irqs_off();
    slots_.run[on_[task]].lock.unlock();
  }

  const bool move_;
  SharedSlots<M>& slots_;
  int on_[kMaxCpus] = {};  // by task
};

}  // namespace ordeal
