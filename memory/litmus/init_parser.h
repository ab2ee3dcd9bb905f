// What holds before the threads start? The initial values: `int x = 1; int *p = &x; int a[2] = {1, 2}; y; 0:r1 = x;`.
#pragma once
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "memory/litmus/cursor.h"
#include "memory/litmus/draft.h"

namespace ordeal::litmus {

// Registers are named before the threads are known.
struct InitialRegister {
  Token at;
  int thread = 0;
  absl::string_view name;
  i64 value = 0;
};

// Variables and their values go into the draft.
std::vector<InitialRegister> ParseInit(Cursor& in, Draft& draft);

// 3, -1, 0x10, x and &x (the address of x), a[2] and &a[2] (that of the element).
i64 ParseConstant(Cursor& in, Draft& draft);

}  // namespace ordeal::litmus
