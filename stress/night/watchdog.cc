#include "stress/night/watchdog.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/exit_code.h"
#include "base/file.h"
#include "stress/night/stacks.h"

namespace ordeal::stress {
namespace {

double Now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// schedstat counts nanoseconds; where the kernel has none, the ticks of stat. Negative: neither can be read.
double SecondsRan(const std::string& task, const std::string& stat_after_name) {
  unsigned long long nanoseconds = 0, user = 0, system = 0;
  if (const auto text = ReadFile(task + "/schedstat"); text.ok() && std::sscanf(text->c_str(), "%llu", &nanoseconds) == 1)
    return 1e-9 * static_cast<double>(nanoseconds);
  if (std::sscanf(stat_after_name.c_str(), " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &user, &system) != 2) return -1;
  return static_cast<double>(user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace

void WorkerPulse::Begin() { thread_.store(static_cast<int>(syscall(SYS_gettid)), std::memory_order_relaxed); }

WorkerReading ReadTask(const std::string& task) {
  WorkerReading r;
  r.at_work = true;
  const std::string stat = ReadFile(task + "/stat").value_or("");
  const size_t name_end = stat.rfind(')');  // a thread's name may hold anything
  if (name_end == std::string::npos || name_end + 2 >= stat.size()) {
    r.ran = -1;
    return r;
  }
  const char state = stat[name_end + 2];
  r.asleep = state == 'S' || state == 'D';
  r.ran = SecondsRan(task, stat.substr(name_end + 1));
  return r;
}

WorkerReading WorkerPulse::Read() const {
  WorkerReading r;
  const u64 progress = progress_.load(std::memory_order_relaxed);
  if (const int thread = thread_.load(std::memory_order_relaxed); thread != 0) r = ReadTask(absl::StrCat("/proc/self/task/", thread));
  r.progress = progress;
  return r;
}

u64 RssMib() {
  unsigned long long pages = 0;
  if (const auto text = ReadFile("/proc/self/statm"); !text.ok() || std::sscanf(text->c_str(), "%*u %llu", &pages) != 1) return 0;
  return pages * static_cast<u64>(sysconf(_SC_PAGESIZE)) >> 20;
}

Watchdog::Watchdog(const WatchdogLimits& limits, std::span<const WorkerPulse> workers, std::function<void(const Alarm&)> alarm)
    : limits_(limits), workers_(workers), alarm_(std::move(alarm)) {
  PrepareStacks();
  thread_ = std::thread([this] { Watch(); });
}

Watchdog::~Watchdog() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    over_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Watchdog::Watch() {
  HangJudge judge(workers_.size(), limits_.hang_after, 1.5 * limits_.every);
  std::unique_lock<std::mutex> lock(mutex_);
  while (!wake_.wait_for(lock, std::chrono::duration<double>(limits_.every), [this] { return over_; })) {
    lock.unlock();
    if (Look(judge)) return;
    lock.lock();
  }
}

bool Watchdog::Look(HangJudge& judge) {
  Alarm a;
  a.rss_mib = RssMib();
  if (limits_.rss_limit_mib != 0 && a.rss_mib > limits_.rss_limit_mib) {
    a.exit_code = kExitMemory;
    a.text = absl::StrCat("memory: ", a.rss_mib, " MiB resident, the limit is ", limits_.rss_limit_mib);
    alarm_(a);
    return true;
  }
  if (limits_.hang_after <= 0) return false;
  std::vector<WorkerReading> readings;
  for (const WorkerPulse& w : workers_) readings.push_back(w.Read());
  const std::optional<Hang> hang = judge.Look(Now(), readings);
  if (!hang) return false;
  a.exit_code = kExitHang;
  a.hang = *hang;
  a.text = absl::StrFormat("hang: worker %u made no progress for %.1f s in which it could have run", hang->worker, hang->seconds);
  a.stacks = AllStacks();
  alarm_(a);
  return true;
}

}  // namespace ordeal::stress
