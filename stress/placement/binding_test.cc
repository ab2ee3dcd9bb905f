#include "stress/placement/binding.h"

#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <functional>
#include <thread>

#include "gtest/gtest.h"
#include "stress/placement/cpu_list.h"
#include "stress/placement/topology_testing.h"

namespace ordeal::stress {
namespace {

// Threads of its own: a test must not leave the process bound.
void InThread(const std::function<void()>& work) { std::thread(work).join(); }

TEST(BindingTest, AThreadGoesWhereItIsPinnedAndStaysThere) {
  const Topology t = Loaded("native");
  for (const Seat& seat : t.usable())
    InThread([&] {
      const absl::Status pinned = PinThisThread(t, seat);
      ASSERT_TRUE(pinned.ok()) << pinned;
      EXPECT_EQ(sched_getcpu(), seat.os);
      EXPECT_TRUE(StillThere(t, seat));
      for (const Seat& other : t.usable())
        if (other.os != seat.os) {
          EXPECT_FALSE(StillThere(t, other));
        }
    });
}

// Also a mask that only grew counts: the thread is where it was, and may be elsewhere at the next moment.
TEST(BindingTest, DriftIsSeen) {
  const Topology t = Loaded("native");
  if (t.usable().size() < 2) GTEST_SKIP() << "one usable PU: there is nowhere to drift to";
  const Seat first = t.usable()[0], second = t.usable()[1];
  InThread([&] {
    ASSERT_FALSE(StillThere(t, first)) << "not pinned yet";
    ASSERT_TRUE(PinThisThread(t, first).ok());
    cpu_set_t mask;
    CPU_ZERO(&mask);
    CPU_SET(static_cast<size_t>(second.os), &mask);
    ASSERT_EQ(sched_setaffinity(0, sizeof mask, &mask), 0);
    EXPECT_FALSE(StillThere(t, first));
    ASSERT_TRUE(PinThisThread(t, first).ok());
    CPU_SET(static_cast<size_t>(first.os), &mask);
    ASSERT_EQ(sched_setaffinity(0, sizeof mask, &mask), 0);
    EXPECT_FALSE(StillThere(t, first));
  });
}

// hwloc itself says yes to binding on a described machine.
TEST(BindingTest, ADescribedMachineIsNeverPinnedTo) {
  for (const Topology& t : {Loaded("synthetic:pu:1"), Loaded(kPower), Hybrid()})
    InThread([&] {
      const absl::Status pinned = PinThisThread(t, t.seats()[0]);
      EXPECT_TRUE(absl::IsFailedPrecondition(pinned)) << pinned;
      EXPECT_FALSE(StillThere(t, t.seats()[0]));
      const Topology native = Loaded("native");
      ASSERT_TRUE(PinThisThread(native, native.usable()[0]).ok());
      EXPECT_FALSE(StillThere(t, native.usable()[0])) << "it is there, but that machine is not this one";
    });
}

TEST(BindingTest, APuThatIsNotThereIsRefused) {
  const Topology t = Loaded("native");
  Seat nowhere = t.seats()[0];
  nowhere.os = 4095;
  InThread([&] { EXPECT_TRUE(absl::IsFailedPrecondition(PinThisThread(t, nowhere))); });
}

// A cpuset cgroup of this test's own, where the machine lets it make one.
class Cpuset {
 public:
  // Empty if all is well, else what stands in the way.
  std::string Make(const std::string& cpus) {
    const bool first = access("/sys/fs/cgroup/cpuset/cpuset.cpus", F_OK) == 0;  // the hierarchy of version 1
    dir_ = absl::StrCat(first ? "/sys/fs/cgroup/cpuset" : "/sys/fs/cgroup", "/ordeal_binding_test.", getpid());
    processes_ = dir_ + "/cgroup.procs";
    if (mkdir(dir_.c_str(), 0755) != 0) return absl::StrCat(dir_, ": ", std::strerror(errno));
    made_ = true;
    if (!Write(dir_ + "/cpuset.mems", "0") || !Write(dir_ + "/cpuset.cpus", cpus)) return absl::StrCat(dir_, " is no cpuset that can be set");
    return "";
  }
  ~Cpuset() {
    if (made_) rmdir(dir_.c_str());
  }
  bool Add(pid_t process) { return Write(processes_, absl::StrCat(process)); }
  bool Shrink(const std::string& cpus) { return Write(dir_ + "/cpuset.cpus", cpus); }

 private:
  static bool Write(const std::string& path, const std::string& text) {
    std::FILE* file = std::fopen(path.c_str(), "w");
    if (file == nullptr) return false;
    const bool written = std::fputs(text.c_str(), file) >= 0;
    return std::fclose(file) == 0 && written;
  }
  std::string dir_, processes_;
  bool made_ = false;
};

// One byte there, one byte back; false if the other side is gone.
bool Tell(int socket) { return send(socket, "x", 1, MSG_NOSIGNAL) == 1; }
bool Hear(int socket) {
  char byte = 0;
  return recv(socket, &byte, 1, 0) == 1;
}

// Pins itself to the first PU; when the cpuset has shrunk to the second, it must notice. 0 if it did, else the step that failed.
int PinnedChild(const Topology& t, int parent) {
  if (!Hear(parent)) return 1;
  if (!PinThisThread(t, t.usable()[0]).ok() || !StillThere(t, t.usable()[0])) return 2;
  if (!Tell(parent) || !Hear(parent)) return 3;
  if (StillThere(t, t.usable()[0])) return 4;
  if (PinThisThread(t, t.usable()[0]).ok()) return 5;
  const absl::StatusOr<Topology> now = Topology::Load("native");
  if (!now.ok() || now->usable().size() != 1 || now->usable()[0].os != t.usable()[1].os || now->seats() != t.seats()) return 6;
  return 0;
}

TEST(BindingTest, AShrunkCpusetIsSeen) {
  const Topology t = Loaded("native");
  if (t.usable().size() < 2) GTEST_SKIP() << "one usable PU: a cpuset cannot shrink";
  Cpuset cpuset;
  if (const std::string why = cpuset.Make(CpuListText({t.usable()[0].os, t.usable()[1].os})); !why.empty()) GTEST_SKIP() << why;
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    close(ends[0]);
    _exit(PinnedChild(t, ends[1]));
  }
  close(ends[1]);
  const bool shrunk = cpuset.Add(child) && Tell(ends[0]) && Hear(ends[0]) && cpuset.Shrink(CpuListText({t.usable()[1].os})) && Tell(ends[0]);
  close(ends[0]);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  if (!shrunk && WEXITSTATUS(status) != 2) GTEST_SKIP() << "the cpuset takes no process, or cannot be shrunk under it";
  EXPECT_EQ(status, 0) << "step " << WEXITSTATUS(status);
}

}  // namespace
}  // namespace ordeal::stress
