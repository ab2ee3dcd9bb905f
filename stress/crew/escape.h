// What if the code under test touches memory that is not there, or never comes back? The thread gets out, and the round is lost, not the night.
//
// Code that may be left like this owns nothing in its frames: the same rule as for fibers of the modelled memory.
#pragma once
#include <csetjmp>
#include <csignal>

#include <pthread.h>

#include "memory/order.h"

namespace ordeal::stress {

enum class Left : int {
  kDone = 0,   // it came back
  kFault = 1,  // SIGSEGV or SIGBUS
  kStuck = 2,  // somebody called ThrowOut
};

// The handlers of SIGSEGV, SIGBUS and of the signal that throws out. Once a process; a fault elsewhere is what it would be without them.
void InstallEscape();

namespace escape {
extern thread_local sigjmp_buf* g_way_out;  // null: not inside
extern thread_local u64 g_fault_address;
}  // namespace escape

// f(), which may be left at any instruction. Not nested.
template <class F>
Left Guarded(F f) {
  sigjmp_buf way_out;
  const int left = sigsetjmp(way_out, 0);
  if (left != 0) {
    escape::g_way_out = nullptr;
    return static_cast<Left>(left);
  }
  escape::g_way_out = &way_out;
  f();
  escape::g_way_out = nullptr;
  return Left::kDone;
}

// The address of this thread's last fault.
inline u64 FaultAddress() { return escape::g_fault_address; }

// Makes that thread leave what it runs Guarded; nothing if it does not.
void ThrowOut(pthread_t thread);

}  // namespace ordeal::stress
