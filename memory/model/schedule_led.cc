// Along an execution that is known access by access: who goes on, and what does the access take?
#include "memory/model/schedule.h"

namespace ordeal::model {

void Schedule::Advance() {
  now_ = &(*leads_)[led_];
  ++led_;
  while (led_ < leads_->size() && skipped_[led_] != 0) ++led_;
}

// The CPU is at a later access than the one that is waited for, which it will not make: another program than the one that was led along.
bool Schedule::SkipTo(AccessKey at, int cpu) {
  size_t there = led_;
  while (there < leads_->size() && ((*leads_)[there].cpu != cpu || (*leads_)[there].key != at)) ++there;
  if (there == leads_->size() || there == led_) return false;  // an access that nobody expected, or the one that is next
  for (size_t i = led_; i < there; ++i)
    if ((*leads_)[i].cpu == cpu) skipped_[i] = 1;
  while (skipped_[led_] != 0) ++led_;
  return true;
}

// Who makes the next access? `pending`: the running CPU is about to make the one at `at`. -1: the running one, or nobody is known.
int Schedule::LedTo(AccessKey at, int running, u32 others, bool pending) {
  if (led_ >= leads_->size()) return -1;
  const auto where = [&](int cpu) { return cpu == running ? (pending ? at : kInitialValue) : pending_[cpu]; };
  for (int cpu = (*leads_)[led_].cpu; where(cpu) != kInitialValue && SkipTo(where(cpu), cpu); cpu = (*leads_)[led_].cpu) {
  }
  const Lead& next = (*leads_)[led_];
  if (next.cpu == running) {
    if (pending && next.key == at) Advance();
    return -1;
  }
  if (!(others >> next.cpu & 1)) return -1;
  if (pending) pending_[running] = at;
  if (pending_[next.cpu] == next.key) {
    Advance();
    pending_[next.cpu] = kInitialValue;
  }
  return next.cpu;
}

int Schedule::LedChoice(DecisionKind kind, AccessKey at, const AccessKey* candidates, int n) {
  if (now_ == nullptr || now_->key != at) return -1;
  const Lead& lead = *now_;
  if (kind == DecisionKind::kInsert && !lead.inserted) return -1;
  const AccessKey wanted = kind == DecisionKind::kInsert ? lead.before : lead.source;
  for (int i = 0; i < n; ++i) {
    if (candidates[i] != wanted) continue;
    Note({at, kind, 0, wanted});
    return i;
  }
  return -1;
}

}  // namespace ordeal::model
