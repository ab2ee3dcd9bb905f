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
  r.cgroup = e.cgroup;
  r.offset = e.offset;
  r.seen = seen;
  r.expected = expected;
  return r;
}

// Of all CPUs together, at the end.
Report EndReport(const ShadowEvent& e, Detail detail, u64 seen, u64 expected) {
  Report r = LedgerReport(e, detail, seen, expected);
  r.cpu = kNoCpu;
  r.op = kNoOp;
  return r;
}

constexpr bool BelowZero(u64 bytes) { return static_cast<i64>(bytes) < 0; }

}  // namespace

void Ledger::Charge(const ShadowEvent& e, const Lifetimes& lifetimes, Reports& reports) {
  ORDEAL_CHECK(e.cgroup <= kMaxCgroups, "an allocator charges to a cgroup of the geometry");
  Of(e).live_bytes += e.bytes;
  if (e.object == 0) return;
  const Lifetime* l = lifetimes.Find(e.object);
  Entry& entry = charges_.At(e.object);
  if (entry.charged) {
    reports.Add(LedgerReport(e, Detail::kChargedTwice, e.bytes, entry.bytes));
    payers_[entry.cgroup].live_bytes -= entry.bytes;
  } else if (l != nullptr && !l->live()) {
    reports.Add(LedgerReport(e, Detail::kChargedDead, e.bytes, 0));
  }
  entry = {true, e.cgroup, e.bytes};
}

void Ledger::Uncharge(const ShadowEvent& e, Reports& reports) {
  if (e.object == 0) {
    Of(e).live_bytes -= e.bytes;
    return;
  }
  Entry& entry = charges_.At(e.object);
  if (!entry.charged) return reports.Add(LedgerReport(e, Detail::kNotCharged, e.bytes, 0));
  if (entry.bytes != e.bytes) reports.Add(LedgerReport(e, Detail::kOtherBytes, e.bytes, entry.bytes));
  if (entry.cgroup != e.cgroup) reports.Add(LedgerReport(e, Detail::kOtherCgroup, e.cgroup, entry.cgroup));
  payers_[entry.cgroup].live_bytes -= entry.bytes;
  entry.charged = false;
}

void Ledger::Freed(const ShadowEvent& e, Reports& reports) {
  Entry* entry = charges_.Find(e.object);
  if (entry == nullptr || !entry->charged) return;
  reports.Add(LedgerReport(e, Detail::kStillCharged, entry->bytes, 0));
  payers_[entry->cgroup].live_bytes -= entry->bytes;
  entry->charged = false;
}

void Ledger::HeldBack(const ShadowEvent& e, Reports& reports) {
  if (BelowZero(e.value)) reports.Add(EndReport(e, Detail::kBelowZero, e.value, 0));
  Of(e).held_back += e.value;
}

void Ledger::Counter(const ShadowEvent& e, Reports& reports) {
  const Payer& payer = Of(e);
  const u64 net = e.value - payer.held_back;
  if (net != payer.live_bytes) return reports.Add(EndReport(e, Detail::kCounter, net, payer.live_bytes));
  if (e.cgroup == 0) return;
  if (BelowZero(e.value)) return reports.Add(EndReport(e, Detail::kBelowZero, e.value, 0));
  if (payer.gone && e.value != 0) reports.Add(EndReport(e, Detail::kGoneHolds, e.value, 0));
}

void Ledger::Statistic(const ShadowEvent& e, Reports& reports) {
  u64 live = 0;
  for (const Payer& p : payers_) live += p.live_bytes;
  if (e.value != live) reports.Add(EndReport(e, Detail::kStatistic, e.value, live));
}

void Ledger::ObjcgGone(const ShadowEvent& e) {
  Payer& payer = Of(e);
  payer.gone = true;
  payer.gone_cpu = e.cpu;
  payer.gone_op = e.op;
}

void Ledger::ObjcgUse(const ShadowEvent& e, Reports& reports) const {
  if (e.cgroup == 0 || e.cgroup > kMaxCgroups || !payers_[e.cgroup].gone) return;
  Report r;
  r.violation = Violation::kObjcgUse;
  r.cpu = e.cpu;
  r.op = e.op;
  r.object = e.object;
  r.cgroup = e.cgroup;
  r.other_cpu = payers_[e.cgroup].gone_cpu;
  r.other_op = payers_[e.cgroup].gone_op;
  reports.Add(r);
}

}  // namespace ordeal
