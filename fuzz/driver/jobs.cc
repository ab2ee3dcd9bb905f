#include <algorithm>
#include <atomic>
#include <cstdio>
#include <mutex>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/exit_code.h"
#include "base/file.h"
#include "base/signals.h"
#include "base/summary.h"
#include "fuzz/driver/modes.h"
#include "fuzz/driver/process.h"

namespace ordeal::driver {

int RunJobs(const Options& options, const std::vector<std::string>& argv) {
  const std::vector<std::string> command = Without(argv, {"jobs", "workers"});
  const int64_t cpus = std::max<int64_t>(std::thread::hardware_concurrency(), 1);
  const int64_t workers = options.workers > 0 ? options.workers : std::min(options.jobs, std::max<int64_t>(cpus / 2, 1));
  std::atomic<int64_t> next{0};
  std::atomic<bool> failed{false};
  std::mutex printing;
  const auto work = [&] {
    // Relaxed: each takes a number, and nothing else passes between them; join() orders `failed`.
    for (int64_t job = next.fetch_add(1, std::memory_order_relaxed); job < options.jobs && !Interrupted();
         job = next.fetch_add(1, std::memory_order_relaxed)) {
      const std::string log = absl::StrCat("fuzz-", job, ".log");
      {
        std::lock_guard<std::mutex> lock(printing);
        std::fprintf(stderr, "%s >%s 2>&1\n", absl::StrJoin(command, " ").c_str(), log.c_str());
      }
      const int code = RunAgain(command, log);
      if (code != kExitClean) failed.store(true, std::memory_order_relaxed);
      std::lock_guard<std::mutex> lock(printing);
      std::fprintf(stderr, "================== Job %ld exited with exit code %d ============\n", static_cast<long>(job), code);
      if (absl::StatusOr<std::string> text = ReadFile(log); text.ok()) {
        std::fputs(text->c_str(), stderr);
      } else {
        PrintError(text.status());
      }
    }
  };
  std::vector<std::thread> threads;
  for (int64_t i = 0; i < std::min(workers, options.jobs); ++i) threads.emplace_back(work);
  for (std::thread& t : threads) t.join();
  return failed.load(std::memory_order_relaxed) ? 1 : kExitClean;
}

}  // namespace ordeal::driver
