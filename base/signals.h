// What does Ctrl-C do? Once: finish what can be finished. Twice: stop on the spot.
#pragma once

namespace ordeal {

// From now on the first SIGINT or SIGTERM makes Interrupted() true and prints `notice` as one line; the second one ends the
// process with exit code 130 (kExitAborted), with no clean-up. `notice` must outlive the process (a literal).
void InstallSignalHandlers(const char* notice);

// Whether the first signal has come. Cheap enough for every round of a loop; any thread may ask.
bool Interrupted();

// The number of the first signal, 0 if none has come.
int InterruptSignal();

}  // namespace ordeal
