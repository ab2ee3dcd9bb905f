#include "base/signals.h"

#include <signal.h>
#include <unistd.h>

#include "base/exit_code.h"
#include "gtest/gtest.h"

namespace ordeal {
namespace {

// Each in a process of its own: a signal cannot be taken back.
void OnceThenLeave(int signal) {
  InstallSignalHandlers("finishing the round; again to abort");
  if (Interrupted()) _exit(1);
  raise(signal);
  _exit(Interrupted() && InterruptSignal() == signal ? kExitInterrupted : 2);
}

TEST(SignalsDeathTest, FirstOneSetsAFlagAndSaysSo) {
  EXPECT_EXIT(OnceThenLeave(SIGINT), testing::ExitedWithCode(kExitInterrupted), "\nfinishing the round; again to abort\n");
  EXPECT_EXIT(OnceThenLeave(SIGTERM), testing::ExitedWithCode(kExitInterrupted), "again to abort");
}

void Twice(int first, int second) {
  InstallSignalHandlers("again to abort");
  raise(first);
  raise(second);
  _exit(0);
}

TEST(SignalsDeathTest, SecondOneStopsOnTheSpot) {
  EXPECT_EXIT(Twice(SIGINT, SIGINT), testing::ExitedWithCode(kExitAborted), "again to abort");
  EXPECT_EXIT(Twice(SIGTERM, SIGINT), testing::ExitedWithCode(kExitAborted), "again to abort");
}

}  // namespace
}  // namespace ordeal
