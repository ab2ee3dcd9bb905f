#include "shadow/records.h"

#include <algorithm>

namespace ordeal {
namespace {

Report RecordReport(const ShadowEvent& e, ObjectId object, u64 begin, u64 end, u64 object_at, Detail detail) {
  Report r;
  r.violation = Violation::kMetadataAddress;
  r.detail = detail;
  r.cpu = e.cpu;
  r.op = e.op;
  r.site = e.site;
  r.object = object;
  r.offset = begin;
  r.bytes = end - begin;
  r.seen = object_at;
  return r;
}

}  // namespace

Records::Records() : places_(kMaxOps + 1) { held_.reserve(kMaxOps); }

void Records::Begin() {
  places_.Clear();
  held_.clear();
}

void Records::Lookup(const ShadowEvent& e, const Lifetimes& lifetimes, const Slabs& slabs, Reports& reports) {
  Held record{e.offset, e.offset + (e.bytes != 0 ? e.bytes : kDefaultBytes), e.object};
  u64 object_at = e.value;
  const Lifetime* l = lifetimes.Find(e.object);
  if (l != nullptr && object_at == 0) object_at = l->offset;
  if (l == nullptr || l->offset != object_at) {
    // Not the object that the CPU is busy with: an allocator may look at another one on the way.
    const Lifetimes::Live* live = lifetimes.Covering(object_at, object_at + 1);
    record.object = live != nullptr && live->begin == object_at ? live->object : 0;
  }
  See(e, record, object_at, lifetimes, slabs, reports);
}

void Records::Use(const ShadowEvent& e, const Lifetimes& lifetimes, const Slabs& slabs, Reports& reports) {
  const Lifetime* l = lifetimes.Find(e.object);
  if (l == nullptr || e.offset == 0) return;
  See(e, {e.offset, e.offset + kDefaultBytes, e.object}, l->offset, lifetimes, slabs, reports);
}

void Records::See(const ShadowEvent& e, Held record, u64 object_at, const Lifetimes& lifetimes, const Slabs& slabs, Reports& reports) {
  const auto report = [&](Detail detail, u64 expected, ObjectId other) {
    Report r = RecordReport(e, record.object, record.begin, record.end, object_at, detail);
    r.expected = expected;
    r.other_object = other;
    reports.Add(r);
  };
  const Place* place = places_.Find(record.object);
  if (record.object != 0 && place != nullptr && place->begin != record.begin) {
    return report(Detail::kRecordMoved, place->begin, 0);
  }
  if (place != nullptr && place->held) return;  // seen and found good
  if (const Slab* slab = slabs.Covering(record.begin, record.end)) {
    const u64 own = slab->Covers(object_at, object_at + 1) ? slab->ObjectAt(object_at) : object_at;
    if (record.begin < own || record.end > own + slab->object_bytes) {
      return report(Detail::kRecordInObject, slab->ObjectAt(std::max(record.begin, slab->first)), 0);
    }
    const Lifetime* l = lifetimes.Find(record.object);
    if (l != nullptr && record.begin < l->offset + l->bytes) return report(Detail::kRecordInContents, 0, 0);
  }
  if (record.object != 0) Own(e, record, lifetimes, reports);
}

void Records::Own(const ShadowEvent& e, Held record, const Lifetimes& lifetimes, Reports& reports) {
  const u64 object_at = lifetimes.Find(record.object)->offset;
  for (size_t i = 0; i < held_.size(); ++i) {
    const Held& other = held_[i];
    if (record.begin >= other.end || other.begin >= record.end) continue;
    const Lifetime* l = lifetimes.Find(other.object);
    if (!l->live() && l->offset == object_at) {
      Release(other.object);  // the memory was handed out again before its free has returned
      break;
    }
    Report r = RecordReport(e, record.object, record.begin, record.end, object_at, Detail::kRecordShared);
    r.other_object = other.object;
    r.expected = l->offset;
    reports.Add(r);
    break;
  }
  places_.At(record.object) = {record.begin, true};
  held_.push_back(record);
}

void Records::Release(ObjectId object) {
  Place* place = places_.Find(object);
  if (place == nullptr || !place->held) return;
  place->held = false;
  for (Held& h : held_) {
    if (h.object != object) continue;
    h = held_.back();
    held_.pop_back();
    return;
  }
}

void Records::NewSlab(const Slab& slab, const ShadowEvent& e, const Lifetimes& lifetimes, Reports& reports) {
  for (const Held& h : held_) {
    if (!slab.Covers(h.begin, h.end)) continue;
    const u64 own = lifetimes.Find(h.object)->offset;
    if (h.begin >= own && h.end <= own + slab.object_bytes) continue;
    Report r = RecordReport(e, h.object, h.begin, h.end, own, Detail::kRecordInObject);
    r.expected = slab.ObjectAt(std::max(h.begin, slab.first));
    reports.Add(r);
  }
}

}  // namespace ordeal
