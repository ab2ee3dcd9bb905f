#include "memory/model/exact_machine.h"

#include <algorithm>

#include "base/check.h"
#include "memory/model/ladder.h"
#include "memory/model/state.h"

namespace ordeal::model {

ExactMachine::ExactMachine(int cpus, Body body, void* self, const ExactOptions& options)
    : cpus_(cpus), body_(body), self_(self), options_given_(options), rng_(options.seed) {
  if (options.seconds > 0) {
    deadline_ =
        std::chrono::steady_clock::now() + std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(options.seconds));
  }
}

void ExactMachine::RunOnce() {
  attempt_ = question_ = 0;
  frame_ = 0;
  now_ = deviations_ = 0;
  end_ = End::kNone;
  stopping_ = false;
  spun_ = false;
  for (int c = 0; c < kMaxCpus; ++c) {
    cpu_[c] = CpuState();
    cpu_[c].chances = drawn_[c];
  }
  RunOptions options;
  if (options_given_.before) options_given_.before();
  options.record = true;  // dependencies keep the loads that they came from
  g.exact = this;
  Run(cpus_, body_, self_, options);
  g.exact = nullptr;
}

void ExactMachine::EndAs(End end) {
  end_ = end;
  Abandon(stopping_ ? Ending::kStopped : Ending::kFinished);
}

// One more access, with initial values and write halves, has room in the judge's rows.
bool ExactMachine::TooLong() const { return attempt_ >= options_given_.max_steps || graph_.size() + 3 * GrowingGraph::kMaxParts > kPrefixEvents; }

void ExactMachine::BeginAttempt() {
  question_ = 0;
  events_before_ = graph_.size();
  while (frame_ < frames_.size() && frames_[frame_].attempt < attempt_) ++frame_;
  if (frame_ < frames_.size()) deviations_ = frames_[frame_].deviations;
  deviations_before_ = deviations_;
}

void ExactMachine::FinishAttempt(const Attempt& a) {
  if (!IsReplay()) attempts_.push_back(a);
  ++attempt_;
  if (a.waited) {
    now_ = std::max(now_, a.first);
  } else {
    now_ = a.first + a.reads + a.writes;
  }
}

// The same answer as when it was performed.
void ExactMachine::Replayed(const Attempt& a, u64 old[2]) const {
  for (int e = a.first; e < a.first + a.reads; ++e) {
    old[graph_.granule_of(graph_.event(e).location) != graph_.info()[a.first].address / 8] |= graph_.value(e);
  }
}

bool ExactMachine::Allowed() {
  ++result_.judged;
  if (AllowedOn(options_given_.rung, graph_.graph())) return true;
  ++result_.refused;
  return false;
}

void ExactMachine::ShrinkTo(int events) {
  graph_.ShrinkTo(events);
  if (origins_.size() > static_cast<size_t>(events)) origins_.resize(static_cast<size_t>(events));
  if (prefix_.size() > events) prefix_.Rewind(events);
}

void ExactMachine::Track() {
  if (!Tracking()) return;
  while (fits_ && prefix_.size() < graph_.size()) fits_ = prefix_.Append(graph_.graph(), prefix_.size());
}

void ExactMachine::TrackInstruction() {
  int place[2 * GrowingGraph::kMaxParts];
  const int end = graph_.size();
  for (int e = at_.first; e < end; ++e)
    if (graph_.event(e).kind == GraphEvent::Kind::kWrite) place[e - at_.first] = graph_.TakeOut(e);
  for (int e = at_.first; e < end; ++e) {
    if (graph_.event(e).kind == GraphEvent::Kind::kWrite) graph_.PutBack(e, place[e - at_.first]);
    if (Tracking() && fits_) fits_ = prefix_.Append(graph_.graph(), e);
  }
}

bool ExactMachine::Perform(const Access& access, u64 old[2], Dep* result) {
  ++g.me->k;
  SwitchAtRandom();
  at_.access = &access;
  for (;;) {
    if (TooLong()) EndAs(End::kTooLong);
    const bool replay = IsReplay();
    if (replay ? !attempts_[attempt_].waited : Attempted()) break;
    if (replay) {
      int parts[GrowingGraph::kMaxParts], n;
      const Attempt a = attempts_[attempt_];
      ORDEAL_CHECK(graph_.Locate(access.address, access.bytes, parts, &n), "an atom was split in a replay");
      FinishAttempt(a);
      Wait(parts, n, a);
    }
    at_.access = &access;  // other CPUs were here
  }
  cpu_[g.cur].declined = kNotThere;
  cpu_[g.cur].asked = false;
  const u32 attempt = attempt_;
  old[0] = old[1] = 0;
  bool wrote;
  if (IsReplay()) {
    const Attempt a = attempts_[attempt_];
    wrote = a.wrote;
    Replayed(a, old);
    FinishAttempt(a);
  } else {
    wrote = at_.wrote;
    old[0] = at_.old[0];
    old[1] = at_.old[1];
    FinishAttempt({.wrote = wrote, .first = at_.first, .reads = at_.access->reads() ? at_.n_parts : 0, .writes = wrote ? at_.n_parts : 0});
  }
  *result = access.reads() ? NewLeaf(-1, attempt, access.addr_dep) : 0;
  if (access.reads()) {
    const Attempt& a = attempts_[attempt];
    for (int e = a.first; e < a.first + a.reads; ++e) {
      const GraphEvent& read = graph_.event(e);
      cpu_[g.cur].reads_now = cpu_[g.cur].reads_now * 0x9fb21c651e98df25 + static_cast<u64>(read.rf);
      cpu_[g.cur].read_old |= graph_.co(read.location).back() != read.rf;
    }
  }
  if (stopping_ && PromisesAreKept()) Abandon(Ending::kStopped);
  WakeLower();
  return wrote;
}

void ExactMachine::Fence(Order order, At at) {
  ++g.me->k;
  if (TooLong()) EndAs(End::kTooLong);
  if (IsReplay()) {
    FinishAttempt(attempts_[attempt_]);
    return;
  }
  GraphEvent e;
  e.thread = g.cur;
  e.instruction = static_cast<int>(attempt_);
  e.fence = FenceOf(order);
  ExactEvent info;
  info.key = {g.me->op, g.me->k};
  info.site = at.site;
  info.where = at.where;
  const int id = graph_.AddFence(std::move(e), info);
  Track();
  FinishAttempt({.first = id, .reads = 1});
}

void ExactMachine::BeginOp() { cpu_[g.cur].in_vain = false; }

u64 ExactMachine::Newest(Addr a, u8 bytes) const {
  u64 word;
  std::memcpy(&word, ArenaAt(a & ~7u), 8);
  for (size_t l = 0; l < graph_.graph().co.size(); ++l) {
    const int location = static_cast<int>(l);
    if (graph_.granule_of(location) != a / 8) continue;
    word = (word & ~BitsOf(graph_.bytes_of(location))) | graph_.value(graph_.co(location).back());
  }
  return (word & BitsOf(MaskOf(a, bytes))) >> (8 * (a & 7));
}

}  // namespace ordeal::model
