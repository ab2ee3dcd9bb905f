#include "finding/cure/spelling.h"

#include "absl/strings/str_cat.h"
#include "program/names.h"

namespace ordeal {

using model::EventType;

namespace {

struct Cost {
  const char *x86, *arm, *power;
  int weight;  // weaker is smaller
};

Cost CostOf(EventType type, Order order) {
  const bool rmw = type == EventType::kRmw || type == EventType::kRmwFailed;
  switch (order) {
    case Order::kPlain: return {"nothing", "nothing", "nothing", 0};
    case Order::kOnce: return {"nothing", "nothing", "nothing", 1};
    case Order::kAcquire: return {"nothing", rmw ? "the acquire form (casa, swpa)" : "ldar, or ldapr", rmw ? "isync after it" : "lwsync after it", 2};
    case Order::kRelease: return {"nothing", rmw ? "the release form (casl, swpl)" : "stlr", "lwsync before it", 2};
    case Order::kWmb: return {"nothing (compiler barrier)", "dmb ishst", "lwsync", 3};
    case Order::kRmb: return {"nothing (compiler barrier)", "dmb ishld", "lwsync", 3};
    case Order::kFull: return {"nothing more (lock prefix)", "the acquire-release form and dmb ish", "sync before and after it", 5};
    case Order::kMb: return {"lock addl, or mfence", "dmb ish", "sync", 6};
    default: return {"-", "-", "-", 6};
  }
}

const char* BarrierInC11(Order order) {
  switch (order) {
    case Order::kRmb: return "atomic_thread_fence(memory_order_acquire)";
    case Order::kWmb: return "atomic_thread_fence(memory_order_release)";
    default: return "atomic_thread_fence(memory_order_seq_cst)";
  }
}

void Costs(Repair* r, const Cost& c) {
  r->x86 = c.x86;
  r->arm = c.arm;
  r->power = c.power;
  r->weight = c.weight;
}

const char* PublishSpelling(Publish p) {
  switch (p) {
    case Publish::kPlain: return "a plain store";
    case Publish::kOnce: return "WRITE_ONCE()";
    case Publish::kWmb: return "smp_wmb() and WRITE_ONCE()";
    case Publish::kRelease: return "smp_store_release()";
    case Publish::kMb: return "smp_mb() and WRITE_ONCE()";
    case Publish::kXchg: return "xchg()";
    case Publish::kLocked: return "a plain store under spin_lock()";
  }
  return "?";
}
const char* ConsumeSpelling(Consume c) {
  switch (c) {
    case Consume::kPlain: return "a plain load";
    case Consume::kOnce: return "READ_ONCE() and nothing but addresses computed from it";
    case Consume::kRmb: return "READ_ONCE() and smp_rmb()";
    case Consume::kAcquire: return "smp_load_acquire()";
    case Consume::kXchg: return "xchg()";
    case Consume::kXchgAcquire: return "xchg_acquire()";
    case Consume::kXchgRelaxed: return "xchg_relaxed()";
    case Consume::kLocked: return "a plain load under spin_lock()";
  }
  return "?";
}

}  // namespace

const char* KernelSpelling(EventType type, Order order) {
  const bool store = type == EventType::kStore, rmw = type == EventType::kRmw || type == EventType::kRmwFailed;
  switch (order) {
    case Order::kPlain: return store ? "a plain store" : "a plain load";
    case Order::kOnce: return rmw ? "the _relaxed form" : store ? "WRITE_ONCE()" : "READ_ONCE()";
    case Order::kAcquire: return rmw ? "the _acquire form" : "smp_load_acquire()";
    case Order::kRelease: return rmw ? "the _release form" : "smp_store_release()";
    case Order::kFull: return "the form without a suffix";
    case Order::kRmb: return "smp_rmb()";
    case Order::kWmb: return "smp_wmb()";
    case Order::kMb: return "smp_mb()";
    case Order::kNone: return "no barrier";
    default: return OrderName(order);
  }
}

const char* C11Spelling(Order order) {
  switch (order) {
    case Order::kPlain: return "a plain access";
    case Order::kAcquire: return "memory_order_acquire";
    case Order::kRelease: return "memory_order_release";
    case Order::kFull: return "memory_order_seq_cst between two seq_cst fences";
    case Order::kRmb:
    case Order::kWmb:
    case Order::kMb: return BarrierInC11(order);
    case Order::kNone: return "no fence";
    default: return "memory_order_relaxed";
  }
}

void Spell(Repair* r, EventType type, Order was, const std::string& place) {
  r->where = place;
  const Cost once = CostOf(type, Order::kOnce), acquire = CostOf(EventType::kLoad, Order::kAcquire);
  switch (r->kind) {
    case Repair::Kind::kOrder:
      r->kernel = absl::StrCat(KernelSpelling(type, r->order), " instead of ", KernelSpelling(type, was));
      r->c11 = absl::StrCat(C11Spelling(r->order), " instead of ", C11Spelling(was));
      return Costs(r, CostOf(type, r->order));
    case Repair::Kind::kBarrierBefore:
    case Repair::Kind::kBarrierAfter: {
      const char* side = r->kind == Repair::Kind::kBarrierBefore ? " right before it" : " right after it";
      r->kernel = absl::StrCat(KernelSpelling(type, r->order), side);
      r->c11 = absl::StrCat(BarrierInC11(r->order), side);
      return Costs(r, CostOf(type, r->order));
    }
    case Repair::Kind::kPublish:
      r->kernel = absl::StrCat("publish by ", PublishSpelling(r->publish));
      r->c11 = "store(memory_order_release)";
      return Costs(r, CostOf(EventType::kStore, Order::kRelease));
    case Repair::Kind::kConsume:
      r->kernel = absl::StrCat("consume by ", ConsumeSpelling(r->consume));
      r->c11 = r->consume == Consume::kOnce ? "" : "load(memory_order_acquire)";
      return Costs(r, r->consume == Consume::kOnce ? once : acquire);
    case Repair::Kind::kUndo: r->c11 = ""; return Costs(r, {"nothing", "nothing", "nothing", 0});
    case Repair::Kind::kLock:
      r->kernel = "one lock around both: never one inside the other";
      r->c11 = "a mutex around both";
      return Costs(r, {"a lock", "a lock", "a lock", 8});
  }
}

}  // namespace ordeal
