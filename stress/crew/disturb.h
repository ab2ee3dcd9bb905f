// What else goes on in the machine while crews run? Noise on request: it moves lines, drains buffers and takes turns away, as a busy box would.
#pragma once
#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "memory/order.h"

namespace ordeal::stress {

struct Disturbances {
  bool load = false;  // threads that write all over a piece of memory, on the processors that crews leave free (or wherever the kernel puts them)
  bool membarrier = false;  // membarrier(2): a full barrier on every processor of the process, in the middle of whatever it does
  bool migrate = false;     // threads change processors between batches: the crew's business
};

// "load,membarrier,migrate", "none" or "".
absl::StatusOr<Disturbances> ParseDisturbances(const std::vector<std::string>& names);

// The first two, from construction to destruction, by threads of its own.
class Disturber {
 public:
  // `pin`: called by each load thread with its number, 0..load_threads-1; null: none is bound.
  Disturber(const Disturbances& what, int load_threads, std::function<absl::Status(int)> pin);
  ~Disturber();
  Disturber(const Disturber&) = delete;

  u64 barriers() const { return barriers_.load(std::memory_order_relaxed); }  // that membarrier(2) made so far
  u64 writes() const { return writes_.load(std::memory_order_relaxed); }      // lines that load threads wrote, about

 private:
  void Load(int number);
  void Membarrier();

  const std::function<absl::Status(int)> pin_;
  std::atomic<bool> over_ = false;
  std::atomic<u64> barriers_ = 0, writes_ = 0;
  std::vector<std::thread> threads_;
};

}  // namespace ordeal::stress
