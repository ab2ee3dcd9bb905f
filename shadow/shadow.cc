#include "shadow/shadow.h"

namespace ordeal {

void Shadow::Begin(const Geometry& geometry, std::span<const ShadowEvent> format_events) {
  ORDEAL_CHECK(geometry.cpus >= 1 && geometry.cpus <= kMaxCpus, "a geometry has 1 to 8 CPUs");
  reports_.Clear();
  lifetimes_.Begin();
  slabs_.Begin();
  records_.Begin();
  ledger_.Begin();
  contract_.Begin(geometry.cpus);
  for (const ShadowEvent& e : format_events) On(e);
}

bool Shadow::On(const ShadowEvent& e) {
  const u32 before = reports_.effects();
  if (e.kind <= EventKind::kTouch) {
    OnUser(e);
  } else if (e.kind <= EventKind::kSlabListed) {
    OnAllocator(e);
  } else {
    OnEngine(e);
  }
  return reports_.effects() != before;
}

void Shadow::Listen(const ShadowEvent& e) {
  switch (e.kind) {
    case EventKind::kAlloc: return contract_.Access(e, true);
    case EventKind::kFree: return contract_.Free(e, reports_);
    case EventKind::kPublish: return contract_.Publish(e);
    case EventKind::kConsume: return contract_.Consume(e);
    case EventKind::kPut: return contract_.Put(e);
    case EventKind::kLastPut: return contract_.LastPut(e);
    case EventKind::kNext: return contract_.Access(e, false);
    case EventKind::kTouch: return contract_.Access(e, e.b != 0);
    default: return;
  }
}

void Shadow::Finish(bool enumerated) {
  if (enumerated) slabs_.Finish(lifetimes_, reports_);
}

const Report* Shadow::first_effect() const {
  for (const Report& r : reports())
    if (IsEffect(r.violation)) return &r;
  return nullptr;
}

void Shadow::OnUser(const ShadowEvent& e) {
  switch (e.kind) {
    case EventKind::kAlloc:
      lifetimes_.Alloc(e, reports_);
      contract_.Access(e, true);
      break;
    case EventKind::kFree:
      if (lifetimes_.Free(e, reports_)) contract_.Free(e, reports_);
      break;
    case EventKind::kFreed:
      ledger_.Freed(e, reports_);
      records_.Release(e.object);
      lifetimes_.Freed(e);
      break;
    case EventKind::kPublish: contract_.Publish(e); break;
    case EventKind::kConsume: contract_.Consume(e); break;
    case EventKind::kPut: contract_.Put(e); break;
    case EventKind::kLastPut: contract_.LastPut(e); break;
    case EventKind::kCachePut: contract_.CachePut(e); break;
    case EventKind::kCacheEnd: contract_.CacheEnd(e, reports_); break;
    case EventKind::kNext:
      lifetimes_.Next(e, reports_);
      contract_.Access(e, false);
      break;
    case EventKind::kTouch: {
      const u32 before = reports_.effects();
      lifetimes_.Touch(e, reports_);
      // No free will follow: what is owed at it is asked now.
      if (reports_.effects() != before && reports_.all().back().violation == Violation::kStaleContents) contract_.Free(e, reports_);
      contract_.Access(e, e.b != 0);
      break;
    }
    default: break;
  }
}

void Shadow::OnAllocator(const ShadowEvent& e) {
  switch (e.kind) {
    case EventKind::kSlabNew: records_.NewSlab(*slabs_.New(e, lifetimes_, reports_), e, lifetimes_, reports_); break;
    case EventKind::kSlabGone: slabs_.Gone(e, lifetimes_, reports_); break;
    case EventKind::kExtLookup: records_.Lookup(e, lifetimes_, slabs_, reports_); break;
    case EventKind::kCharge:
      records_.Use(e, lifetimes_, slabs_, reports_);
      ledger_.Charge(e, lifetimes_, reports_);
      break;
    case EventKind::kUncharge:
      records_.Use(e, lifetimes_, slabs_, reports_);
      ledger_.Uncharge(e, reports_);
      records_.Release(e.object);
      break;
    case EventKind::kCounter: ledger_.Counter(e, reports_); break;
    case EventKind::kHeldBack: ledger_.HeldBack(e, reports_); break;
    case EventKind::kStatistic: ledger_.Statistic(e, reports_); break;
    case EventKind::kObjcgUse: ledger_.ObjcgUse(e, reports_); break;
    case EventKind::kObjcgGone: ledger_.ObjcgGone(e); break;
    case EventKind::kListed: slabs_.Listed(e, lifetimes_, reports_); break;
    case EventKind::kSlabListed: slabs_.SlabListed(e); break;
    default: break;
  }
}

void Shadow::OnEngine(const ShadowEvent& e) {
  Report r;
  r.cpu = e.cpu;
  r.op = e.op;
  r.site = e.site;
  r.object = e.object;
  switch (e.kind) {
    case EventKind::kRace:
      r.violation = Violation::kRace;
      r.cpu = kNoCpu;
      r.op = static_cast<u16>(e.a);
      r.other_op = static_cast<u16>(e.b);
      r.site = static_cast<u16>(e.value >> 16);
      r.other_site = static_cast<u16>(e.value);
      r.offset = e.offset;
      r.bytes = e.bytes;
      break;
    case EventKind::kDeadlock:
    case EventKind::kLivelock:
      // Of all CPUs together: no one op is to blame.
      r = Report();
      r.violation = e.kind == EventKind::kDeadlock ? Violation::kDeadlock : Violation::kLivelock;
      break;
    default:
      r.violation = Violation::kWildAccess;
      r.detail = Detail::kAddress;
      r.seen = e.value;
      break;
  }
  reports_.Add(r);
}

}  // namespace ordeal
