// How strong is a hand-over in this run? What the program says, as far as its Sites are not planted weaker or stronger.
#pragma once
#include "program/program.h"
#include "run/user_sites.h"

namespace ordeal {

// Of the store (or the RMW) at `site`, whose order is in force: what it amounts to as a publish.
inline Publish PublishOf(Order order, u16 site, bool rmw = false) {
  const Order before = g_sites.any_barriers() ? g_sites.barrier(site, false) : Order::kNone;
  if (before == Order::kMb) return Publish::kMb;
  switch (order) {
    case Order::kFull: return rmw ? Publish::kXchg : Publish::kOnce;  // a store has no such order
    case Order::kRelease: return Publish::kRelease;
    case Order::kPlain: return Publish::kPlain;
    default: return before == Order::kWmb ? Publish::kWmb : Publish::kOnce;
  }
}

inline Publish PublishInForce(Publish written) {
  namespace at = user_site;
  const Publish once = PublishOf(OrderInForce(at::publish_once), at::publish_once.id);
  switch (written) {
    case Publish::kPlain: return Publish::kPlain;
    case Publish::kOnce: return once;
    case Publish::kWmb:
      if (OrderInForce(at::publish_wmb) == Order::kMb) return Publish::kMb;
      return OrderInForce(at::publish_wmb) == Order::kWmb && once == Publish::kOnce ? Publish::kWmb : once;
    case Publish::kRelease: return PublishOf(OrderInForce(at::publish_release), at::publish_release.id);
    case Publish::kMb: return OrderInForce(at::publish_mb) == Order::kMb ? Publish::kMb : once;
    case Publish::kXchg: return PublishOf(OrderInForce(at::publish_xchg), at::publish_xchg.id, true);
    case Publish::kLocked: return Publish::kLocked;  // spin_unlock is no Site
  }
  return written;
}

// Of the load (or the xchg) at `site`. With an smp_mb right after it it is what an xchg is: an acquire, and a full barrier for what is published later.
inline Consume ConsumeOf(Order order, u16 site, bool rmw) {
  const Order after = g_sites.any_barriers() ? g_sites.barrier(site, true) : Order::kNone;
  if (order == Order::kPlain) return Consume::kPlain;
  if ((order == Order::kFull && rmw) || after == Order::kMb) return Consume::kXchg;
  const bool acquires = order == Order::kAcquire;
  if (rmw) return acquires ? Consume::kXchgAcquire : Consume::kXchgRelaxed;
  if (acquires) return Consume::kAcquire;
  return after == Order::kRmb ? Consume::kRmb : Consume::kOnce;
}

inline Consume ConsumeInForce(Consume written) {
  namespace at = user_site;
  const Consume once = ConsumeOf(OrderInForce(at::consume_once), at::consume_once.id, false);
  switch (written) {
    case Consume::kPlain: return Consume::kPlain;
    case Consume::kOnce: return once;
    case Consume::kRmb:
      if (OrderInForce(at::consume_rmb) == Order::kMb) return Consume::kXchg;
      return OrderInForce(at::consume_rmb) == Order::kRmb && once == Consume::kOnce ? Consume::kRmb : once;
    case Consume::kAcquire: return ConsumeOf(OrderInForce(at::consume_acquire), at::consume_acquire.id, false);
    case Consume::kXchg: return ConsumeOf(OrderInForce(at::consume_xchg), at::consume_xchg.id, true);
    case Consume::kXchgAcquire: return ConsumeOf(OrderInForce(at::consume_xchg_acquire), at::consume_xchg_acquire.id, true);
    case Consume::kXchgRelaxed: return ConsumeOf(OrderInForce(at::consume_xchg_relaxed), at::consume_xchg_relaxed.id, true);
    case Consume::kLocked: return Consume::kLocked;
  }
  return written;
}

// What the decrement of a put hands on, and what the last one takes of the others'. A decrement is an RMW: it counts as an xchg does.
inline Publish PutInForce(Put form) {
  namespace at = user_site;
  if (form == Put::kRefcount) return PublishOf(OrderInForce(at::put_release), at::put_release.id, true);
  return PublishOf(OrderInForce(at::put_full), at::put_full.id, true);
}
// `alone`: found to be the only one by the check of a shortcut, without a decrement.
inline Consume LastPutInForce(Put form, bool alone) {
  namespace at = user_site;
  if (alone) return ConsumeOf(OrderInForce(at::put_check), at::put_check.id, false);
  if (form != Put::kRefcount) return ConsumeOf(OrderInForce(at::put_full), at::put_full.id, true);
  if (OrderInForce(at::put_last) == Order::kMb) return Consume::kXchg;
  return ConsumeOf(OrderInForce(at::put_release), at::put_release.id, true);
}

// The cache's users are counted by fully ordered decrements.
inline Publish CachePutInForce() { return PublishOf(OrderInForce(user_site::cache_put), user_site::cache_put.id, true); }
inline Consume CacheEndInForce() { return ConsumeOf(OrderInForce(user_site::cache_put), user_site::cache_put.id, true); }

inline Publish LinkInForce() { return PublishOf(OrderInForce(user_site::next_release), user_site::next_release.id); }
inline Consume TakeNextInForce() { return ConsumeOf(OrderInForce(user_site::next_acquire), user_site::next_acquire.id, false); }

}  // namespace ordeal
