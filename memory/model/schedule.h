// Which CPU runs, which store does a load read, where does a store go? Drawn at random, replayed from Decisions, or led along an execution
// that is known access by access.
//
// Search is a portfolio: each execution draws a strategy (random walk of some switch rate, or PCT priorities: Burckhardt et al., ASPLOS 2010) and a
// chance of stale reads and of inserted stores, because no single setting finds everything.
#pragma once
#include <cstddef>
#include <optional>
#include <vector>

#include "memory/decision.h"
#include "memory/geometry.h"
#include "memory/order.h"

namespace ordeal::model {

// One access of an execution to be followed, or (k = 0) a whole op. What it takes of decisions is what following it records.
struct Lead {
  u8 cpu = 0;
  AccessKey key;
  AccessKey source = kInitialValue;  // the store that it reads
  AccessKey before;                  // the store that it goes right before, if `inserted`
  bool inserted = false;
  bool promised = false;  // `source` comes later, and the load returns `value`
  u64 value = 0;
};
using Leads = std::vector<Lead>;

class Schedule {
 public:
  // Draws. `seed` decides everything; `replay` or `leads` non-null: nothing is drawn.
  void Start(u64 seed, const Decisions* replay, const Leads* leads, bool record, double stale_bias, bool sequential);

  bool replaying() const { return replay_ != nullptr || leads_ != nullptr; }
  // Accesses until the next switch is considered (at least 1).
  u32 Gap();
  // At `at`, with the CPUs of bit set `others` able to run beside the running one: where to go on; -1: stay.
  int Preempt(AccessKey at, int running, u32 others);
  // The running CPU cannot or need not go on: one of `others`. `fallback` is the default.
  int Yield(AccessKey at, int running, u32 others, int fallback);
  // The store to read among n older candidates (keys, newest first): index, or -1 for the newest of all.
  int Stale(AccessKey at, const AccessKey* candidates, int n) { return Choose(DecisionKind::kReadFrom, stale_, at, candidates, n); }
  // The store to go right before, among n candidates (keys, newest first): index, or -1 to append.
  int Insert(AccessKey at, const AccessKey* candidates, int n) { return Choose(DecisionKind::kInsert, insert_, at, candidates, n); }

  // Is the load at `at` promised what a later store brings? Never drawn.
  bool may_promise() const { return may_promise_; }
  std::optional<Decision> Promised(AccessKey at);

  // What was drawn, sorted by key.
  const Decisions& recorded();
  u32 used() const { return used_; }  // replayed decisions that applied

 private:
  u32 Random() {
    rng_ ^= rng_ << 13;
    rng_ ^= rng_ >> 7;
    rng_ ^= rng_ << 17;
    return static_cast<u32>(rng_ >> 24);
  }
  u32 Below(u32 n) { return static_cast<u32>((static_cast<u64>(Random() & 0xffffffff) * n) >> 32); }
  bool Chance(u32 of_65536) { return (Random() & 0xffff) < of_65536; }
  const Decision* Find(AccessKey at, DecisionKind kind) const;
  int PickSwitch(u32 others);
  int LedTo(AccessKey at, int running, u32 others, bool pending);
  void Advance();
  bool SkipTo(AccessKey at, int cpu);
  int LedChoice(DecisionKind kind, AccessKey at, const AccessKey* candidates, int n);
  int Choose(DecisionKind kind, u32 chance, AccessKey at, const AccessKey* candidates, int n);
  void Note(const Decision& d) {
    if (record_) recorded_.push_back(d);
  }

  u64 rng_ = 1;
  const Decisions* replay_ = nullptr;
  const Leads* leads_ = nullptr;
  const Lead* now_ = nullptr;    // the access that is being made
  std::size_t led_ = 0;          // accesses that are done, or about to be
  std::vector<u8> skipped_;      // by access: its CPU went past it without making it
  AccessKey pending_[kMaxCpus];  // where a CPU was put aside: this access comes when it goes on; {kInitOp, 0}: none
  bool record_ = false, sequential_ = false, pct_ = false, may_promise_ = false;
  u32 mean_gap_ = 4, stale_ = 0, insert_ = 0;
  int priority_[kMaxCpus] = {};
  int lowest_ = 0;
  u32 used_ = 0;
  Decisions recorded_;
};

}  // namespace ordeal::model
