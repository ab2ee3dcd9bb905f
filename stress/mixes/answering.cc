#include "stress/mixes/answering.h"

#include <algorithm>
#include <cctype>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <dlfcn.h>
#include <gnu/libc-version.h>
#include <malloc.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "stress/mixes/malloc_family.h"

namespace ordeal::stress {
namespace {

std::string RealPath(const std::string& path) {
  char real[PATH_MAX];
  return realpath(path.c_str(), real) == nullptr ? path : real;
}

// What the calls of this process go to: the first in the order in which ld.so looks. Not &malloc, which may be a trampoline of the program's own.
void* Called(const char* function) { return dlsym(RTLD_DEFAULT, function); }

std::string FileOf(const char* function) {
  void* code = Called(function);
  Dl_info info;
  if (code == nullptr || dladdr(code, &info) == 0 || info.dli_fname == nullptr) return "";
  const std::string mapped = FileOfCode(code);
  // dladdr gives the program the name that it was called by.
  const bool program = mapped == RealPath("/proc/self/exe");
  return program || RealPath(info.dli_fname) == mapped ? mapped : "";
}

std::string NameOfFile(const std::string& file) {
  std::string name = file.substr(file.rfind('/') + 1);
  name = name.substr(0, name.find('.'));
  if (absl::StartsWith(name, "lib")) name = name.substr(3);
  // A part of a directory's name.
  std::replace_if(name.begin(), name.end(), [](unsigned char c) { return !std::isalnum(c) && c != '_' && c != '-'; }, '_');
  return name;
}

template <class F>
F Exported(const char* name) {
  return reinterpret_cast<F>(dlsym(RTLD_DEFAULT, name));
}

// Each library has its own way to be asked. Only the one that answers malloc: others may be loaded too.
std::string VersionOf(const std::string& name, const std::string& file) {
  if (name == "glibc") return gnu_get_libc_version();
  if (const auto ask = Exported<int (*)(const char*, void*, size_t*, void*, size_t)>("mallctl"); ask != nullptr && name == "jemalloc") {
    const char* version = nullptr;
    size_t size = sizeof version;
    if (ask("version", &version, &size, nullptr, 0) == 0 && version != nullptr) return std::string(version).substr(0, std::strcspn(version, "-"));
  }
  if (const auto ask = Exported<int (*)()>("mi_version"); ask != nullptr && name == "mimalloc")  // 209, from 2.1.0 on 2100
    if (const int v = ask(); v > 0)
      return v < 1000 ? absl::StrCat(v / 100, ".", v / 10 % 10, ".", v % 10) : absl::StrCat(v / 1000, ".", v / 100 % 10, ".", v % 100);
  if (const auto ask = Exported<const char* (*)(int*, int*, const char**)>("tc_version"); ask != nullptr && absl::StartsWith(name, "tcmalloc")) {
    int major = 0, minor = 0;
    const char* patch = "";
    ask(&major, &minor, &patch);
    return absl::StrCat(major, ".", minor, patch == nullptr ? "" : patch);
  }
  const size_t so = file.find(".so.");
  return so == std::string::npos ? "" : file.substr(so + 4);
}

}  // namespace

std::string FileOfCode(const void* address) {
  std::FILE* maps = std::fopen("/proc/self/maps", "re");
  if (maps == nullptr) return "";
  char line[PATH_MAX + 128];
  std::string file;
  while (file.empty() && std::fgets(line, sizeof line, maps) != nullptr) {
    unsigned long from, to;
    int path = 0;
    if (std::sscanf(line, "%lx-%lx %*s %*s %*s %*s %n", &from, &to, &path) < 2 || path == 0) continue;
    const auto at = reinterpret_cast<unsigned long>(address);
    if (at < from || at >= to || line[path] != '/') continue;
    file = line + path;
    file.erase(file.find_last_not_of('\n') + 1);
  }
  std::fclose(maps);
  return file;
}

std::vector<Answer> WhoAnswers() {
  std::vector<Answer> all;
  for (const char* function : {"malloc", "free", "calloc", "realloc", "aligned_alloc"}) all.push_back({function, FileOf(function)});
  return all;
}

std::string AnsweringName() {
  const std::string file = FileOf("malloc");
  const std::string name = NameOfFile(file);
  if (name == "c") return "glibc";
  if (name == "tcmalloc_minimal") return "tcmalloc";
  if (name == "tbbmalloc_proxy") return "tbbmalloc";
  return name.empty() ? "unknown" : name;
}

std::string AnsweringLibrary() {
  const std::string file = FileOf("malloc"), name = AnsweringName(), version = VersionOf(name, file);
  return absl::StrCat(name, version.empty() ? "" : " ", version, " ", file);
}

MallocFamily ProcessMalloc() {
  const std::string file = FileOf("malloc");
  const bool tells_sizes = !file.empty() && FileOf("malloc_usable_size") == file;
  return {&std::malloc, &std::calloc, &std::realloc, &std::aligned_alloc, &std::free, tells_sizes ? &malloc_usable_size : nullptr};
}

}  // namespace ordeal::stress
