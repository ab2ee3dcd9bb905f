#include "stress/night/watchdog.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "base/exit_code.h"
#include "gtest/gtest.h"
#include "stress/night/stacks.h"

namespace ordeal::stress {
namespace {

// Time and two workers that go by hand.
class Machine {
 public:
  Machine() { judge_.Look(now_, workers_); }

  // A second of which each worker had a share; -1: it slept. True if anyone is said to hang.
  bool Second(double first, double second, bool first_moves, bool second_moves) {
    now_ += 1;
    const double shares[] = {first, second};
    const bool moves[] = {first_moves, second_moves};
    for (int i = 0; i < 2; ++i) {
      workers_[i].asleep = shares[i] < 0;
      workers_[i].ran += std::max(shares[i], 0.0);
      workers_[i].progress += moves[i];
    }
    return Look();
  }
  bool Look() {
    const std::optional<Hang> hang = judge_.Look(now_, workers_);
    if (hang) who = hang->worker, seconds = hang->seconds;
    return hang.has_value();
  }

  double now_ = 1000;
  std::vector<WorkerReading> workers_{{.at_work = true}, {.at_work = true}};
  size_t who = 9;
  double seconds = 0;

 private:
  HangJudge judge_{2, 10, 1.5};
};

// After how many such seconds somebody hangs; 0: not within 1000.
int FiresAfter(double first, double second, bool first_moves, bool second_moves) {
  Machine m;
  for (int s = 1; s <= 1000; ++s)
    if (m.Second(first, second, first_moves, second_moves)) return s;
  return 0;
}

TEST(HangJudge, IsThisTable) {
  EXPECT_EQ(FiresAfter(1, 1, true, true), 0) << "both go on";
  EXPECT_EQ(FiresAfter(1, 1, false, true), 10) << "one spins";
  EXPECT_EQ(FiresAfter(-1, -1, false, false), 10) << "both asleep: a deadlock";
  EXPECT_EQ(FiresAfter(1, -1, false, false), 10) << "one spins, one sleeps";
  EXPECT_EQ(FiresAfter(0.5, 0.5, false, false), 20) << "half of a processor is half of the time";
  EXPECT_EQ(FiresAfter(0, 0, false, false), 0) << "starved, or stopped";
  EXPECT_EQ(FiresAfter(1, 0, false, false), 0) << "one spins while it waits for one that is starved";
  EXPECT_EQ(FiresAfter(-1, 0, false, false), 0) << "one sleeps while it waits for one that is starved";
  EXPECT_EQ(FiresAfter(0.001, 0.001, true, true), 0) << "slow, and going on";
}

TEST(HangJudge, NamesTheOneThatHangsLongest) {
  Machine m;
  for (int s = 0; s < 5; ++s) EXPECT_FALSE(m.Second(1, 1, true, false));
  for (int s = 0; s < 4; ++s) EXPECT_FALSE(m.Second(1, 1, false, false));
  EXPECT_TRUE(m.Second(1, 1, false, false));
  EXPECT_EQ(m.who, 1u);
  EXPECT_EQ(m.seconds, 10);
}

TEST(HangJudge, ProgressStartsTheClockAnew) {
  Machine m;
  for (int round = 0; round < 50; ++round) {
    for (int s = 0; s < 9; ++s) EXPECT_FALSE(m.Second(1, 1, false, true));
    EXPECT_FALSE(m.Second(1, 1, true, true));
  }
}

// The process is stopped for an hour; the clock goes on, and a thread that slept before still sleeps.
TEST(HangJudge, AStopIsNoHang) {
  for (const double share : {1.0, -1.0}) {
    Machine m;
    for (int s = 0; s < 5; ++s) EXPECT_FALSE(m.Second(share, share, false, false));
    m.now_ += 3600;
    EXPECT_FALSE(m.Look());
  }
}

TEST(HangJudge, WhoIsNotAtWorkDoesNotHang) {
  Machine m;
  m.workers_[0].at_work = m.workers_[1].at_work = false;
  for (int s = 0; s < 100; ++s) EXPECT_FALSE(m.Second(-1, -1, false, false));
  m.workers_[1].at_work = true;  // the first one's idleness does not hide the second one's hang
  int seconds = 0;
  while (!m.Second(0, 1, false, false) && seconds < 100) ++seconds;
  EXPECT_EQ(seconds, 10) << "from the first look that saw it at work";
}

TEST(HangJudge, NoReadingIsNoTime) {
  Machine m;
  for (int s = 0; s < 100; ++s) {
    EXPECT_FALSE(m.Second(1, 1, false, true));
    m.workers_[0].ran = -1;
  }
}

// A real thread's readings, as far as a busy machine lets one say.
TEST(WorkerPulse, ReadsWhatTheKernelSays) {
  WorkerPulse pulse;
  EXPECT_FALSE(pulse.Read().at_work);
  std::atomic<bool> stop{false}, sleeps{false};
  std::thread worker([&] {
    pulse.Begin();
    while (!stop.load()) pulse.Beat();
    sem_t never;
    sem_init(&never, 0, 0);
    sleeps.store(true);
    timespec soon;
    clock_gettime(CLOCK_REALTIME, &soon);
    soon.tv_sec += 1;
    sem_timedwait(&never, &soon);
    pulse.End();
  });
  double ran = 0;
  while (ran < 0.02) ran = pulse.Read().ran;  // it gets its processor some time
  EXPECT_TRUE(pulse.Read().at_work);
  EXPECT_GT(pulse.Read().progress, 0u);
  stop.store(true);
  bool asleep = false;
  while (pulse.Read().at_work && !asleep) asleep = pulse.Read().asleep;
  EXPECT_TRUE(asleep);
  worker.join();
  EXPECT_FALSE(pulse.Read().at_work);
}

std::atomic<bool> g_spin{true};
extern "C" [[gnu::noinline]] void OrdealTestSpinsHere() {
  while (g_spin.load(std::memory_order_relaxed)) asm volatile("");
  asm volatile("");  // no tail of the caller's
}
extern "C" [[gnu::noinline]] void OrdealTestSleepsHere(std::future<void>& until) {
  until.wait();
  asm volatile("");
}

TEST(Watchdog, FiresAtARealSpinWithAllStacks) {
  WorkerPulse pulses[2];
  std::promise<void> wake;
  std::future<void> woken = wake.get_future();
  std::promise<Alarm> fired;
  std::thread spins([&] {
    pthread_setname_np(pthread_self(), "spinner) 1");
    pulses[0].Begin();
    OrdealTestSpinsHere();
    pulses[0].End();
  });
  std::thread sleeps([&] { OrdealTestSleepsHere(woken); });  // is no worker, and is in the report all the same
  {
    Watchdog watchdog({.hang_after = 0.2, .every = 0.02}, pulses, [&](const Alarm& a) { fired.set_value(a); });
    const Alarm a = fired.get_future().get();
    EXPECT_EQ(a.exit_code, kExitHang);
    EXPECT_EQ(a.hang.worker, 0u);
    EXPECT_TRUE(absl::StartsWith(a.text, "hang: worker 0 made no progress for 0.")) << a.text;
    for (const char* part : {"spinner) 1 (R)", "OrdealTestSpinsHere", "OrdealTestSleepsHere", "Watchdog"})
      EXPECT_TRUE(absl::StrContains(a.stacks, part)) << part << " in\n" << a.stacks;
    EXPECT_FALSE(absl::StrContains(a.stacks, "does not answer"));
  }
  g_spin.store(false);
  wake.set_value();
  spins.join();
  sleeps.join();
}

TEST(Stacks, NameWhoDoesNotAnswer) {
  PrepareStacks();
  std::promise<void> ready, wake;
  std::future<void> woken = wake.get_future();
  std::thread deaf([&] {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, nullptr);
    ready.set_value();
    OrdealTestSleepsHere(woken);
  });
  ready.get_future().wait();
  const std::string stacks = AllStacks();
  EXPECT_TRUE(absl::StrContains(stacks, "  does not answer\n")) << stacks;
  wake.set_value();
  deaf.join();
}

TEST(Watchdog, FiresAtTooMuchMemory) {
  std::promise<Alarm> fired;
  Watchdog watchdog({.hang_after = 0, .rss_limit_mib = 1, .every = 0.01}, {}, [&](const Alarm& a) { fired.set_value(a); });
  const Alarm a = fired.get_future().get();
  EXPECT_EQ(a.exit_code, kExitMemory);
  EXPECT_GT(a.rss_mib, 1u);
  EXPECT_TRUE(absl::StrContains(a.text, "the limit is 1")) << a.text;
}

TEST(Watchdog, EndsQuietly) {
  WorkerPulse pulse;
  const Watchdog watchdog({.hang_after = 1000, .every = 1000}, {&pulse, 1}, [](const Alarm&) { FAIL(); });
}

}  // namespace
}  // namespace ordeal::stress
