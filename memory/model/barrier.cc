// Fences, locks and dependencies.
#include "base/check.h"
#include "memory/model/access.h"

namespace ordeal::model {

MessageId NewMessage(const Knowledge& k) {
  ORDEAL_CHECK(g.n_messages < kMaxMessages, "more messages than the engine has room for");
  g.messages[g.n_messages] = k;
  return static_cast<MessageId>(g.n_messages++);
}

Dep NewLeaf(MessageId message, u32 event, Dep addr_dep) {
  // In search only the knowledge matters, and a message that orders nothing new needs no node.
  if (!g.options.record && (message < 0 || g.me->now.Covers(g.messages[message]))) return addr_dep;
  ORDEAL_CHECK(g.n_deps < kMaxDeps, "more dependencies than the engine has room for");
  DepNode& d = g.deps[g.n_deps];
  d.know = message < 0 ? Knowledge() : g.messages[message];
  if (addr_dep != 0) d.know.Join(g.deps[addr_dep].know);
  d.left = d.right = 0;
  d.load_event = event;
  return g.n_deps++;
}

Dep Union(Dep a, Dep b) {
  if (!g.options.record) {
    if (g.deps[a].know.Covers(g.deps[b].know)) return a;
    if (g.deps[b].know.Covers(g.deps[a].know)) return b;
  }
  ORDEAL_CHECK(g.n_deps < kMaxDeps, "more dependencies than the engine has room for");
  DepNode& d = g.deps[g.n_deps];
  d.know = g.deps[a].know;
  d.know.Join(g.deps[b].know);
  d.left = a;
  d.right = b;
  d.load_event = kNoEvent;
  return g.n_deps++;
}

void Branch(Dep d) {
  if (d == 0 || g.me == nullptr) return;
  g.me->controlled.Join(g.deps[d].know);
  if (!g.options.record) return;
  const auto add = [](auto& self, Dep node) -> void {
    const DepNode& n = g.deps[node];
    if (n.left != 0) {
      self(self, n.left);
      self(self, n.right);
      return;
    }
    for (const u32 e : g.me->controls)
      if (e == n.load_event) return;
    g.me->controls.push_back(n.load_event);
  };
  add(add, d);
}

Controls ControlsHere() { return {g.me->controlled, static_cast<u32>(g.me->controls.size())}; }

void GoBackTo(const Controls& c) {
  g.me->controlled = c.know;
  g.me->controls.resize(c.loads);
}

void StrongFence() {
  Cpu& me = *g.me;
  me.now.Join(me.acquired);
  me.now.view.Join(g.global.view);  // the order in which strong fences run bounds what may be read, and nothing else (see Knowledge)
  me.released = Before();
  g.global.view = me.released.view;
  me.has_released = true;
}

void Fence(Order order, At at) {
  if (order == Order::kNone) return;
  if (g.exact != nullptr) [[unlikely]]
    return ExactFence(order, at);
  Step();
  Cpu& me = *g.me;
  switch (order) {
    case Order::kRmb:
      me.read_side.Join(me.acquired);
      me.has_read_side = true;
      break;
    case Order::kWmb:
      me.released.Join(me.own);
      me.has_released = true;
      break;
    case Order::kMb:
    case Order::kBeforeAtomic:  // stronger than the model where no atomic or lock is beside it: never wrong, only less weak
    case Order::kAfterAtomic:
    case Order::kAfterSpinlock:
    case Order::kAfterUnlockLock: StrongFence(); break;
    default: ORDEAL_CHECK(false, "not a barrier");
  }
  if (g.options.record) Record(EventType::kFence, order, 0, 0, at, 0, 0);
  Mix(static_cast<u64>(order), static_cast<u64>(g.cur));
}

namespace {

bool TakeIfFree(u64 address, At at, Dep addr_dep) {
  const Addr a = static_cast<Addr>(address - kArenaBase);
  History* h = Find(a);
  const u8 mask = MaskOf(a, 4);
  const int top = h->Newest(mask);
  if (h->ValueAt(top, mask) != 0) return false;
  const Seq seq = Tick();
  const StoreRecord last = h->stores[top];
  const u32 event = g.options.record ? Record(EventType::kLock, Order::kAcquire, a, 4, at, addr_dep, 0) : kNoEvent;
  if (event != kNoEvent) {
    TraceEvent& e = g.trace.events[event];
    e.written[0] = 1;
    e.rf[0] = e.newest[0] = last.event;
  }
  if (addr_dep != 0) g.me->now.Join(g.deps[addr_dep].know);  // addr ; [R], and LKR acquires
  if (last.message >= 0) {
    g.me->now.Join(g.messages[last.message]);       // LKR is an acquire of the last holder's UL
    g.me->released.Join(g.messages[last.message]);  // po-unlock-lock-po: as others see it, too
    g.me->has_released = true;
  }
  if (g.me->has_unlocked) {
    g.me->now.Join(g.me->unlocked);
    g.me->released.Join(g.me->unlocked);
    g.me->has_released = true;
  }
  StoreRecord s;
  s.value = 1ull << (8 * (a & 7));
  s.key = {g.me->op, g.me->k};
  s.message = last.message;  // (rf ; rmw)*
  s.event = event;
  s.site = at.site;
  s.seq = seq;
  s.cpu = static_cast<u8>(g.cur);
  s.mask = mask;
  s.rmw = true;
  RecordStorePlace(h, h->n_stores, event);
  h->Append(s);
  Mix(a, 1);
  return true;
}

void CheckLock(u64 address) {
  const u64 offset = address - kArenaBase;
  if (offset < kArenaSize && (offset & 3) == 0) return;
  Wild(address);
}

}  // namespace

void Lock(u64 address, At at, Dep addr_dep) {
  CheckLock(address);
  if (g.exact != nullptr) [[unlikely]]
    return ExactLock(address, at, addr_dep);
  for (;;) {
    Step();
    if (TakeIfFree(address, at, addr_dep)) return;
    g.me->blocked_on = address + 1;
    const int next = NextLive();
    if (next < 0) Abandon(Ending::kDeadlock);
    ++g.me->k;
    YieldTo(next);
  }
}

bool TryLock(u64 address, At at, Dep* result, Dep addr_dep) {
  CheckLock(address);
  if (g.exact != nullptr) [[unlikely]]
    return ExactTryLock(address, at, result, addr_dep);
  Step();
  *result = 0;
  if (TakeIfFree(address, at, addr_dep)) return true;
  *result = FailedTryLock(static_cast<Addr>(address - kArenaBase), at, addr_dep);
  return false;
}

void Unlock(u64 address, At at, Dep addr_dep) {
  CheckLock(address);
  if (g.exact != nullptr) [[unlikely]]
    return ExactUnlock(address, at, addr_dep);
  Store(address, 4, 0, Order::kRelease, at, addr_dep, 0);
  if (g.options.record) g.trace.events.back().type = EventType::kUnlock;
  g.me->unlocked = Before();
  g.me->unlocked.Join(g.me->acquired);
  g.me->has_unlocked = true;
  for (int c = 0; c < g.cpus; ++c)
    if (g.cpu[c].blocked_on == address + 1) g.cpu[c].blocked_on = 0;
}

}  // namespace ordeal::model
