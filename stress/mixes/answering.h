// Which library answers `malloc` in this process? What was asked for says nothing: ld.so prints one line about a library that it cannot preload, and
// goes on without it.
#pragma once
#include <string>
#include <vector>

namespace ordeal::stress {

// The file that the code at this address was mapped from, by /proc/self/maps; empty: none.
std::string FileOfCode(const void* address);

struct Answer {
  std::string function;  // "malloc"
  std::string file;      // links followed; empty: dladdr and /proc/self/maps do not agree
};
// Of malloc, free, calloc, realloc and aligned_alloc: what this process's calls go to.
std::vector<Answer> WhoAnswers();

// "jemalloc 5.3.0 /usr/lib/x86_64-linux-gnu/libjemalloc.so.2": what it says of itself, else what its file's name says, and the file.
std::string AnsweringLibrary();
// "jemalloc", "glibc", or the name of the file without "lib" and what follows its first dot: letters, digits, _ and -.
std::string AnsweringName();

}  // namespace ordeal::stress
