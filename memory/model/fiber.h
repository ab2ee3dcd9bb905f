// What is a CPU of the model? A stack to switch to: Boost.Context's raw fcontext, a few nanoseconds a switch.
#pragma once
#include <boost/context/detail/fcontext.hpp>

#include "memory/geometry.h"
#include "memory/order.h"

namespace ordeal::model {

// A stack with a guard page below it, mapped once and used again: an abandoned execution just leaves it.
class Fiber {
 public:
  using Entry = void (*)(Fiber* self);
  // Makes the next switch to this fiber call entry(this) on an empty stack. `entry` never returns.
  void Prepare(Entry entry);
  static constexpr u64 kStackBytes = 128 << 10;

 private:
  friend void Switch(Fiber& from, Fiber& to);
  static void Trampoline(boost::context::detail::transfer_t t);
  boost::context::detail::fcontext_t context_ = nullptr;
  u8* stack_ = nullptr;
  Entry entry_ = nullptr;
};

// Saves the caller in `from` and goes on in `to`. Returns when something switches to `from`.
void Switch(Fiber& from, Fiber& to);

}  // namespace ordeal::model
