#include "shadow/ledger.h"

namespace ordeal {
namespace {

Report LedgerReport(const ShadowEvent& e, Detail detail, u64 seen, u64 expected) {
  Report r;
  r.violation = Violation::kLedger;
  r.detail = detail;
  r.cpu = e.cpu;
  r.op = e.op;
  r.site = e.site;
  r.object = e.object;
  r.offset = e.offset;
  r.seen = seen;
  r.expected = expected;
  return r;
}

}  // namespace

void Ledger::Charge(const ShadowEvent& e, const Lifetimes& lifetimes, Reports& reports) {
  live_bytes_ += e.bytes;
  if (e.object == 0) return;
  const Lifetime* l = lifetimes.Find(e.object);
  Entry& entry = charges_.At(e.object);
  if (entry.charged) {
    reports.Add(LedgerReport(e, Detail::kChargedTwice, e.bytes, entry.bytes));
    live_bytes_ -= entry.bytes;
  } else if (l != nullptr && !l->live()) {
    reports.Add(LedgerReport(e, Detail::kChargedDead, e.bytes, 0));
  }
  entry = {true, e.bytes};
}

void Ledger::Uncharge(const ShadowEvent& e, Reports& reports) {
  if (e.object == 0) {
    live_bytes_ -= e.bytes;
    return;
  }
  Entry& entry = charges_.At(e.object);
  if (!entry.charged) return reports.Add(LedgerReport(e, Detail::kNotCharged, e.bytes, 0));
  if (entry.bytes != e.bytes) reports.Add(LedgerReport(e, Detail::kOtherBytes, e.bytes, entry.bytes));
  live_bytes_ -= entry.bytes;
  entry.charged = false;
}

void Ledger::Freed(const ShadowEvent& e, Reports& reports) {
  Entry* entry = charges_.Find(e.object);
  if (entry == nullptr || !entry->charged) return;
  reports.Add(LedgerReport(e, Detail::kStillCharged, entry->bytes, 0));
  live_bytes_ -= entry->bytes;
  entry->charged = false;
}

void Ledger::Counter(const ShadowEvent& e, Reports& reports) {
  if (e.value == live_bytes_) return;
  Report r = LedgerReport(e, Detail::kCounter, e.value, live_bytes_);
  r.cpu = kNoCpu;
  r.op = kNoOp;
  reports.Add(r);
}

}  // namespace ordeal
