// Where is every thread of this process? The text of a hang's report.
#pragma once
#include <string>

namespace ordeal::stress {

// Once, before threads are begun: loads what a signal handler may not load.
void PrepareStacks();

// Of all threads, this one too, one after the other: "thread 4711 worker3 (R)" and its calls, innermost first. A thread that does not answer a
// signal within a second is named. Takes the signal SIGRTMIN+6.
std::string AllStacks();

}  // namespace ordeal::stress
