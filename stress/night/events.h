// What can happen in a night? One struct a kind of line in events.jsonl; docs/events.md is the schema, which journal_test holds them to.
#pragma once
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "memory/order.h"

namespace ordeal::stress {

using EventValue = std::variant<u64, double, bool, std::string, std::vector<u64>, std::vector<std::string>>;
using EventFields = std::vector<std::pair<const char*, EventValue>>;

struct PlanEvent {
  static constexpr char kName[] = "plan";
  std::vector<std::string> scenarios;
  std::string shard;
  u64 seed = 0, threads = 0;
  double planned_seconds = 0;  // 0: bounded by rounds alone
  u64 planned_rounds = 0;      // 0: bounded by time alone
  EventFields Fields() const {
    return {{"scenarios", scenarios},
            {"shard", shard},
            {"seed", std::to_string(seed)},
            {"threads", threads},
            {"planned_seconds", planned_seconds},
            {"planned_rounds", planned_rounds}};
  }
};

struct PlacementEvent {
  static constexpr char kName[] = "placement";
  u64 epoch = 0;
  std::string policy;
  std::vector<u64> cpus;  // the OS's numbers, thread by thread
  bool pinned = false;    // read back, on the machine itself
  EventFields Fields() const { return {{"epoch", epoch}, {"policy", policy}, {"cpus", cpus}, {"pinned", pinned}}; }
};

// Of one scenario since the run began.
struct ProgressEvent {
  static constexpr char kName[] = "progress";
  std::string scenario;
  u64 rounds = 0, findings = 0, skew_p50 = 0, skew_p99 = 0, drifted = 0, starved = 0;
  double rounds_per_second = 0, overlap = 0;
  EventFields Fields() const {
    return {{"scenario", scenario}, {"rounds", rounds},     {"rounds_per_second", rounds_per_second},
            {"overlap", overlap},   {"skew_p50", skew_p50}, {"skew_p99", skew_p99},
            {"drifted", drifted},   {"starved", starved},   {"findings", findings}};
  }
};

struct CanaryEvent {
  static constexpr char kName[] = "canary";
  std::string test;
  bool expected = false;
  u64 weak = 0, rounds = 0;
  EventFields Fields() const { return {{"test", test}, {"expected", expected}, {"weak", weak}, {"rounds", rounds}}; }
};

struct FindingEvent {
  static constexpr char kName[] = "finding";
  std::string scenario, outcome, signature, directory;
  u64 epoch = 0;
  EventFields Fields() const {
    return {{"scenario", scenario}, {"outcome", outcome}, {"signature", signature}, {"directory", directory}, {"epoch", epoch}};
  }
};

// Anything else that makes the run worth less: a governor, a clock that was throttled.
struct WarningEvent {
  static constexpr char kName[] = "warning";
  std::string text;
  EventFields Fields() const { return {{"text", text}}; }
};

struct CheckpointEvent {
  static constexpr char kName[] = "checkpoint";
  u64 next_epoch = 0, rounds = 0, rss_mib = 0;
  double plan_done = 0;
  EventFields Fields() const { return {{"next_epoch", next_epoch}, {"rounds", rounds}, {"plan_done", plan_done}, {"rss_mib", rss_mib}}; }
};

struct ResumedEvent {
  static constexpr char kName[] = "resumed";
  u64 times = 0, next_epoch = 0;
  std::string host;
  EventFields Fields() const { return {{"times", times}, {"next_epoch", next_epoch}, {"host", host}}; }
};

struct HangEvent {
  static constexpr char kName[] = "hang";
  u64 thread = 0;
  double seconds = 0;  // that it could have run
  std::string stacks;  // the file with all threads' stacks
  EventFields Fields() const { return {{"thread", thread}, {"seconds", seconds}, {"stacks", stacks}}; }
};

struct MemoryEvent {
  static constexpr char kName[] = "memory";
  u64 rss_mib = 0, limit_mib = 0;
  EventFields Fields() const { return {{"rss_mib", rss_mib}, {"limit_mib", limit_mib}}; }
};

struct EndEvent {
  static constexpr char kName[] = "end";
  std::string status;  // as the summary's last line: "PASS"
  u64 exit = 0, findings = 0;
  double plan_done = 0;
  EventFields Fields() const { return {{"status", status}, {"exit", exit}, {"plan_done", plan_done}, {"findings", findings}}; }
};

using NightEvent = std::variant<PlanEvent, PlacementEvent, ProgressEvent, CanaryEvent, FindingEvent, WarningEvent, CheckpointEvent, ResumedEvent,
                                HangEvent, MemoryEvent, EndEvent>;

}  // namespace ordeal::stress
