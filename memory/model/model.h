// The modelled memory as a Memory policy: the vocabulary of memory/memory.h, each access a call into the engine.
#pragma once
#include <cstring>
#include <source_location>

#include "memory/memory.h"
#include "memory/model/engine.h"
#include "memory/model/tracked.h"

namespace ordeal {

namespace model {
// Around each access: interrupts come before it, and what is planted beside its Site (SiteTable::PlantBarrier) before and after it.
class Fenced {
 public:
  Fenced(u16 site, std::source_location where) : site_(g_sites.any_barriers() ? site : u16{kNoSite}), where_(where) {
    Interruptible();
    if (site_ != kNoSite) [[unlikely]]
      Fence(g_sites.barrier(site_, false), {site_, where_});
  }
  ~Fenced() {
    if (site_ != kNoSite) [[unlikely]]
      Fence(g_sites.barrier(site_, true), {site_, where_});
  }
  Fenced(const Fenced&) = delete;
  Fenced& operator=(const Fenced&) = delete;

 private:
  u16 site_;
  std::source_location where_;
};
}  // namespace model

struct Model {
  using Where = std::source_location;
  template <class T>
  using Val = Tracked<T>;

  template <class T>
  static T untracked(Tracked<T> v) {
    return v.raw();
  }
  template <Bare T>
  static T untracked(T v) {
    return v;
  }
  template <class T>
  static T branch_on(Tracked<T> v) {
    model::Branch(v.dep());
    return v.raw();
  }
  template <class To, class From>
  static Tracked<To> cast(Tracked<From> v) {
    return {(To)v.raw(), v.dep()};
  }  // as C does: integers to pointers and back, too
  template <class To, Bare From>
  static Tracked<To> cast(From v) {
    return {(To)v};
  }
  template <class T>
  static Tracked<T*> at(Tracked<u64> address) {
    return {reinterpret_cast<T*>(address.raw()), address.dep()};
  }

  static bool changed(Change c) { return g_sites.any_planted() && g_sites.changed(c); }
  static void irqs_off() { model::IrqsOff(); }
  static void irqs_on() { model::IrqsOn(); }

  // An interrupt that is due comes before the CPU is looked at, so that none comes between that and the next access: gs-relative, as on x86.
  class ThisCpu {
   public:
    ThisCpu(int cpu) : cpu_(cpu) {}  // of a task that stays
    explicit ThisCpu(const int* now) : now_(now) {}
    operator int() const {
      if (now_ == nullptr) return cpu_;
      model::Interruptible();
      return *now_;
    }
    bool may_move() const { return now_ != nullptr; }

   private:
    const int* now_ = nullptr;
    int cpu_ = 0;
  };
  static ThisCpu current_cpu(const int& now) { return ThisCpu(&now); }
  static bool may_move(ThisCpu cpu) { return cpu.may_move(); }

  static void spin() { model::Spin(); }
  static void spin_a_little() { model::Spin(true); }
  static constexpr int kPatience = 6;

  // One word of modelled memory. It has the layout of T and no copy constructor: every access is spelled out.
  template <class T>
  class Word {
   public:
    static_assert(sizeof(T) <= 8);
    Word() = default;
    Word(const Word&) = delete;
    Word& operator=(const Word&) = delete;

    Val<T> plain(Where w = Where::current()) const { return DoLoad(Order::kPlain, kNoSite, w); }
    void set_plain(Val<T> x, Where w = Where::current()) { DoStore(x, Order::kPlain, kNoSite, w); }
    Val<T> read_once(Site<Order::kOnce> s, Where w = Where::current()) const { return DoLoad(OrderInForce(s), s.id, w); }
    void write_once(Val<T> x, Site<Order::kOnce> s, Where w = Where::current()) { DoStore(x, OrderInForce(s), s.id, w); }
    Val<T> load_acquire(Site<Order::kAcquire> s, Where w = Where::current()) const { return DoLoad(OrderInForce(s), s.id, w); }
    void store_release(Val<T> x, Site<Order::kRelease> s, Where w = Where::current()) { DoStore(x, OrderInForce(s), s.id, w); }

