#include "stress/crew/orders.h"

#include <algorithm>
#include <map>

namespace ordeal::stress {
namespace {

constexpr int kMostForwards = kMaxOps;

// What was told during an alloc, behind it: only then is there an object to be told about.
void PutBehindAllocs(CpuEvents& events) {
  CpuEvents out, held;
  out.reserve(events.size());
  for (const Logged& l : events) {
    if (l.in_alloc) {
      held.push_back(l);
      continue;
    }
    out.push_back(l);
    if (l.e.kind != EventKind::kAlloc) continue;
    for (Logged& h : held) {
      h.e.object = l.e.object;
      h.tick = l.tick;
      out.push_back(h);
    }
    held.clear();
  }
  events = std::move(out);
}

}  // namespace

bool Understand(std::vector<CpuEvents>& cpus) {
  std::map<MessageId, ObjectId> published;
  std::map<ObjectId, ObjectId> number;
  for (CpuEvents& events : cpus) {
    PutBehindAllocs(events);
    for (const Logged& l : events)
      if (l.e.kind == EventKind::kPublish) published[l.e.message] = l.e.object;
  }
  bool known = true;
  const auto resolve = [&](ObjectId id) -> ObjectId {
    for (int i = 0; (id & kByMessage) != 0 && i < kMostForwards; ++i) {
      const auto from = published.find(id & ~kByMessage);
      if (from == published.end()) break;
      id = from->second;
    }
    if (id == 0) return 0;
    if ((id & kByMessage) != 0) known = false;
    return number.try_emplace(id, static_cast<ObjectId>(number.size() + 1)).first->second;
  };
  for (CpuEvents& events : cpus) {
    for (Logged& l : events) l.e.object = resolve(l.e.object);
  }
  return known;
}

namespace {
constexpr u64 kPlace = u64{1} << 60, kRecord = u64{2} << 60, kCgroup = u64{3} << 60;
}  // namespace

// Where an object of this geometry may be; anything else has to do with everything.
Orders::Key Orders::PlaceOf(u64 offset) const {
  const u64 in_slab = (offset - kOffsetOfRegion) % geometry_.slab_bytes();
  if (in_slab % geometry_.object_bytes != 0) return {.everything = true};
  return {kPlace | offset, 0};
}

Orders::Key Orders::KeyOf(const ShadowEvent& e) const {
  const auto place = places_.find(e.object);
  Key key = place != places_.end() ? place->second : Key{};
  switch (e.kind) {
    case EventKind::kSlabNew:
    case EventKind::kSlabGone: return {.everything = true};
    case EventKind::kExtLookup:
    case EventKind::kCharge:
    case EventKind::kUncharge: key.b = kRecord | e.offset; return key;
    case EventKind::kObjcgUse:
    case EventKind::kObjcgGone: return {kCgroup | e.cgroup, 0};
    default: return key;
  }
}

// Objects that were in one place have to do with each other.
void Orders::MakeKeys() {
  places_.clear();
  for (const CpuEvents& events : *cpus_)
    for (const Logged& l : events)
      if (l.e.kind == EventKind::kAlloc && l.e.object != 0) places_[l.e.object] = PlaceOf(l.e.offset);
  keys_.assign(cpus_->size(), {});
  for (size_t cpu = 0; cpu < cpus_->size(); ++cpu)
    for (const Logged& l : (*cpus_)[cpu]) keys_[cpu].push_back(KeyOf(l.e));
}

Sense Orders::Find(const Geometry& geometry, std::span<const ShadowEvent> format_events, const std::vector<CpuEvents>& cpus) {
  geometry_ = geometry;
  format_events_ = format_events;
  cpus_ = &cpus;
  told_ = 0;
  if (ByTheClocks()) return Sense::kFine;
  MakeKeys();
  StartOver();
  taken_.clear();
  std::ranges::fill(at_, 0);
  if (Search()) return Sense::kFine;
  if (told_ >= kMostEvents) return Sense::kUndecided;
  ByTheClocks();
  return Sense::kWrong;
}

void Orders::StartOver() {
  shadow_.Begin(geometry_, format_events_);
  published_.assign(kMaxOps + 2, false);
}

bool Orders::Ready(size_t cpu) const {
  const CpuEvents& events = (*cpus_)[cpu];
  if (at_[cpu] == events.size()) return false;
  const ShadowEvent& e = events[at_[cpu]].e;
  if (e.kind == EventKind::kConsume && e.message != 0) return e.message < published_.size() && published_[e.message];
  if (e.kind != EventKind::kLastPut) return true;
  for (size_t other = 0; other < cpus_->size(); ++other) {
    for (size_t i = at_[other]; other != cpu && i < (*cpus_)[other].size(); ++i) {
      const ShadowEvent& put = (*cpus_)[other][i].e;
      if (put.kind == EventKind::kPut && put.object == e.object && (put.value & e.value) != 0) return false;
    }
  }
  return true;
}

bool Orders::Take(size_t cpu) {
  const ShadowEvent& e = (*cpus_)[cpu][at_[cpu]++].e;
  taken_.push_back(cpu);
  if (e.kind == EventKind::kPublish && e.message < published_.size()) published_[e.message] = true;
  ++told_;
  return !shadow_.On(e);
}

bool Orders::ByTheClocks() {
  at_.assign(cpus_->size(), 0);
  taken_.clear();
  StartOver();
  for (;;) {
    size_t next = cpus_->size();
    for (size_t cpu = 0; cpu < cpus_->size(); ++cpu) {
      if (!Ready(cpu)) continue;
      if (next == cpus_->size() || (*cpus_)[cpu][at_[cpu]].tick < (*cpus_)[next][at_[next]].tick) next = cpu;
    }
    if (next == cpus_->size()) return true;
    if (!Take(next)) return false;
  }
}

// Does nothing that the others still have to do have anything in common with this CPU's next event?
bool Orders::Commutes(size_t cpu) const {
  const Key mine = keys_[cpu][at_[cpu]];
  const auto meets = [&](const Key& other) {
    if (mine.everything || other.everything) return true;
    for (const u64 k : {mine.a, mine.b})
      if (k != 0 && (k == other.a || k == other.b)) return true;
    return false;
  };
  for (size_t other = 0; other < cpus_->size(); ++other) {
    for (size_t i = at_[other]; other != cpu && i < keys_[other].size(); ++i)
      if (meets(keys_[other][i])) return false;
  }
  return true;
}

// The shadow does not forget: it is told the rest again.
void Orders::TakeBack() {
  --at_[taken_.back()];
  taken_.pop_back();
  StartOver();
  const std::vector<size_t> again = std::move(taken_);
  taken_.clear();
  std::ranges::fill(at_, 0);
  for (const size_t cpu : again) Take(cpu);
}

bool Orders::Search() {
  if (told_ >= kMostEvents) return false;
  bool any = false;
  for (size_t cpu = 0; cpu < cpus_->size(); ++cpu) {
    if (!Ready(cpu)) continue;
    any = true;
    const bool alone = Commutes(cpu);
    if (Take(cpu) && Search()) return true;
    TakeBack();
    if (alone) return false;  // another order would give the same
  }
  return !any;
}

}  // namespace ordeal::stress
