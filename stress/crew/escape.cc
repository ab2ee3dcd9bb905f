#include "stress/crew/escape.h"

#include "base/check.h"

namespace ordeal::stress {

namespace escape {
thread_local sigjmp_buf* g_way_out = nullptr;
thread_local u64 g_fault_address = 0;
}  // namespace escape

namespace {

constexpr int kThrowOut = SIGUSR2;

void OnFault(int signal, siginfo_t* info, void*) {
  if (sigjmp_buf* out = escape::g_way_out; out != nullptr) {
    escape::g_fault_address = reinterpret_cast<u64>(info->si_addr);
    siglongjmp(*out, static_cast<int>(Left::kFault));
  }
  std::signal(signal, SIG_DFL);  // the access happens again, and is fatal
}

void OnThrowOut(int) {
  if (sigjmp_buf* out = escape::g_way_out; out != nullptr) siglongjmp(*out, static_cast<int>(Left::kStuck));
}

}  // namespace

void InstallEscape() {
  struct sigaction fault = {};
  fault.sa_sigaction = &OnFault;
  fault.sa_flags = SA_SIGINFO | SA_NODEFER;  // not blocked in the handler, which may not return
  struct sigaction thrown = {};
  thrown.sa_handler = &OnThrowOut;
  thrown.sa_flags = SA_NODEFER | SA_RESTART;
  ORDEAL_CHECK(sigaction(SIGSEGV, &fault, nullptr) == 0 && sigaction(SIGBUS, &fault, nullptr) == 0 && sigaction(kThrowOut, &thrown, nullptr) == 0,
               "signal handlers can be installed");
}

void ThrowOut(pthread_t thread) { pthread_kill(thread, kThrowOut); }

}  // namespace ordeal::stress
