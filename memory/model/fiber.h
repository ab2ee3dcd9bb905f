// What is a CPU of the model? A stack to switch to: Boost.Context's raw fcontext, a few nanoseconds a switch.
#pragma once
#include <cstddef>

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
  void Leave(const Fiber& to);
  void Arrive(Fiber& from);
  boost::context::detail::fcontext_t context_ = nullptr;
  u8* stack_ = nullptr;
  Entry entry_ = nullptr;
  // What the address sanitizer, where it is, is told at a switch: the stack in use, and its own frames beside it.
  const void* bottom_ = nullptr;
  size_t bytes_ = 0;
  [[maybe_unused]] void* fake_stack_ = nullptr;
};

// Saves the caller in `from` and goes on in `to`. Returns when something switches to `from`.
void Switch(Fiber& from, Fiber& to);

}  // namespace ordeal::model
