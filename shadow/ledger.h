// Does every byte that was charged come back, once, the same number, and to the cgroup that paid? Charges by object, and the page counters in the
// end: only at quiescence, since stocks and batches run ahead and behind in between. And is whoever pays still there?
#pragma once
#include "shadow/event.h"
#include "shadow/lifetimes.h"
#include "shadow/per_id.h"
#include "shadow/report.h"

namespace ordeal {

class Ledger {
 public:
  Ledger() : charges_(kMaxOps + 1) {}
  void Begin() {
    charges_.Clear();
    for (Payer& p : payers_) p = Payer();
  }
  // Object 0 (an allocation that was refused after all): counted in the total alone.
  void Charge(const ShadowEvent& e, const Lifetimes& lifetimes, Reports& reports);
  void Uncharge(const ShadowEvent& e, Reports& reports);
  void Freed(const ShadowEvent& e, Reports& reports);
  void HeldBack(const ShadowEvent& e, Reports& reports);
  void Counter(const ShadowEvent& e, Reports& reports);
  void Statistic(const ShadowEvent& e, Reports& reports);
  void ObjcgGone(const ShadowEvent& e);
  void ObjcgUse(const ShadowEvent& e, Reports& reports) const;

 private:
  struct Entry {
    bool charged = false;
    u8 cgroup = 0;
    u64 bytes = 0;
  };
  struct Payer {         // a cgroup; 0: the one page counter where there are none
    u64 live_bytes = 0;  // charged to live objects
    u64 held_back = 0;   // at quiescence
    bool gone = false;
    u8 gone_cpu = kNoCpu;
    u16 gone_op = kNoOp;
  };
  Payer& Of(const ShadowEvent& e) { return payers_[e.cgroup <= kMaxCgroups ? e.cgroup : 0]; }

  PerId<Entry> charges_;
  Payer payers_[kMaxCgroups + 1];
};

}  // namespace ordeal
