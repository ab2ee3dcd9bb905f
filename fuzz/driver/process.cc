#include "fuzz/driver/process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace ordeal::driver {

int RunAgain(const std::vector<std::string>& argv, const std::string& log) {
  std::vector<std::string> copy = argv;
  std::vector<char*> pointers;
  for (std::string& a : copy) pointers.push_back(a.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (!log.empty()) {
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  }
  std::fflush(stderr);
  pid_t pid = 0;
  // Not argv[0]: it need not be a path. /proc/self would be the child's own; the binary is still the same one.
  const int error = posix_spawn(&pid, "/proc/self/exe", &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return -1;
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::vector<std::string> Without(const std::vector<std::string>& argv, const std::vector<std::string>& names) {
  std::vector<std::string> kept;
  for (const std::string& a : argv) {
    bool drop = false;
    for (const std::string& n : names) drop = drop || a.rfind("-" + n + "=", 0) == 0;
    if (!drop) kept.push_back(a);
  }
  return kept;
}

}  // namespace ordeal::driver
