// What does every stand-alone C++ program that makes an execution have in common? Its text: accesses, dependencies, the rounds.
#pragma once

namespace ordeal {

extern const char kCppIncludes[];
extern const char kCppAccesses[];    // Load<T, order>(at), Store, Exchange, Add, FailToExchange, Lock, Unlock, Zero, Branch
extern const char kCppDoubleWord[];  // CompareExchange16; only where the execution has such accesses
extern const char kCppRounds[];      // main(), behind kThreads, kLines, kInitial and kLeftBehind

}  // namespace ordeal
