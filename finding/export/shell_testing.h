// What does a command print, and how does it end? And: does a C++ program compile?
#pragma once
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace ordeal {

struct Ran {
  int exit = -1;       // -1: not by itself
  std::string output;  // both streams
};

inline Ran Shell(const std::string& command) {
  Ran ran;
  FILE* pipe = popen(("exec 2>&1; " + command).c_str(), "r");
  if (pipe == nullptr) return ran;
  char buffer[4096];
  for (size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) ran.output.append(buffer, n);
  const int status = pclose(pipe);
  if (WIFEXITED(status)) ran.exit = WEXITSTATUS(status);
  return ran;
}

inline bool HasProgram(const std::string& name) { return Shell("command -v " + name).exit == 0; }

inline std::vector<std::string> Compilers() {
  std::vector<std::string> there;
  for (const char* name : {"clang++-19", "clang++", "g++"})
    if (HasProgram(name)) there.push_back(name);
  return there;
}

// A folder of this test's own, gone with it.
class ScratchFolder {
 public:
  ScratchFolder() {
    const char* base = std::getenv("TEST_TMPDIR");
    std::string pattern = std::string(base != nullptr ? base : "/tmp") + "/exports_XXXXXX";
    path_ = mkdtemp(pattern.data());
  }
  ~ScratchFolder() { std::filesystem::remove_all(path_); }
  std::string Put(const std::string& name, const std::string& text) const {
    const std::string file = path_ + "/" + name;
    std::ofstream(file) << text;
    return file;
  }
  std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace ordeal
