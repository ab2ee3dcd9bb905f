// Another op of the same CPU in the middle of one (engine.h, Interrupts).
#include <utility>

#include "base/check.h"
#include "memory/model/state.h"

namespace ordeal::model {

u32 g_interrupts_pending;

void InterruptAt(u16 k, Handler handler, void* self) {
  ORDEAL_CHECK(k != 0 && g.me->irq_at == 0, "one interrupt at a time, before access 1 or a later one");
  g.me->irq_at = k;
  g.me->handler = handler;
  g.me->handler_self = self;
  ++g_interrupts_pending;
}

// The op that it comes into goes on as if nothing had been: its number, its accesses, and the address that it was about to use.
void RunInterrupt() {
  Cpu* const me = g.me;  // a handler may be switched away from, but comes back as the same CPU
  if (me->irq_at == 0) return;
  me->irq_at = 0;
  --g_interrupts_pending;
  const u16 op = me->op, k = me->k;
  const u32 spins = me->spins, object = me->object;
  const bool user = me->user;
  Deref* const deref = std::exchange(g_deref, nullptr);
  me->in_irq = true;
  me->handler(me->handler_self, g.cur);
  me->in_irq = false;
  g_deref = deref;
  me->op = op;
  me->k = k;
  me->spins = spins;
  me->object = object;
  me->user = user;
}

void Interrupt() {
  while (g.me->irq_at != 0 && !g.me->in_irq && g.me->irqs_off == 0 && g.me->k + 1u >= g.me->irq_at) RunInterrupt();
}

void BeginInterruptOp(u16 op) {
  g.me->op = op;
  g.me->k = 0;
  g.me->spins = 0;
}

void IrqsOff() { ++g.me->irqs_off; }

void IrqsOn() {
  ORDEAL_CHECK(g.me->irqs_off != 0, "interrupts are turned on more often than off");
  --g.me->irqs_off;
}

}  // namespace ordeal::model
