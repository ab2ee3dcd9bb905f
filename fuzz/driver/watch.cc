#include "fuzz/driver/watch.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/exit_code.h"
#include "fuzz/driver/artefact.h"

namespace ordeal::driver {
namespace {

using Clock = std::chrono::steady_clock;

// A handler runs in the thread that it interrupts, or reads what the running input's thread set before it began; the report's own thread
// (memory) may see an input that has just ended: it says so by its time alone. Relaxed: nothing is published through these.
Options g_options;
std::function<std::string()> g_say_more;
std::atomic<const uint8_t*> g_unit{nullptr};
std::atomic<size_t> g_size{0};
std::atomic<bool> g_running{false}, g_keep{false}, g_stop{false};
std::atomic<int64_t> g_began{0};
Clock::time_point g_start;

int64_t SecondsNow() { return std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - g_start).count(); }

enum class Order { kErrorSummaryArtefact, kErrorArtefactSummary, kArtefactErrorSummary };

// A report and the end of the process; libFuzzer has another order of lines for each kind, and scripts have got used to it. Not safe in a handler by the book (stdio, allocation): the process is lost anyway, and a
// report that hangs on a lock is cut off by the second signal's default action.
[[noreturn]] void Report(const std::string& what, const char* summary, const char* artefact, int code, Order order) {
  for (const int s : {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE, SIGALRM}) signal(s, SIG_DFL);
  const auto error = [&] { std::fprintf(stderr, "==%d== ERROR: libFuzzer: %s\n", getpid(), what.c_str()); };
  const auto write = [&] {
    const std::span<const uint8_t> unit(g_unit.load(std::memory_order_relaxed), g_size.load(std::memory_order_relaxed));
    if (g_running.load(std::memory_order_relaxed) && g_keep.load(std::memory_order_relaxed)) WriteArtifact(g_options, artefact, unit, g_say_more());
  };
  if (order == Order::kArtefactErrorSummary) write();
  error();
  if (order == Order::kErrorArtefactSummary) write();
  std::fprintf(stderr, "SUMMARY: libFuzzer: %s\n", summary);
  if (order == Order::kErrorSummaryArtefact) write();
  std::fflush(stderr);
  _exit(code);
}

[[noreturn]] void Crashed(const char* what) {
  Report(what, what, "crash-", static_cast<int>(g_options.error_exitcode), Order::kErrorSummaryArtefact);
}

void OnDeadlySignal(int) { Crashed("deadly signal"); }
void OnFileTooLarge(int) { Crashed("file size exceeded"); }

void OnAlarm(int) {
  if (!g_running.load(std::memory_order_relaxed)) return;
  const int64_t seconds = SecondsNow() - g_began.load(std::memory_order_relaxed);
  if (seconds == 0 || seconds < g_options.timeout) return;
  std::fprintf(stderr, "ALARM: working on the last Unit for %ld seconds\n       and the timeout value is %ld (use -timeout=N to change)\n",
               static_cast<long>(seconds), static_cast<long>(g_options.timeout));
  Report(absl::StrCat("timeout after ", seconds, " seconds"), "timeout", "timeout-", static_cast<int>(g_options.timeout_exitcode),
         Order::kArtefactErrorSummary);
}

void OnInterrupt(int) {
  std::fprintf(stderr, "==%d== libFuzzer: run interrupted; exiting\n", getpid());
  _exit(kExitInterrupted);
}

void OnStop(int) {
  std::fputs("INFO: signal received, trying to exit gracefully\n", stderr);
  g_stop.store(true, std::memory_order_relaxed);
}

void OnExit() {
  if (g_running.load(std::memory_order_relaxed)) Crashed("fuzz target exited");
}

void Handle(int64_t wanted, int number, void (*handler)(int)) {
  if (wanted == 0) return;
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART | SA_ONSTACK;
  sigaction(number, &action, nullptr);
}

void WatchMemory() {
  for (;;) {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    const int64_t peak = PeakRssMb();
    if (peak <= g_options.rss_limit_mb) continue;
    Report(absl::StrFormat("out-of-memory (used: %dMb; limit: %dMb)\n   To change the out-of-memory limit use -rss_limit_mb=<N>\n", peak,
                           g_options.rss_limit_mb),
           "out-of-memory", "oom-", kExitMemory, Order::kErrorArtefactSummary);
  }
}

}  // namespace

void StartWatching(const Options& options, std::function<std::string()> say_more) {
  g_options = options;
  g_say_more = std::move(say_more);
  g_start = Clock::now();
  const Options& o = g_options;
  const std::pair<int64_t, int> deadly[] = {
      {o.handle_segv, SIGSEGV}, {o.handle_bus, SIGBUS}, {o.handle_abrt, SIGABRT}, {o.handle_ill, SIGILL}, {o.handle_fpe, SIGFPE}};
  for (const auto& [wanted, number] : deadly) Handle(wanted, number, OnDeadlySignal);
  Handle(o.handle_xfsz, SIGXFSZ, OnFileTooLarge);
  Handle(o.handle_int, SIGINT, OnInterrupt);
  Handle(o.handle_term, SIGTERM, OnInterrupt);
  Handle(o.handle_usr1, SIGUSR1, OnStop);
  std::atexit(OnExit);
  if (o.timeout > 0) {
    Handle(1, SIGALRM, OnAlarm);
    const itimerval every = {{o.timeout / 2 + 1, 0}, {o.timeout / 2 + 1, 0}};
    setitimer(ITIMER_REAL, &every, nullptr);
  }
  if (o.rss_limit_mb > 0) std::thread(WatchMemory).detach();
}

void WatchInput(std::span<const uint8_t> unit, bool keep) {
  g_unit.store(unit.data(), std::memory_order_relaxed);
  g_size.store(unit.size(), std::memory_order_relaxed);
  g_keep.store(keep, std::memory_order_relaxed);
  g_began.store(SecondsNow(), std::memory_order_relaxed);
  g_running.store(true, std::memory_order_relaxed);
}

void InputCameBack() { g_running.store(false, std::memory_order_relaxed); }

bool AskedToStop() { return g_stop.load(std::memory_order_relaxed); }

int64_t PeakRssMb() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss >> 10;
}

int64_t SecondsSinceStart() { return SecondsNow(); }

}  // namespace ordeal::driver
