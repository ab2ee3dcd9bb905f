// Which flags has a night? The list; table.cc has their defaults and what they mean.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/flags/declare.h"

ABSL_DECLARE_FLAG(std::vector<std::string>, scenarios);
ABSL_DECLARE_FLAG(std::string, allocator);
ABSL_DECLARE_FLAG(std::vector<std::string>, bug);
ABSL_DECLARE_FLAG(std::vector<std::string>, arm);
ABSL_DECLARE_FLAG(std::string, sync);
ABSL_DECLARE_FLAG(std::string, watch);
ABSL_DECLARE_FLAG(bool, delays);
ABSL_DECLARE_FLAG(bool, evict);
ABSL_DECLARE_FLAG(std::string, placement);
ABSL_DECLARE_FLAG(std::string, cpulist);
ABSL_DECLARE_FLAG(std::vector<std::string>, disturb);
ABSL_DECLARE_FLAG(int, threads);
ABSL_DECLARE_FLAG(int, crews);
ABSL_DECLARE_FLAG(int, reserve);
ABSL_DECLARE_FLAG(bool, oversubscribe);
ABSL_DECLARE_FLAG(std::string, memory);
ABSL_DECLARE_FLAG(std::string, pages);
ABSL_DECLARE_FLAG(uint64_t, seed);
ABSL_DECLARE_FLAG(std::string, shard);
ABSL_DECLARE_FLAG(std::string, mode);
ABSL_DECLARE_FLAG(std::string, duration);
ABSL_DECLARE_FLAG(std::string, stop_at);
ABSL_DECLARE_FLAG(uint64_t, rounds);
ABSL_DECLARE_FLAG(std::string, slice);
ABSL_DECLARE_FLAG(std::string, expect);
ABSL_DECLARE_FLAG(bool, keep_going);
ABSL_DECLARE_FLAG(int, max_findings);
ABSL_DECLARE_FLAG(std::string, hang_after);
ABSL_DECLARE_FLAG(uint64_t, rss_limit_mb);
ABSL_DECLARE_FLAG(std::string, topology);
ABSL_DECLARE_FLAG(int, min_cpus);
ABSL_DECLARE_FLAG(std::vector<std::string>, canary);
ABSL_DECLARE_FLAG(std::string, canary_every);
ABSL_DECLARE_FLAG(std::string, run_dir);
ABSL_DECLARE_FLAG(std::string, resume);
ABSL_DECLARE_FLAG(bool, resume_anyway);
ABSL_DECLARE_FLAG(std::string, again);
ABSL_DECLARE_FLAG(std::string, status);
ABSL_DECLARE_FLAG(std::string, status_every);
ABSL_DECLARE_FLAG(std::string, junit);
ABSL_DECLARE_FLAG(std::string, html);
ABSL_DECLARE_FLAG(std::string, jsonl);
ABSL_DECLARE_FLAG(bool, list);
ABSL_DECLARE_FLAG(bool, dryrun);

namespace ordeal::stress {

// Those that say what a round is, and all others.
inline constexpr std::string_view kPlanFlags[] = {"scenarios",     "allocator", "bug",     "arm",     "sync",    "watch", "delays",
                                                  "evict",         "placement", "cpulist", "disturb", "threads", "crews", "reserve",
                                                  "oversubscribe", "memory",    "pages",   "seed",    "shard",   "expect"};
inline constexpr std::string_view kOtherFlags[] = {"mode",         "duration",   "stop_at",      "rounds",        "slice",    "keep_going",
                                                   "max_findings", "hang_after", "rss_limit_mb", "topology",      "min_cpus", "canary",
                                                   "canary_every", "run_dir",    "resume",       "resume_anyway", "again",    "status",
                                                   "status_every", "junit",      "html",         "jsonl",         "list",     "dryrun"};
// Those of another run that a new one, or the rest of it, must not take over.
inline constexpr std::string_view kOfOneRun[] = {"run_dir", "resume", "resume_anyway", "again", "list", "dryrun"};
inline constexpr std::string_view kSwitches[] = {"delays", "evict", "oversubscribe", "keep_going", "resume_anyway", "list", "dryrun"};

}  // namespace ordeal::stress
