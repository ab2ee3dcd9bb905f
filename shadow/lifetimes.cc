#include "shadow/lifetimes.h"

namespace ordeal {
namespace {

Report ReportOf(Violation violation, const ShadowEvent& e) {
  Report r;
  r.violation = violation;
  r.cpu = e.cpu;
  r.op = e.op;
  r.object = e.object;
  return r;
}

}  // namespace

Lifetimes::Lifetimes() : all_(kMaxOps + 1) { live_.reserve(kMaxOps); }

void Lifetimes::Begin() {
  all_.Clear();
  live_.clear();
}

void Lifetimes::Alloc(const ShadowEvent& e, Reports& reports) {
  if (e.object == 0) return;  // refused
  if (const Live* other = Covering(e.offset, e.offset + e.bytes)) {
    Report r = ReportOf(Violation::kOverlap, e);
    r.detail = Detail::kCoversLive;
    r.other_object = other->object;
    r.other_op = all_.Find(other->object)->alloc_op;
    r.other_cpu = all_.Find(other->object)->alloc_cpu;
    r.offset = e.offset;
    r.bytes = e.bytes;
    r.seen = other->begin;
    r.expected = other->end - other->begin;
    reports.Add(r);
  }
  Lifetime& l = all_.New(e.object);
  l.alloc_cpu = e.cpu;
  l.alloc_op = e.op;
  l.offset = e.offset;
  l.bytes = e.bytes;
  l.place = static_cast<u32>(live_.size());
  live_.push_back({e.offset, e.offset + e.bytes, e.object});
}

bool Lifetimes::Free(const ShadowEvent& e, Reports& reports) {
  Lifetime* l = all_.Find(e.object);
  if (l == nullptr || !l->live()) {
    Report r = ReportOf(Violation::kDoubleFree, e);
    r.offset = e.offset;
    if (l != nullptr) {
      r.other_op = l->free_op;
      r.other_cpu = l->free_cpu;
    }
    reports.Add(r);
    return false;
  }
  l->state = Lifetime::State::kLeaving;
  l->free_op = e.op;
  l->free_cpu = e.cpu;
  live_[l->place] = live_.back();
  all_.Find(live_.back().object)->place = l->place;
  live_.pop_back();
  return true;
}

void Lifetimes::Freed(const ShadowEvent& e) {
  Lifetime* l = all_.Find(e.object);
  if (l != nullptr && !l->live()) l->state = Lifetime::State::kDead;
}

void Lifetimes::UseAfterFree(const ShadowEvent& e, const Lifetime* l, u32 word, Reports& reports) {
  Report r = ReportOf(Violation::kUseAfterFree, e);
  r.offset = u64{8} * word;
  r.seen = e.value;
  r.is_write = e.b != 0;
  if (l != nullptr) {
    r.other_op = l->free_op;
    r.other_cpu = l->free_cpu;
  }
  reports.Add(r);
}

// The link is behind the fields.
void Lifetimes::Next(const ShadowEvent& e, Reports& reports) {
  const Lifetime* l = all_.Find(e.object);
  if (l == nullptr || !l->live()) UseAfterFree(e, l, kFields, reports);
}

void Lifetimes::Touch(const ShadowEvent& e, Reports& reports) {
  ORDEAL_CHECK(e.a < kFields, "a touch names a field");
  Lifetime* l = all_.Find(e.object);
  if (l == nullptr || !l->live()) return UseAfterFree(e, l, e.a, reports);
  const u8 bit = static_cast<u8>(1u << e.a);
  if (e.b != 0) {
    l->written |= bit;
    l->token[e.a] = e.value;
    return;
  }
  if ((l->written & bit) == 0 || l->token[e.a] == e.value) return;
  Report r = ReportOf(Violation::kStaleContents, e);
  r.offset = u64{8} * e.a;
  r.seen = e.value;
  r.expected = l->token[e.a];
  reports.Add(r);
}

}  // namespace ordeal
