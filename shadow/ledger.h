// Does every byte that was charged come back, once, and the same number? Charges by object, and the page counter in the end.
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
    live_bytes_ = 0;
  }
  // Object 0 (an allocation that was refused after all): counted in the total alone.
  void Charge(const ShadowEvent& e, const Lifetimes& lifetimes, Reports& reports);
  void Uncharge(const ShadowEvent& e, Reports& reports);
  void Freed(const ShadowEvent& e, Reports& reports);
  void Counter(const ShadowEvent& e, Reports& reports);

 private:
  struct Entry {
    bool charged = false;
    u64 bytes = 0;
  };
  PerId<Entry> charges_;
  u64 live_bytes_ = 0;  // charged to live objects
};

}  // namespace ordeal
