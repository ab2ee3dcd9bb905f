// Who notices when a run makes no progress, or eats the machine's memory?
#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <thread>

#include "memory/order.h"
#include "stress/night/hang_judge.h"

namespace ordeal::stress {

// What the kernel says of a thread, of whatever process: `task` is its directory, /proc/PROCESS/task/THREAD. progress is left 0.
WorkerReading ReadTask(const std::string& task);

// A worker's side: plain stores of its own, on a line of its own (128 bytes: POWER's, and what x86 fetches), so that it costs and orders nothing.
class alignas(128) WorkerPulse {
 public:
  // By the worker itself, when it begins and ends what must make progress.
  void Begin();
  void End() { thread_.store(0, std::memory_order_relaxed); }
  // A round, or a batch of them, is over.
  void Beat() { progress_.store(progress_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed); }

  WorkerReading Read() const;

 private:
  std::atomic<u64> progress_{0};
  std::atomic<int> thread_{0};  // the kernel's number; 0: not at work
};

struct Alarm {
  int exit_code = 0;  // kExitHang or kExitMemory
  Hang hang;          // of a hang
  u64 rss_mib = 0;
  std::string stacks;  // of all threads; of a hang
  std::string text;    // one line
};

struct WatchdogLimits {
  double hang_after = 60;  // seconds that a worker could have run (hang_judge.h); 0: no watch for hangs
  u64 rss_limit_mib = 0;   // 0: none
  double every = 1;        // seconds between two looks
};

// Resident memory of this process.
u64 RssMib();

// Looks from a thread of its own until it is destroyed, or has called `alarm`: once, from that thread. What comes of it is the caller's business,
// who writes what he can and leaves with the exit code: a worker that hangs will not end.
class Watchdog {
 public:
  Watchdog(const WatchdogLimits& limits, std::span<const WorkerPulse> workers, std::function<void(const Alarm&)> alarm);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;

 private:
  void Watch();
  bool Look(HangJudge& judge);

  const WatchdogLimits limits_;
  const std::span<const WorkerPulse> workers_;
  const std::function<void(const Alarm&)> alarm_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace ordeal::stress