    template <Order O>
    Val<T> xchg(Val<T> x, Site<O> s, Where w = Where::current()) {
      return DoRmw(model::RmwOp::kXchg, x, OrderInForce(s), s.id, w);
    }
    template <Order O>
    Val<T> fetch_add(Val<T> x, Site<O> s, Where w = Where::current()) {
      return DoRmw(model::RmwOp::kAdd, x, OrderInForce(s), s.id, w);
    }
    template <Order O>
    Val<T> fetch_sub(Val<T> x, Site<O> s, Where w = Where::current()) {
      return DoRmw(model::RmwOp::kSub, x, OrderInForce(s), s.id, w);
    }
    template <Order O>
    Val<T> fetch_and(Val<T> x, Site<O> s, Where w = Where::current()) {
      return DoRmw(model::RmwOp::kAnd, x, OrderInForce(s), s.id, w);
    }
    template <Order O>
    Val<T> fetch_or(Val<T> x, Site<O> s, Where w = Where::current()) {
      return DoRmw(model::RmwOp::kOr, x, OrderInForce(s), s.id, w);
    }
    template <Order O>
    Val<T> fetch_xor(Val<T> x, Site<O> s, Where w = Where::current()) {
      return DoRmw(model::RmwOp::kXor, x, OrderInForce(s), s.id, w);
    }
    template <Order O>
    Val<T> add_return(Val<T> x, Site<O> s, Where w = Where::current()) {
      return cast<T>(fetch_add(x, s, w) + x);
    }
    template <Order O>
    Val<T> sub_return(Val<T> x, Site<O> s, Where w = Where::current()) {
      return cast<T>(fetch_sub(x, s, w) - x);
    }
    void add(Val<T> x, Site<Order::kNoReturn> s, Where w = Where::current()) { DoRmw(model::RmwOp::kAdd, x, OrderInForce(s), s.id, w); }
    void sub(Val<T> x, Site<Order::kNoReturn> s, Where w = Where::current()) { DoRmw(model::RmwOp::kSub, x, OrderInForce(s), s.id, w); }

    // try_cmpxchg: on failure `old` is what was seen.
    template <Order O>
    Val<bool> cmpxchg(Val<T>& old, Val<T> x, Site<O> s, Where w = Where::current()) {
      return compare_exchange(old, x, OrderInForce(s), s.id, w);
    }

    // The order as run-time data: for interpreters and porting aids.
    Val<T> load(Order o, u16 site, Where w = Where::current()) const { return DoLoad(o, site, w); }
    void store(Val<T> x, Order o, u16 site, Where w = Where::current()) { DoStore(x, o, site, w); }
    Val<T> exchange(Val<T> x, Order o, u16 site, Where w = Where::current()) { return DoRmw(model::RmwOp::kXchg, x, o, site, w); }
    Val<T> fetch(model::RmwOp op, Val<T> x, Order o, u16 site, Where w = Where::current()) { return DoRmw(op, x, o, site, w); }
    Val<bool> compare_exchange(Val<T>& old, Val<T> x, Order o, u16 site, Where w = Where::current()) {
      const model::Fenced fenced(site, w);
      const u64 a = Address();
      model::Dep d;
      u64 seen = Bits(old.raw());
      const bool ok = model::Cas(a, sizeof(T), seen, Bits(x.raw()), o, {site, w}, model::AddressDep(a), x.dep(), &d);
      if (!ok) old = {FromBits(seen), d};
      return {ok, d};
    }

