// Mixes in processes of their own (mix.h).
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <deque>
#include <optional>
#include <thread>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/signals.h"
#include "shadow/violation.h"
#include "stress/crew/escape.h"
#include "stress/crew/timebase.h"
#include "stress/mixes/crew_of_mix.h"
#include "stress/night/watchdog.h"

namespace ordeal::stress {
namespace {

constexpr int kLookEveryMs = 10;
constexpr double kGrace = 1;  // for the other threads, when one has found something: they may wait for a lock that it holds

class Apart {
 public:
  Apart(const std::string& name, const MixOptions& options)
      : options_(options),
        at_(SetUp(name, options, ground_)),
        judge_(static_cast<size_t>(std::max(0, options.threads)), options.stuck_seconds, 1.5 * Every()) {}

  const absl::Status status() const { return at_.status(); }
  absl::Status Start();
  // True: it is over.
  bool Look();
  absl::StatusOr<MixResult> Result() const;

 private:
  [[noreturn]] void Child(pid_t parent);
  double Every() const { return std::min(1.0, options_.stuck_seconds / 5); }  // between two looks at who hangs
  bool IsStuck();
  bool AnythingWrong() const;

  Ground ground_;
  const MixOptions& options_;
  const absl::StatusOr<MixAtWork> at_;
  pid_t child_ = 0;
  int ended_ = 0;                 // as waitpid tells
  bool killed_ = false;           // by us
  std::string hang_, hang_text_;  // a violation's name; empty: none was seen
  double began_ = 0, over_ = 0, told_to_stop_ = 0;
  HangJudge judge_;
  double looked_ = 0;
};

void Apart::Child(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  // The parent decides when it is over, and says so by the flag.
  for (const int signal : {SIGINT, SIGTERM, SIGQUIT, SIGUSR1}) std::signal(signal, SIG_IGN);
  InstallEscape();
  WorkAndDrain(*at_);
  _exit(0);
}

absl::Status Apart::Start() {
  began_ = Now();
  at_->bench->end = began_ + options_.seconds;
  const pid_t parent = getpid();
  child_ = fork();
  if (child_ == 0) Child(parent);
  if (child_ < 0) return absl::ResourceExhaustedError(absl::StrCat("a process for a mix cannot be started: ", std::strerror(errno)));
  return absl::OkStatus();
}

bool Apart::AnythingWrong() const {
  for (int i = 0; i < options_.threads; ++i)
    if (at_->bench->members[i].wrong.outcome[0] != 0) return true;
  return false;
}

bool Apart::IsStuck() {
  const double now = Now();
  if (now - looked_ < Every()) return false;
  looked_ = now;
  // Not begun: what holds it up may have been this process's, when it forked.
  if (at_->bench->workers == 0) return now - began_ > options_.stuck_seconds;
  std::vector<WorkerReading> readings;
  for (int i = 0; i < options_.threads; ++i) {
    const Member& m = at_->bench->members[i];
    const int thread = m.thread.load(std::memory_order_relaxed);
    WorkerReading& r = readings.emplace_back();
    if (thread != 0) r = ReadTask(absl::StrCat("/proc/", child_, "/task/", thread));
    r.progress = m.done.load(std::memory_order_relaxed) + m.turns.load(std::memory_order_relaxed);
  }
  const std::optional<Hang> hang = judge_.Look(now, readings);
  if (!hang) return false;
  hang_ = ViolationName(readings[hang->worker].asleep ? Violation::kDeadlock : Violation::kLivelock);
  hang_text_ = absl::StrFormat("thread %u did not come back from the allocator in %.1f seconds in which it could have run, after %u calls",
                               hang->worker, hang->seconds, at_->bench->members[hang->worker].done.load(std::memory_order_relaxed));
  return true;
}

bool Apart::Look() {
  Bench& bench = *at_->bench;
  if (waitpid(child_, &ended_, WNOHANG) == child_) {
    over_ = Now();
    return true;
  }
  if (Interrupted()) bench.stop.store(true, std::memory_order_relaxed), bench.interrupted = true;
  if (AnythingWrong() && told_to_stop_ == 0) told_to_stop_ = Now();
  const bool waited_enough = told_to_stop_ != 0 && Now() - told_to_stop_ > kGrace;
  if (!killed_ && (waited_enough || IsStuck())) {
    kill(child_, SIGKILL);
    killed_ = true;
  }
  return false;
}

absl::StatusOr<MixResult> Apart::Result() const {
  absl::StatusOr<MixResult> r = ResultOf(*at_->bench, over_ - began_);
  if (!r.ok()) return r;
  const auto wrong = [&](const std::string& outcome, const std::string& text) {
    absl::StrAppend(&r->text, r->outcome.empty() ? "" : absl::StrCat("then, ", outcome, ": "), text, "\n");
    if (r->outcome.empty()) r->outcome = outcome;
  };
  if (at_->bench->workers == 0 && killed_) {
    ++r->meters.undecided;
  } else if (!hang_.empty()) {
    wrong(hang_, hang_text_);
  } else if (WIFSIGNALED(ended_) && !killed_) {
    const int signal = WTERMSIG(ended_);
    if (signal == SIGABRT) wrong("abort", "the allocator ended the process (abort); what it said is on standard error");
    else if (signal == SIGKILL) ++r->meters.undecided;  // somebody's: the kernel's, when memory is short
    else
      wrong(ViolationName(Violation::kWildAccess),
            absl::StrCat("a thread died of signal ", signal, " (", strsignal(signal), ") outside of the mix's own work: as it began or ended"));
  }
  return r;
}

}  // namespace

absl::StatusOr<std::vector<MixResult>> RunMixesApart(const std::string& name, const std::vector<MixOptions>& options) {
  std::deque<Apart> all;
  for (const MixOptions& o : options) {
    all.emplace_back(name, o);
    if (!all.back().status().ok()) return all.back().status();
  }
  absl::Status failed;
  std::deque<Apart*> running;
  for (Apart& a : all) {
    failed.Update(a.Start());
    if (failed.ok()) running.push_back(&a);
  }
  while (!running.empty()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(kLookEveryMs));
    std::erase_if(running, [](Apart* a) { return a->Look(); });
  }
  std::vector<MixResult> results;
  for (const Apart& a : all) {
    if (!failed.ok()) return failed;
    absl::StatusOr<MixResult> r = a.Result();
    if (!r.ok()) return r.status();
    results.push_back(*std::move(r));
  }
  return results;
}

}  // namespace ordeal::stress
