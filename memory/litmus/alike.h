// Which threads of a litmus test are alike, and what do executions that differ only by exchanging them end with?
//
// Threads are alike if they are the same code with the same initial registers. Nowhere in a test that may be given up on the way (a loop that
// wants more turns, an access where no variable may be): what has happened by then depends on who runs first.
#pragma once
#include <functional>
#include <span>
#include <vector>

#include "memory/litmus/test.h"
#include "memory/litmus/thread.h"

namespace ordeal::litmus {

// By thread: the lowest one that is alike, or -1. Empty: no two are.
std::vector<int> AlikeThreads(const Test& test);

class Exchanges {
 public:
  Exchanges(const Test& test, std::vector<int> alike);

  // f(threads, times): the final registers of each execution of the orbit (memory/model/exact.h), as far as the test asks for them, and of
  // how many executions they are.
  void ForEach(std::span<const ThreadState> threads, u64 orbit, const std::function<void(std::span<const ThreadState>, u64)>& f);

 private:
  struct Class {
    std::vector<int> members, registers;  // those that the test looks at
  };
  bool Less(const Class& c, std::span<const ThreadState> threads, int a, int b) const;
  void Arrange(size_t from, std::span<const ThreadState> threads, u64 times, const std::function<void(std::span<const ThreadState>, u64)>& f);

  std::vector<Class> classes_;
  std::vector<ThreadState> arranged_;
};

}  // namespace ordeal::litmus