   private:
    friend struct Model;
    u64 Address() const { return reinterpret_cast<u64>(this); }
    static u64 Bits(T x) {
      u64 b = 0;
      std::memcpy(&b, &x, sizeof x);
      return b;
    }
    static T FromBits(u64 b) {
      T x;
      std::memcpy(&x, &b, sizeof x);
      return x;
    }
    Val<T> DoLoad(Order o, u16 site, Where w) const {
      const model::Fenced fenced(site, w);
      const u64 a = Address();
      model::Dep d;
      const u64 b = model::Load(a, sizeof(T), o, {site, w}, model::AddressDep(a), &d);
      return {FromBits(b), d};
    }
    void DoStore(Val<T> x, Order o, u16 site, Where w) {
      const model::Fenced fenced(site, w);
      const u64 a = Address();
      model::Store(a, sizeof(T), Bits(x.raw()), o, {site, w}, model::AddressDep(a), x.dep());
    }
    Val<T> DoRmw(model::RmwOp op, Val<T> x, Order o, u16 site, Where w) {
      const model::Fenced fenced(site, w);
      const u64 a = Address();
      model::Dep d;
      const u64 b = model::Rmw(a, sizeof(T), op, Bits(x.raw()), o, {site, w}, model::AddressDep(a), x.dep(), &d);
      return {FromBits(b), d};
    }
    T storage_;
  };

  // Two neighbouring words that can be compared and exchanged as one.
  struct alignas(16) DoubleWord {
    Word<u64> lo, hi;
    template <Order O>
    Val<bool> cmpxchg(Val<u64>& l, Val<u64>& h, Val<u64> new_l, Val<u64> new_h, Site<O> s, Where w = Where::current()) {
      const model::Fenced fenced(s.id, w);
      const u64 a = reinterpret_cast<u64>(this);
      model::Dep d;
      u64 old[2] = {l.raw(), h.raw()};
      const u64 want[2] = {new_l.raw(), new_h.raw()};
      const bool ok = model::Cas2(a, old, want, OrderInForce(s), {s.id, w}, model::AddressDep(a), model::JoinDeps(new_l.dep(), new_h.dep()), &d);
      if (!ok) {
        l = {old[0], d};
        h = {old[1], d};
      }
      return {ok, d};
    }
  };

  class Spinlock {
   public:
    void lock(Where w = Where::current()) {
      const u64 a = reinterpret_cast<u64>(this);
      model::Interruptible();
      model::IrqsOff();
      model::Lock(a, {kNoSite, w}, model::AddressDep(a));
    }
    bool trylock(Where w = Where::current()) {
      const u64 a = reinterpret_cast<u64>(this);
      model::Interruptible();
      model::Dep d = 0;
      const bool taken = model::TryLock(a, {kNoSite, w}, &d, model::AddressDep(a));
      model::Branch(d);
      if (taken) model::IrqsOff();
      return taken;
    }
    void unlock(Where w = Where::current()) {
      const u64 a = reinterpret_cast<u64>(this);
      model::Unlock(a, {kNoSite, w}, model::AddressDep(a));
      model::IrqsOn();
    }

   private:
    [[maybe_unused]] u32 word_;
  };

  static void wmb(Site<Order::kWmb> s, Where w = Where::current()) { model::Interruptible(), model::Fence(OrderInForce(s), {s.id, w}); }
  static void rmb(Site<Order::kRmb> s, Where w = Where::current()) { model::Interruptible(), model::Fence(OrderInForce(s), {s.id, w}); }
  static void mb(Site<Order::kMb> s, Where w = Where::current()) { model::Interruptible(), model::Fence(OrderInForce(s), {s.id, w}); }
  static void fence(Order o, u16 site, Where w = Where::current()) { model::Fence(o, {site, w}); }

  template <class T>
  static void poke(Word<T>& word, T x) {
    model::Poke(static_cast<model::Addr>(model::OffsetOf(&word)), sizeof(T), Word<T>::Bits(x));
  }
  template <class T>
  static T peek(const Word<T>& word) {
    return Word<T>::FromBits(model::PeekNewest(static_cast<model::Addr>(model::OffsetOf(&word)), sizeof(T)));
  }
};

static_assert(Memory<Model>);

}  // namespace ordeal
