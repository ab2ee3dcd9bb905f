#include "stress/crew/disturb.h"

#include <chrono>

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "base/random.h"
#include "base/suggest.h"

namespace ordeal::stress {
namespace {

constexpr size_t kLoadWords = (4 << 20) / sizeof(u64);  // more than an L2 holds
constexpr int kLineWords = 8;
constexpr auto kBetweenBarriers = std::chrono::microseconds(200);

int Membarrier(int command) { return static_cast<int>(syscall(__NR_membarrier, command, 0, 0)); }

}  // namespace

absl::StatusOr<Disturbances> ParseDisturbances(const std::vector<std::string>& names) {
  constexpr std::string_view kNames[] = {"load", "membarrier", "migrate", "none"};
  Disturbances d;
  for (const std::string& name : names) {
    if (name == "load") d.load = true;
    else if (name == "membarrier") d.membarrier = true;
    else if (name == "migrate") d.migrate = true;
    else if (name != "none" && !name.empty())
      return absl::InvalidArgumentError(absl::StrCat("--disturb=", name, DidYouMean(name, kNames), ": expected load, membarrier, migrate or none"));
  }
  if (d.membarrier && stress::Membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) != 0)
    return absl::FailedPreconditionError("--disturb=membarrier: this kernel has no membarrier(2) that is expedited");
  return d;
}

Disturber::Disturber(const Disturbances& what, int load_threads, std::function<absl::Status(int)> pin) : pin_(std::move(pin)) {
  for (int i = 0; what.load && i < load_threads; ++i) threads_.emplace_back([this, i] { Load(i); });
  if (what.membarrier) threads_.emplace_back([this] { Membarrier(); });
}

Disturber::~Disturber() {
  over_ = true;
  for (std::thread& t : threads_) t.join();
}

void Disturber::Load(int number) {
  if (pin_ != nullptr) (void)pin_(number);  // noise that is somewhere else is noise
  std::vector<u64> memory(kLoadWords);
  Rng rng(static_cast<u64>(number) + 1);
  while (!over_.load(std::memory_order_relaxed)) {
    for (int i = 0; i < 1024; ++i) ++memory[rng.Below(kLoadWords / kLineWords) * kLineWords];
    writes_.fetch_add(1024, std::memory_order_relaxed);  // a count, and nothing is concluded from its order
  }
}

void Disturber::Membarrier() {
  while (!over_.load(std::memory_order_relaxed)) {
    if (stress::Membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) == 0) barriers_.fetch_add(1, std::memory_order_relaxed);
    std::this_thread::sleep_for(kBetweenBarriers);
  }
}

}  // namespace ordeal::stress
