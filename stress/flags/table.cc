#include "stress/flags/table.h"

#include <cstdint>

#include "absl/flags/flag.h"
#include "absl/flags/reflection.h"
#include "absl/strings/str_cat.h"
#include "stress/flags/flags.h"

// What a round is.
ABSL_FLAG(std::vector<std::string>, scenarios, {"all"},
          "names or their beginnings, comma separated; 3*NAME: three times as often; --list prints them");
ABSL_FLAG(std::string, allocator, "",
          "of the drawn programs: slub, locked (default: each); or a real one, which runs mixes alone: malloc, jemalloc, mimalloc, tcmalloc, "
          "tbbmalloc, /path/to/lib.so");
ABSL_FLAG(std::vector<std::string>, bug, {}, "bugs to plant in the drawn programs; of the corpus their reproducers alone are run then");
ABSL_FLAG(std::vector<std::string>, arm, {},
          "planted beside the bugs in a second copy of each reproducer: SITE=ORDER, SITE=before:BARRIER; rates are compared");
ABSL_FLAG(std::string, sync, "timebase", "how threads start together: timebase, spin, none");
ABSL_FLAG(std::string, watch, "rotate",
          "what the shadow hears: full; results (as much as a litmus test: less time between accesses, no charges); rotate: by turns");
ABSL_FLAG(bool, delays, true, "in half of the rounds a thread waits in front of one of its accesses");
ABSL_FLAG(bool, evict, true, "before some rounds a thread takes its lines out of the caches");
ABSL_FLAG(std::vector<std::string>, disturb, {},
          "noise: load (on processors that are left free), membarrier, migrate (threads change processors between batches)");
ABSL_FLAG(std::string, placement, "rotate", "spread, compact, smt, cache, package, node, random, list, rotate (each in turn)");
ABSL_FLAG(std::string, cpulist, "", "with --placement=list: OS numbers, 0,8,16-19");
ABSL_FLAG(int, threads, 2, "threads of a crew, 1..8: the most CPUs of a drawn program");
ABSL_FLAG(int, crews, 0, "crews side by side; 0: as many as fit");
ABSL_FLAG(int, reserve, 0, "processors that are left free");
ABSL_FLAG(bool, oversubscribe, false, "more threads than processors, if need be: rounds will hardly overlap");
ABSL_FLAG(std::string, memory, "local", "local, interleave, remote, bind:NODE");
ABSL_FLAG(std::string, pages, "", "4k, 64k, thp; default: as the kernel does");
ABSL_FLAG(uint64_t, seed, 0, "of all that is drawn; 0: one is drawn, and printed");
ABSL_FLAG(std::string, shard, "", "I/N: this machine's part of a campaign, I from 0; default: from Bazel's or Slurm's environment");
// How long, and when it ends.
ABSL_FLAG(std::string, mode, "", "presets of --duration: quick 20s, default 5m, tough 1h, overnight 8h");
ABSL_FLAG(std::string, duration, "", "of running: 90s, 30m, 8h");
ABSL_FLAG(std::string, stop_at, "", "a time in place of --duration: 2026-11-28T07:00:00+01:00");
ABSL_FLAG(uint64_t, rounds, 0, "of each scenario; 0: as many as come");
ABSL_FLAG(std::string, slice, "", "of one scenario at a time; default: so that each comes at least twice, 2s at most");
ABSL_FLAG(std::string, expect, "", "a bug's name: exit 0 only if the finding is this bug's");
ABSL_FLAG(bool, keep_going, false, "a finding does not end the run");
ABSL_FLAG(int, max_findings, 20, "different findings that end the run with --keep_going");
ABSL_FLAG(std::string, hang_after, "60s", "of processor time that a thread could have had without getting on");
ABSL_FLAG(uint64_t, rss_limit_mb, 0, "0: no limit");
// The machine.
ABSL_FLAG(std::string, topology, "native", "native, synthetic:STRING, xml:FILE; what is not native is planned, not run");
ABSL_FLAG(int, min_cpus, 2, "fewer usable processors: exit 2");
ABSL_FLAG(std::vector<std::string>, canary, {}, "positive controls: SB, on ARM and POWER also MP and LB; default: all of them");
ABSL_FLAG(std::string, canary_every, "10m", "of running: how often the positive controls are looked at again");
// What is left of it.
ABSL_FLAG(std::string, run_dir, "", "where everything is written; default: runs/TIME-HOST-NUMBER");
ABSL_FLAG(std::string, resume, "", "a run directory: goes on where its last checkpoint was");
ABSL_FLAG(bool, resume_anyway, false, "even if the binary is another one");
ABSL_FLAG(std::string, again, "", "a run directory: the same flags, in a new one");
ABSL_FLAG(std::string, status, "auto", "auto, screen, lines, none");
ABSL_FLAG(std::string, status_every, "30s", "how often a line of status is printed where there is no screen");
ABSL_FLAG(std::string, junit, "", "a second copy of junit.xml");
ABSL_FLAG(std::string, html, "", "a second copy of report.html");
ABSL_FLAG(std::string, jsonl, "", "a second copy of events.jsonl");
ABSL_FLAG(bool, list, false, "prints the scenarios");
ABSL_FLAG(bool, dryrun, false, "prints placement and plan, and runs nothing");

namespace ordeal::stress {

std::string NightHelp(const std::string& program, bool all) {
  std::string s = absl::StrCat(
      "usage: ", program, " [--FLAG=VALUE ...] [REPRODUCER ...]\n\nOrdeal's programs with real threads on this machine, pinned, for a night.\n\n");
  constexpr std::string_view kTen[] = {"mode", "duration", "scenarios", "bug", "expect", "arm", "placement", "run_dir", "resume", "dryrun"};
  const auto line = [&](std::string_view name) {
    const absl::CommandLineFlag* flag = absl::FindCommandLineFlag(std::string(name));
    const std::string value = flag->DefaultValue();
    absl::StrAppend(&s, "  --", std::string(name), value.empty() ? "" : "=", value,
                    std::string(name.size() + value.size() < 22 ? 22 - name.size() - value.size() : 1, ' '), flag->Help(), "\n");
  };
  if (!all) {
    for (const std::string_view name : kTen) line(name);
    absl::StrAppend(&s, "\n--helpfull has the others.\n");
  } else {
    for (const std::string_view name : kPlanFlags) line(name);
    for (const std::string_view name : kOtherFlags) line(name);
  }
  absl::StrAppend(
      &s, "\nexamples:\n  ", program, " --dryrun\n  ", program, " --mode=quick --bug=slub.exts_reader_order --expect=slub.exts_reader_order\n  ",
      program, " --stop_at=2026-11-28T07:00:00+01:00 --placement=smt\n  ", program, " --resume=runs/20261127T201500Z-power9a-3f2a\n\n",
      "exit: 0 nothing found (or exactly what was expected), 1 usage, 2 machine unfit or inconclusive, 3 expectation not met, 70 hang, 71 memory,\n"
      "      72 interrupted, 77 finding, 130 second interrupt\n");
  return s;
}

}  // namespace ordeal::stress
