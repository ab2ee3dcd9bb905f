// What happens when a programmer was wrong? The process says where, and stops.
//
// ORDEAL_CHECK is on in every build: a fuzzer whose own invariants are broken finds nothing that can be believed. Operating
// errors (a file, a flag) are an absl::Status and errors of the code under test a Violation: neither belongs here.
#pragma once
#include <string_view>

namespace ordeal {

// Prints "file:line: check failed: CONDITION: MESSAGE" to stderr and aborts. Thread-safe.
[[noreturn, gnu::cold]] void CheckFailed(const char* file, int line, const char* condition, std::string_view message);

}  // namespace ordeal

#define ORDEAL_CHECK(condition, message)                              \
  do {                                                                \
    if (!(condition)) [[unlikely]]                                    \
      ::ordeal::CheckFailed(__FILE__, __LINE__, #condition, message); \
  } while (false)
