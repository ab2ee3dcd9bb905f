#include "stress/night/stacks.h"

#include <dirent.h>
#include <execinfo.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <vector>

#include "absl/debugging/symbolize.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/check.h"
#include "base/file.h"

namespace ordeal::stress {
namespace {

// The one thread that may answer now, and where to. Seq_cst: it is the rarest of events.
std::atomic<int> g_asked{0};
std::atomic<int> g_to{-1};

int Signal() { return SIGRTMIN + 6; }
int ThreadId() { return static_cast<int>(syscall(SYS_gettid)); }

void Put(int fd, const char* text) {
  if (write(fd, text, std::strlen(text)) < 0) return;  // nowhere to say it
}

void PutHex(int fd, uintptr_t value) {
  char text[2 + 16 + 1] = "0x";
  for (int digit = 0; digit < 16; ++digit) text[2 + digit] = "0123456789abcdef"[value >> (60 - 4 * digit) & 15];
  text[18] = 0;
  Put(fd, text);
}

// May be called in a handler: backtrace() has been called before, and so has loaded its unwinder. The handler, the kernel's way into it and the
// instruction that was interrupted are the first `exact` calls; all others are return addresses, which may belong to the next function already.
[[gnu::noinline]] void PutStack(int fd, int exact) {
  void* calls[64];
  const int count = backtrace(calls, 64);
  for (int i = 1; i < count; ++i) {  // not this function itself
    char name[256];
    char* const at = static_cast<char*>(calls[i]) - (i <= exact ? 0 : 1);
    Put(fd, "  ");
    PutHex(fd, reinterpret_cast<uintptr_t>(calls[i]));
    Put(fd, " ");
    Put(fd, absl::Symbolize(at, name, sizeof name) ? name : "?");
    Put(fd, "\n");
  }
}

void Answer(int, siginfo_t*, void*) {
  const int saved = errno, me = ThreadId();
  if (g_asked.load() == me) {  // otherwise too late: another one's turn
    PutStack(g_to.load(), 3);
    g_asked.store(0);
  }
  errno = saved;
}

std::vector<int> ThreadsOfThisProcess() {
  std::vector<int> threads;
  DIR* directory = opendir("/proc/self/task");
  if (directory == nullptr) return {ThreadId()};
  while (const dirent* entry = readdir(directory))
    if (const int id = std::atoi(entry->d_name); id > 0) threads.push_back(id);
  closedir(directory);
  std::sort(threads.begin(), threads.end());
  return threads;
}

// "4711 worker3 (R)"
std::string NameOf(int thread) {
  const std::string task = absl::StrCat("/proc/self/task/", thread), stat = ReadFile(task + "/stat").value_or("");
  const size_t end = stat.rfind(')');
  return absl::StrCat(thread, " ", absl::StripAsciiWhitespace(ReadFile(task + "/comm").value_or("?")), " (",
                      end + 2 < stat.size() ? stat.substr(end + 2, 1) : "?", ")");
}

void Ask(int thread, int to) {
  g_asked.store(thread);
  if (syscall(SYS_tgkill, getpid(), thread, Signal()) == 0) {
    for (int i = 0; i < 1000 && g_asked.load() != 0; ++i) {
      const timespec millisecond{0, 1'000'000};
      nanosleep(&millisecond, nullptr);
    }
  }
  if (g_asked.exchange(0) != 0) Put(to, "  does not answer\n");
}

}  // namespace

void PrepareStacks() {
  absl::InitializeSymbolizer(nullptr);
  void* calls[4];
  backtrace(calls, 4);
  struct sigaction action = {};
  action.sa_sigaction = Answer;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  sigfillset(&action.sa_mask);
  ORDEAL_CHECK(sigaction(Signal(), &action, nullptr) == 0, "sigaction");
}

std::string AllStacks() {
  static std::mutex one_at_a_time;
  const std::lock_guard<std::mutex> lock(one_at_a_time);
  const int to = memfd_create("stacks", MFD_CLOEXEC);  // needs no disk, which may be full
  if (to < 0) return "no stacks: memfd_create failed\n";
  g_to.store(to);
  for (const int thread : ThreadsOfThisProcess()) {
    Put(to, absl::StrCat("thread ", NameOf(thread), "\n").c_str());
    thread == ThreadId() ? PutStack(to, 0) : Ask(thread, to);
  }
  std::string text(static_cast<size_t>(std::max<off_t>(lseek(to, 0, SEEK_END), 0)), 0);
  if (pread(to, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) text = "no stacks: could not be read back\n";
  g_to.store(-1);
  close(to);
  return text;
}

}  // namespace ordeal::stress
