// What did one round come to? Asked of the shadow, when all threads have come back.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "allocator/hooks.h"
#include "program/program.h"
#include "shadow/shadow.h"
#include "stress/crew/log.h"
#include "stress/crew/orders.h"
#include "stress/crew/workload.h"

namespace ordeal::stress {

// One thread at a time.
class RoundJudge {
 public:
  // Has the allocator tell what it has at rest; false: it could not walk its own lists.
  using AtRest = std::function<bool(std::vector<HookEvent>*)>;

  RoundJudge(const Program& program, Watch watch) : program_(program), watch_(watch), orders_(shadow_) {}

  // `origin`: as of EventOf(run/hook_event.h).
  RoundOutcome Judge(const std::vector<Log>& logs, u32 cell, std::span<const ShadowEvent> format_events, const AtRest& at_rest, u64 origin);

 private:
  void AtTheEnd(const std::vector<Log>& logs, u32 cell, const AtRest& at_rest, u64 origin);
  std::string Text() const;

  const Program& program_;
  const Watch watch_;
  Shadow shadow_;
  Orders orders_;
  std::vector<CpuEvents> cpus_;
  std::vector<HookEvent> told_;
};

}  // namespace ordeal::stress
