#include "base/signals.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

#include "base/check.h"
#include "base/exit_code.h"

namespace ordeal {
namespace {

static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may touch nothing else");

// Relaxed throughout: the flag carries no data, and whoever polls it may see it a round later.
std::atomic<int> g_signal{0};
std::atomic<const char*> g_notice{nullptr};

// write() alone: stdio is not safe in a handler.
void Handle(int signal) {
  int none = 0;
  if (!g_signal.compare_exchange_strong(none, signal, std::memory_order_relaxed)) _exit(kExitAborted);
  const int saved = errno;
  const char* notice = g_notice.load(std::memory_order_relaxed);
  // The terminal has just echoed ^C: begin a line of our own.
  if (write(STDERR_FILENO, "\n", 1) < 0 || write(STDERR_FILENO, notice, std::strlen(notice)) < 0 || write(STDERR_FILENO, "\n", 1) < 0) {
    // Nowhere to say it; the flag is set.
  }
  errno = saved;
}

}  // namespace

void InstallSignalHandlers(const char* notice) {
  ORDEAL_CHECK(notice != nullptr, "a notice to print");
  g_notice.store(notice, std::memory_order_relaxed);
  struct sigaction action = {};
  action.sa_handler = Handle;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  for (int signal : {SIGINT, SIGTERM}) ORDEAL_CHECK(sigaction(signal, &action, nullptr) == 0, "sigaction");
}

bool Interrupted() { return InterruptSignal() != 0; }
int InterruptSignal() { return g_signal.load(std::memory_order_relaxed); }

}  // namespace ordeal
