// The real memory as a Memory policy: every type here is the bare type, every function one instruction or none.
//
// Native         orders are compile-time constants: what stress runs when no bug is planted, and it costs nothing
// NativePlanted  orders are read from g_sites at every access, so that an omitted barrier really is omitted; and a thread can be made to wait in
//                front of one (delay.h)
#pragma once
#include <thread>
#include <type_traits>

#include "memory/memory.h"
#include "memory/native/access.h"
#include "memory/native/delay.h"

namespace ordeal {

template <bool kPlantable>
struct NativeMemory {
  // A tracked value is the value itself.
  template <class T>
  using Val = T;
  template <class T>
  static T untracked(T v) {
    return v;
  }
  template <class T>
  static T branch_on(T v) {
    return v;
  }
  template <class To, class From>
  static To cast(From v) {
    return (To)v;
  }  // as C does: integers to pointers and back, too
  template <class T>
  static T* at(u64 address) {
    return reinterpret_cast<T*>(address);
  }

  static bool changed(Change c) { return kPlantable && g_sites.any_planted() && g_sites.changed(c); }
  static void irqs_off() {}  // threads have none
  static void irqs_on() {}
  using ThisCpu = int;  // and stay where they are
  static ThisCpu current_cpu(const int& now) { return now; }
  static constexpr bool may_move(ThisCpu) { return false; }
  static void spin() { native::Relax(); }
  static void spin_a_little() { native::Relax(); }
  static constexpr int kPatience = 400;  // of who gives up: some microseconds

  template <Order O>
  [[gnu::always_inline]] static Order InForce(Site<O> s) {
    if constexpr (kPlantable) return OrderInForce(s);
    else return O;
  }

  // What is planted around an access lasts as long as this does: nothing at all for Native.
  class Around {
   public:
    [[gnu::always_inline]] explicit Around([[maybe_unused]] u16 site) : site_(site) {
      if constexpr (!kPlantable) return;
      native::BeforeAccess();
      if (g_sites.any_barriers()) [[unlikely]]
        native::Fence(g_sites.barrier(site_, false));
    }
    [[gnu::always_inline]] ~Around() {
      if constexpr (kPlantable)
        if (g_sites.any_barriers()) [[unlikely]]
          native::Fence(g_sites.barrier(site_, true));
    }
    Around(const Around&) = delete;
    Around& operator=(const Around&) = delete;

   private:
    [[maybe_unused]] const u16 site_;
  };

  // One word of shared memory. It has the layout of T and no copy constructor: every access is spelled out.
  template <class T>
  class Word {
   public:
    static_assert(sizeof(T) <= 8);
    Word() = default;
    Word(const Word&) = delete;
    Word& operator=(const Word&) = delete;

    T plain() const {
      const Around around(kNoSite);
      return value_;
    }
    void set_plain(T x) {
      const Around around(kNoSite);
      value_ = x;
    }
    T read_once(Site<Order::kOnce> s) const { return LoadAt(s); }
    void write_once(T x, Site<Order::kOnce> s) { StoreAt(x, s); }
    T load_acquire(Site<Order::kAcquire> s) const { return LoadAt(s); }
    void store_release(T x, Site<Order::kRelease> s) { StoreAt(x, s); }

    template <Order O>
    T xchg(T x, Site<O> s) {
      return RmwAt(s, [&](auto o) { return __atomic_exchange_n(&value_, x, o.value); });
    }
    template <Order O>
    T fetch_add(T x, Site<O> s) {
      return RmwAt(s, [&](auto o) { return __atomic_fetch_add(&value_, x, o.value); });
    }
    template <Order O>
    T fetch_sub(T x, Site<O> s) {
      return RmwAt(s, [&](auto o) { return __atomic_fetch_sub(&value_, x, o.value); });
    }
    template <Order O>
    T fetch_and(T x, Site<O> s) {
      return RmwAt(s, [&](auto o) { return __atomic_fetch_and(&value_, x, o.value); });
    }
    template <Order O>
    T fetch_or(T x, Site<O> s) {
      return RmwAt(s, [&](auto o) { return __atomic_fetch_or(&value_, x, o.value); });
    }
    template <Order O>
    T fetch_xor(T x, Site<O> s) {
      return RmwAt(s, [&](auto o) { return __atomic_fetch_xor(&value_, x, o.value); });
    }
    template <Order O>
    T add_return(T x, Site<O> s) {
      return static_cast<T>(fetch_add(x, s) + x);
    }
    template <Order O>
    T sub_return(T x, Site<O> s) {
      return static_cast<T>(fetch_sub(x, s) - x);
    }
    void add(T x, Site<Order::kNoReturn> s) { fetch_add(x, s); }
    void sub(T x, Site<Order::kNoReturn> s) { fetch_sub(x, s); }

