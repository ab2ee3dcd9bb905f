// What may code under test say about shared memory? The vocabulary, as a concept over Memory policies.
//
// Code under test is a template on a policy M: Native (memory/native/), NativePlanted, or Model (memory/model/). It reads like kernel code:
//
//   Val<Slab*> slab = VirtToSlab(object);                       a tracked value: remembers the loads it was computed from
//   Val<u64> head = slab->freelist.read_once(site::head_read);  one access, one Site
//   while (!slab->pair.cmpxchg(head, counters, object, counters - 1, site::remote_push)) {}
//
// Rules that keep a dependency alive and an execution the same under every compiler:
//   * shared fields are M::Word<T>; each access is spelled out, and there is one per full expression;
//   * a loaded value stays a Val<T>: arithmetic, comparison, `->` and M::cast keep its dependency, conversion to bool records a
//     control dependency; `auto& w = p->field` and `&p->field` lose it, and the model refuses them at run time;
//   * M::untracked(v) is for hooks and printing only.
// Code that is called on a CPU takes it as an M::ThisCpu: a number that is read anew each time it is used, since an interrupt may move the task
// to another CPU. What must be of one CPU is looked at with interrupts off, or checked by what names the CPU.
#pragma once
#include <concepts>

#include "memory/order.h"
#include "memory/site.h"

namespace ordeal {

// clang-format off
template <class M>
concept Memory = requires(typename M::template Word<u64>& w, const typename M::template Word<u64>& cw, typename M::template Val<u64> v,
                          typename M::DoubleWord& d, typename M::Spinlock& l, Change change, void* raw, const int& now, typename M::ThisCpu this_cpu,
                          Site<Order::kOnce> once, Site<Order::kAcquire> acquire, Site<Order::kRelease> release, Site<Order::kFull> full,
                          Site<Order::kNoReturn> noreturn, Site<Order::kWmb> wmb, Site<Order::kRmb> rmb, Site<Order::kMb> mb) {
  { cw.plain() } -> std::same_as<typename M::template Val<u64>>;                // *p, racy unless ordered
  { w.set_plain(v) };                                                            // *p = v
  { cw.read_once(once) } -> std::same_as<typename M::template Val<u64>>;        // READ_ONCE
  { w.write_once(v, once) };                                                     // WRITE_ONCE
  { cw.load_acquire(acquire) } -> std::same_as<typename M::template Val<u64>>;  // smp_load_acquire
  { w.store_release(v, release) };                                               // smp_store_release
  { w.xchg(v, full) } -> std::same_as<typename M::template Val<u64>>;           // xchg and suffixes, by the Site's order
  { w.cmpxchg(v, v, full) } -> std::same_as<typename M::template Val<bool>>;    // try_cmpxchg: on failure the first argument is what was seen
  { w.fetch_add(v, full) } -> std::same_as<typename M::template Val<u64>>;      // likewise fetch_sub, fetch_and, fetch_or, fetch_xor, add_return
  { w.add(v, noreturn) };                                                        // atomic_add: no return value, no order
  { d.cmpxchg(v, v, v, v, full) } -> std::same_as<typename M::template Val<bool>>;  // (old lo, old hi, new lo, new hi): 16 bytes at once
  { l.lock() };                                                                  // spin_lock, spin_unlock, spin_trylock
  { l.unlock() };
  { l.trylock() };
  { M::wmb(wmb) };
  { M::rmb(rmb) };
  { M::mb(mb) };
  { M::irqs_off() };                                                             // local_irq_disable, nests: no interrupt of this CPU from here ...
  { M::irqs_on() };                                                              // ... to here. Locks of code under test are the irqsave kind
  requires std::constructible_from<typename M::ThisCpu, int> && std::convertible_to<typename M::ThisCpu, int>;  // smp_processor_id()
  { M::current_cpu(now) } -> std::same_as<typename M::ThisCpu>;                  // of a task whose CPU is in `now`, which changes as it moves
  { M::may_move(this_cpu) } -> std::same_as<bool>;                               // is it of such a task?
  { M::spin() };                                                                 // a retry: let the others run
  { M::spin_a_little() };                                                        // the same, in a loop that gives up after a few turns ...
  { M::kPatience } -> std::convertible_to<int>;                                  // ... this many
  { M::changed(change) } -> std::same_as<bool>;                                  // is this operation planted wrong?
  { M::poke(w, u64{}) };                                                         // the initial image, before anything runs
  { M::peek(cw) } -> std::same_as<u64>;                                          // the newest value, after everything has run
  { M::untracked(v) } -> std::same_as<u64>;
  { M::template at<u64>(v) };                                                    // an address as a (tracked) pointer
  { M::template cast<u32>(v) };
};
// clang-format on

}  // namespace ordeal
