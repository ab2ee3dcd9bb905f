#include "shadow/slabs.h"

#include <algorithm>

namespace ordeal {
namespace {

Report ListReport(const ShadowEvent& e, Detail detail) {
  Report r;
  r.violation = detail == Detail::kListLeadsOut ? Violation::kWildAccess : Violation::kOverlap;
  r.detail = detail;
  r.offset = e.offset;
  return r;
}

}  // namespace

const Slab* Slabs::New(const ShadowEvent& e, const Lifetimes& lifetimes, Reports& reports) {
  ORDEAL_CHECK(e.bytes != 0 && e.value <= kMaxObjects, "a slab has at most 64 objects, and they have a size");
  Slab s;
  s.first = e.offset;
  s.object_bytes = e.bytes;
  s.end = e.offset + e.bytes * e.value;
  if (Covering(s.first, s.end) != nullptr) {
    if (const Lifetimes::Live* live = lifetimes.Covering(s.first, s.end)) {
      Report r = ListReport(e, Detail::kSlabOverSlab);
      r.cpu = e.cpu;
      r.op = e.op;
      r.site = e.site;
      r.bytes = s.end - s.first;
      r.other_object = live->object;
      reports.Add(r);
    }
    std::erase_if(all_, [&](const Slab& old) { return old.Covers(s.first, s.end); });
  }
  all_.push_back(s);
  return &all_.back();
}

void Slabs::Gone(const ShadowEvent& e, const Lifetimes& lifetimes, Reports& reports) {
  for (size_t i = 0; i < all_.size(); ++i) {
    const Slab s = all_[i];
    if (s.first != e.offset) continue;
    if (const Lifetimes::Live* live = lifetimes.Covering(s.first, s.end)) {
      Report r = ListReport(e, Detail::kSlabGoneLive);
      r.cpu = e.cpu;
      r.op = e.op;
      r.bytes = s.end - s.first;
      r.other_object = live->object;
      r.other_op = lifetimes.Find(live->object)->alloc_op;
      r.other_cpu = lifetimes.Find(live->object)->alloc_cpu;
      reports.Add(r);
    }
    all_.erase(all_.begin() + static_cast<std::ptrdiff_t>(i));
    return;
  }
}

void Slabs::Listed(const ShadowEvent& e, const Lifetimes& lifetimes, Reports& reports) {
  for (Slab& s : all_) {
    if (!s.Covers(e.offset, e.offset + 1)) continue;
    Report r = ListReport(e, Detail::kNone);
    r.bytes = s.object_bytes;
    const u64 start = s.ObjectAt(e.offset);
    const u64 bit = u64{1} << (start - s.first) / s.object_bytes;
    if (start != e.offset) {
      r.detail = Detail::kListedInside;
      r.expected = start;
    } else if (const Lifetimes::Live* live = lifetimes.Covering(start, start + s.object_bytes)) {
      r.detail = Detail::kListedLive;
      r.other_object = live->object;
      r.other_op = lifetimes.Find(live->object)->alloc_op;
      r.other_cpu = lifetimes.Find(live->object)->alloc_cpu;
    } else if ((s.listed & bit) != 0) {
      r.detail = Detail::kListedTwice;
    }
    s.listed |= bit;
    if (r.detail != Detail::kNone) reports.Add(r);
    return;
  }
  reports.Add(ListReport(e, Detail::kListLeadsOut));
}

void Slabs::SlabListed(const ShadowEvent& e) {
  for (Slab& s : all_)
    if (s.first == e.offset) s.known = true;
}

void Slabs::Finish(const Lifetimes& lifetimes, Reports& reports) {
  for (Slab& s : all_) {
    if (!s.known) {
      Report r;
      r.violation = Violation::kLostSlab;
      r.offset = s.first;
      r.bytes = s.end - s.first;
      reports.Add(r);
    }
    const u64 objects = (s.end - s.first) / s.object_bytes;
    const u64 every = objects == kMaxObjects ? ~u64{0} : (u64{1} << objects) - 1;
    u64 there = s.listed;
    for (const Lifetimes::Live& l : lifetimes.live())
      if (s.Covers(l.begin, l.begin + 1)) there |= u64{1} << (l.begin - s.first) / s.object_bytes;
    for (u64 lost = every & ~there; lost != 0; lost &= lost - 1) {
      Report r;
      r.violation = Violation::kLostObject;
      r.offset = s.first + s.object_bytes * static_cast<u64>(__builtin_ctzll(lost));
      r.bytes = s.object_bytes;
      reports.Add(r);
    }
  }
}

}  // namespace ordeal
