// x86: every access goes to memory in program order, except that a load may overtake earlier stores.
//
// smp_mb is mfence. Every RMW and spin_lock is a locked instruction, whatever its order says, and even where a cmpxchg fails; all
// other accesses are mov. smp_rmb, smp_wmb and the barriers beside RMWs and locks only hold back the compiler.
#include "memory/model/axioms.h"
#include "memory/model/machines.h"

namespace ordeal::model {
namespace {

using lkmm::Execution;

Relation LocallyOrdered(const Execution& x) {
  const EventSet locked = x.RMW | x.LKW;  // a lock's read is one with its write
  const Relation po = Compose(x.M, x.po, x.M), store_load = Compose(x.W, x.po, x.R);
  const Relation mfence = Compose(x.W, x.fencerel(FenceKind::kMb), x.R);
  return (po - store_load) | mfence | Compose(store_load, locked) | Compose(locked, store_load);
}

}  // namespace

Judgement JudgeTso(const Graph& g) {
  const Execution x(g);
  if (Judgement verdict = CheckOneLocation(x); !verdict.allowed()) return verdict;
  return CheckAcyclic(Axiom::kExternal, WithoutTearing(g, LocallyOrdered(x) | x.external(x.com)));
}

}  // namespace ordeal::model