    // try_cmpxchg: on failure `old` is what was seen.
    template <Order O>
    bool cmpxchg(T& old, T x, Site<O> s) {
      const Around around(s.id);
      return native::CompareExchange(&value_, old, x, InForce(s));
    }

    // The order as run-time data: for interpreters and porting aids. The site is the model's business.
    T load(Order o, u16 /*site*/) const { return native::Load(&value_, o); }
    void store(T x, Order o, u16 /*site*/) { native::Store(&value_, x, o); }
    T exchange(T x, Order o, u16 /*site*/) {
      return native::WithRmwOrder(o, [&](auto order) { return __atomic_exchange_n(&value_, x, order.value); });
    }
    bool compare_exchange(T& old, T x, Order o, u16 /*site*/) { return native::CompareExchange(&value_, old, x, o); }

   private:
    friend struct NativeMemory;
    template <Order O>
    [[gnu::always_inline]] T LoadAt(Site<O> s) const {
      const Around around(s.id);
      return native::Load(&value_, InForce(s));
    }
    template <Order O>
    [[gnu::always_inline]] void StoreAt(T x, Site<O> s) {
      const Around around(s.id);
      native::Store(&value_, x, InForce(s));
    }
    template <Order O, class F>
    [[gnu::always_inline]] T RmwAt(Site<O> s, F f) {
      const Around around(s.id);
      return native::WithRmwOrder(InForce(s), f);
    }

    T value_;
  };

  // Two neighbouring words that can be compared and exchanged as one.
  struct alignas(16) DoubleWord {
    Word<u64> lo, hi;
    // On failure the first two are what was seen.
    template <Order O>
    bool cmpxchg(u64& l, u64& h, u64 new_l, u64 new_h, Site<O> s) {
      const Around around(s.id);
      return native::CompareExchangePair(reinterpret_cast<native::Pair*>(this), l, h, new_l, new_h, InForce(s));
    }
  };

  class Spinlock {
   public:
    // Its holder may have lost its processor: after a while, so does the one who waits.
    void lock() {
      for (int turn = 1; !trylock(); ++turn) {
        while (__atomic_load_n(&word_, __ATOMIC_RELAXED) != 0) {
          if (turn++ % 128 == 0) std::this_thread::yield();
          else native::Relax();
        }
      }
    }
    bool trylock() { return __atomic_exchange_n(&word_, 1, __ATOMIC_ACQUIRE) == 0; }
    void unlock() { __atomic_store_n(&word_, 0, __ATOMIC_RELEASE); }

   private:
    u32 word_;
  };

  static void wmb(Site<Order::kWmb> s) { native::Fence(InForce(s)); }
  static void rmb(Site<Order::kRmb> s) { native::Fence(InForce(s)); }
  static void mb(Site<Order::kMb> s) { native::Fence(InForce(s)); }
  static void fence(Order o, u16 /*site*/) { native::Fence(o); }

  template <class T>
  static void poke(Word<T>& word, T x) {
    word.value_ = x;
  }
  template <class T>
  static T peek(const Word<T>& word) {
    return word.value_;
  }
};

using Native = NativeMemory<false>;
using NativePlanted = NativeMemory<true>;
static_assert(Memory<Native>);
static_assert(Memory<NativePlanted>);

}  // namespace ordeal
