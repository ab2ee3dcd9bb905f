// What if an input does not come back: it crashes, hangs, ends the process, or eats the memory? Its bytes are written, a report is made in
// libFuzzer's words, and the process ends with libFuzzer's exit code.
#pragma once
#include <functional>
#include <span>
#include <string>

#include "fuzz/driver/options.h"
#include "fuzz/driver/unit.h"

namespace ordeal::driver {

// Installs signal handlers, the clock of -timeout (ITIMER_REAL: a target may stop it) and the thread of -rss_limit_mb. Once a process.
// `say_more`, of a line for the report, is called from the handlers.
void StartWatching(const Options& options, std::function<std::string()> say_more);

// Between these two the input is running. A file given on the command line has its artefact already: `keep` is false for it.
void WatchInput(std::span<const uint8_t> unit, bool keep);
void InputCameBack();

// SIGUSR1 came: the run ends in good order.
bool AskedToStop();

// The most memory that the process had, in MiB.
int64_t PeakRssMb();

// Seconds since StartWatching.
int64_t SecondsSinceStart();

}  // namespace ordeal::driver
