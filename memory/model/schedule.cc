#include "memory/model/schedule.h"

#include <algorithm>
#include <bit>

namespace ordeal::model {
namespace {

struct Strategy {
  bool pct;
  u32 mean_gap;  // accesses between switches (PCT: between priority changes)
  u32 stale;     // chance that a load with a choice reads an old store, in 65536
  u32 insert;    // chance that a store with a choice is inserted
};
// Rates that the prototypes measured as complementary: no stale reads finds interleavings, nearly always
// stale finds reader-side rows, and two or three switches an execution find what needs one CPU held up for long.
constexpr Strategy kPortfolio[] = {
    {false, 2, 32768, 16384},  {false, 4, 32768, 16384}, {false, 8, 57344, 16384}, {false, 16, 8192, 8192},
    {false, 3, 0, 0},          {true, 12, 32768, 16384}, {true, 6, 57344, 32768},  {true, 24, 8192, 8192},
    {false, 40, 32768, 16384}, {false, 64, 0, 0},        {true, 64, 16384, 8192},
};

}  // namespace

void Schedule::Start(u64 seed, const Decisions* replay, const Leads* leads, bool record, double stale_bias, bool sequential) {
  rng_ = (seed + 0x9E3779B97F4A7C15ull) * 0xBF58476D1CE4E5B9ull;
  rng_ ^= rng_ >> 31;
  if (rng_ == 0) rng_ = 1;
  replay_ = replay;
  leads_ = leads;
  now_ = nullptr;
  led_ = 0;
  if (leads != nullptr) skipped_.assign(leads->size(), 0);
  for (AccessKey& key : pending_) key = kInitialValue;
  record_ = record;
  sequential_ = sequential;
  used_ = 0;
  recorded_.clear();
  may_promise_ = (replay != nullptr && std::ranges::any_of(*replay, [](const Decision& d) { return d.kind == DecisionKind::kPromise; })) ||
                 (leads != nullptr && std::ranges::any_of(*leads, &Lead::promised));
  if (replaying()) return;
  const Strategy& s = kPortfolio[Below(std::size(kPortfolio))];
  pct_ = s.pct;
  mean_gap_ = s.mean_gap;
  stale_ = static_cast<u32>(s.stale * stale_bias);
  insert_ = static_cast<u32>(s.insert * stale_bias);
  lowest_ = 0;
  for (int& p : priority_) p = static_cast<int>(Below(1u << 20));
}

const Decisions& Schedule::recorded() {
  std::sort(recorded_.begin(), recorded_.end());
  return recorded_;
}

u32 Schedule::Gap() {
  if (replaying()) return 1;           // look at every access
  if (sequential_) return 0xffffffff;  // between ops only
  return 1 + Below(2 * mean_gap_ - 1);
}

const Decision* Schedule::Find(AccessKey at, DecisionKind kind) const {
  const auto it = std::lower_bound(replay_->begin(), replay_->end(), at, [](const Decision& d, AccessKey key) { return d.at < key; });
  for (auto d = it; d != replay_->end() && d->at == at; ++d)
    if (d->kind == kind) return &*d;
  return nullptr;
}

int Schedule::PickSwitch(u32 others) {
  if (!pct_) {
    for (u32 n = Below(std::popcount(others)); n != 0; --n) others &= others - 1;
    return std::countr_zero(others);
  }
  int best = -1;
  for (u32 m = others; m != 0; m &= m - 1) {
    const int c = std::countr_zero(m);
    if (best < 0 || priority_[c] > priority_[best]) best = c;
  }
  return best;
}

std::optional<Decision> Schedule::Promised(AccessKey at) {
  if (leads_ != nullptr) {
    if (now_ == nullptr || now_->key != at || !now_->promised) return std::nullopt;
    const Decision d{.at = at, .kind = DecisionKind::kPromise, .store = now_->source, .value = now_->value};
    Note(d);
    return d;
  }
  const Decision* d = Find(at, DecisionKind::kPromise);
  if (d == nullptr) return std::nullopt;
  ++used_;
  return *d;
}

int Schedule::Preempt(AccessKey at, int running, u32 others) {
  if (leads_ != nullptr) {
    if (at.k != 0 && led_ < leads_->size() && (*leads_)[led_].key.k == 0) return -1;  // led by whole ops
    const int to = LedTo(at, running, others, true);
    if (to >= 0) Note({at, DecisionKind::kSwitch, static_cast<u8>(to), {}});
    return to;
  }
  if (others == 0) return -1;
  if (replaying()) {
    const Decision* d = Find(at, DecisionKind::kSwitch);
    if (d == nullptr || d->cpu >= kMaxCpus || !(others >> d->cpu & 1)) return -1;
    ++used_;
    return d->cpu;
  }
  if (sequential_) {
    const u32 n = std::popcount(others) + 1;
    if (Below(n) == 0) return -1;
  } else if (pct_) {
    priority_[running] = --lowest_;
  }
  const int to = PickSwitch(others);
  Note({at, DecisionKind::kSwitch, static_cast<u8>(to), {}});
  return to;
}

int Schedule::Yield(AccessKey at, int running, u32 others, int fallback) {
  int to = fallback;
  if (leads_ != nullptr) {
    const int led = LedTo(at, running, others, at.k == 0);
    if (led >= 0) to = led;
    if (to != fallback) Note({at, DecisionKind::kSwitch, static_cast<u8>(to), {}});
    return to;
  }
  if (replaying()) {
    const Decision* d = Find(at, DecisionKind::kSwitch);
    if (d != nullptr && d->cpu < kMaxCpus && (others >> d->cpu & 1)) {
      ++used_;
      to = d->cpu;
    }
    return to;
  }
  if (pct_) priority_[running] = --lowest_;  // whoever waits lets the others catch up
  to = PickSwitch(others);
  if (to != fallback) Note({at, DecisionKind::kSwitch, static_cast<u8>(to), {}});
  return to;
}

int Schedule::Choose(DecisionKind kind, u32 chance, AccessKey at, const AccessKey* candidates, int n) {
  if (leads_ != nullptr) return LedChoice(kind, at, candidates, n);
  if (replaying()) {
    const Decision* d = Find(at, kind);
    if (d == nullptr) return -1;
    for (int i = 0; i < n; ++i) {
      if (candidates[i] == d->store) {
        ++used_;
        return i;
      }
    }
    return -1;
  }
  if (n == 0 || !Chance(chance)) return -1;
  const int i = static_cast<int>(Below(static_cast<u32>(n)));
  Note({at, kind, 0, candidates[i]});
  return i;
}

}  // namespace ordeal::model
