// Which choice is taken where one access may do several things, and which comes next?
#include <algorithm>

#include "base/check.h"
#include "memory/model/exact_machine.h"
#include "memory/model/ladder.h"
#include "memory/model/state.h"

namespace ordeal::model {

// Exhaustive: a question with one possible answer leaves no trace; another becomes a frame, whose answers are taken in turn.
ExactMachine::Option ExactMachine::Ask(int part, Tester test) {
  if (!exhaustive()) return AskAtRandom(part, test);
  ++question_;
  if (frame_ < frames_.size() && frames_[frame_].attempt == attempt_ && frames_[frame_].question == question_) {
    const Frame& f = frames_[frame_++];
    deviations_ += Cost(f.options[f.current].move);
    return f.options[f.current];
  }
  int n = 0;
  for (int k = 0; k < n_options_; ++k) {
    if (bound_ >= 0 && deviations_ + Cost(options_[k].move) > bound_) {
      cut_ = true;
    } else if ((this->*test)(part, options_[k])) {
      options_[n++] = options_[k];
    }
  }
  if (n == 0) EndAs(End::kUnfulfilled);
  if (n > 1) {
    const size_t depth = frames_.size();
    const size_t answer = depth < from_.size() ? from_[depth] : 0;
    if (answer >= static_cast<size_t>(n)) {
      result_.no_such_place = true;
      EndAs(End::kUnfulfilled);
    }
    frames_.push_back({attempt_, question_, events_before_, deviations_before_, {options_, options_ + n}, answer});
    frame_ = frames_.size();
    if (frame_ == from_.size()) from_.clear();  // there
    deviations_ += Cost(options_[answer].move);
    return options_[answer];
  }
  deviations_ += Cost(options_[0].move);
  return options_[0];
}

// Random: first whether to go back in time, then where.
ExactMachine::Option ExactMachine::AskAtRandom(int part, Tester test) {
  const auto chance = [&] { return static_cast<double>(rng_.Next() >> 11) * 0x1p-53; };
  if (waits_) return AskUniformly(part, test, 0);
  const CpuState& me = cpu_[g.cur];
  const double draw = chance();
  const auto wanted = [&](Move m) {
    switch (m) {
      case Move::kPromise: return draw < promise_;
      case Move::kStale: return draw >= promise_ && draw < promise_ + me.chances.stale;
      case Move::kInsert: return draw < me.chances.insert;
      case Move::kNewest: return draw >= promise_ + me.chances.stale;
      case Move::kAppend: return draw >= me.chances.insert;
      default: return true;
    }
  };
  std::partition(options_, options_ + n_options_, [&](const Option& o) { return wanted(o.move); });
  int preferred = 0;
  while (preferred < n_options_ && wanted(options_[preferred].move)) ++preferred;
  for (int k = 0; k < preferred; ++k) {
    std::swap(options_[k], options_[k + static_cast<int>(rng_.Below(static_cast<u64>(preferred - k)))]);
    if ((this->*test)(part, options_[k])) return options_[k];
  }
  return AskUniformly(part, test, preferred);
}

ExactMachine::Option ExactMachine::AskUniformly(int part, Tester test, int from) {
  for (int k = from; k < n_options_; ++k) {
    std::swap(options_[k], options_[k + static_cast<int>(rng_.Below(static_cast<u64>(n_options_ - k)))]);
    if ((this->*test)(part, options_[k])) return options_[k];
  }
  EndAs(End::kUnfulfilled);
}

// To the next answer of the last question that has one. False: there is none.
bool ExactMachine::Backtrack() {
  while (!frames_.empty() && frames_.back().current + 1 == frames_.back().options.size()) frames_.pop_back();
  if (frames_.empty()) return false;
  Frame& f = frames_.back();
  ++f.current;
  attempts_.resize(f.attempt);
  ShrinkTo(f.events);
  return true;
}

void ExactMachine::ForgetAll() {
  frames_.clear();
  attempts_.clear();
  graph_.ForgetEvents();
  origins_.clear();
  prefix_.Reset();
}

bool ExactMachine::MustStop() {
  if (options_given_.stop && options_given_.stop()) result_.cut_by_time = true;
  if (options_given_.seconds > 0 && std::chrono::steady_clock::now() > deadline_) result_.cut_by_time = true;
  return result_.cut_by_time;
}

// An execution is over. `counted`: those with so many deviations or fewer were counted in an earlier pass.
void ExactMachine::Count(int counted, const Visit& visit) {
  longest_ = std::max(longest_, attempt_);
  Ending ending = g.result.ending;
  if (end_ == End::kDeadlock && !stopping_) ending = Ending::kDeadlock;
  if (end_ == End::kTooLong) ++result_.too_long;
  if (ending == Ending::kWild) ++result_.wild;
  if (end_ == End::kTooLong || (ending == Ending::kWild && !options_given_.show_wild)) return;
  if (end_ == End::kUnfulfilled || graph_.AnyUnkept()) {
    ++result_.unfulfilled;
    return;
  }
  if (Symmetric() && !AllInOrder()) return;
  const bool kept = graph_.AnyKept();
  if (!kept && (deviations_ <= counted || (promising_ && exhaustive()))) return;
  if (promising_ && exhaustive() && (!IsOfThisRound() || (spun_ && !graph_.PromisesWereNeeded()))) {
    ++result_.repeated;  // who spins goes on at a store to anything, and then no CPU waits for another's load
    return;
  }
  const Rung rung = options_given_.rung;
  Execution execution{graph_.graph(), graph_.info(), ending, false, kNotThere, kNotThere, g.result};
  const bool plain = std::ranges::any_of(graph_.graph().events, [](const GraphEvent& e) {
    return e.order == Order::kPlain && e.kind != GraphEvent::Kind::kFence && e.lock == LockKind::kNone;
  });
  if (plain && (rung == Rung::kLkmm || rung == Rung::kRc11)) {
    ++result_.judged;
    const Judgement j = JudgeOn(rung, graph_.graph(), true);
    if (!j.allowed()) {
      ++result_.refused_late;
      return;
    }
    execution.race = j.race;
    execution.race_first = j.race_first;
    execution.race_second = j.race_second;
  }
  CountOrbit(&execution);
  result_.executions += execution.orbit;
  ++result_.representatives;
  g.exact = this;  // PeekNewest
  visit(execution);
  g.exact = nullptr;
}

// All executions with at most `bound` deviations (-1: any number).
bool ExactMachine::AllWithin(int bound, int counted, const Visit& visit) {
  bound_ = bound;
  cut_ = from_standing_ != nullptr && from_standing_->cut;
  from_standing_ = nullptr;
  ForgetAll();
  do {
    if (MustStop()) {
      Locate(counted);
      return true;
    }
    RunOnce();
    if (end_ == End::kSplit || storers_grew_) return false;
    result_.no_such_place |= !from_.empty();  // it has fewer questions
    if (result_.no_such_place) return true;
    Count(counted, visit);
  } while (Backtrack());
  return true;
}

// No single setting finds everything: every run has its own, and in half of them every CPU.
void ExactMachine::DrawPolicy() {
  const auto below = [&](double most) { return most * static_cast<double>(rng_.Below(1000)) / 1000; };
  const bool alike = rng_.Percent(50);
  waits_ = rng_.Percent(50);
  for (int c = 0; c < cpus_; ++c) {
    drawn_[c] = alike && c > 0 ? drawn_[0] : Chances{rng_.Percent(25) ? 0 : below(1), rng_.Percent(25) ? 0 : below(1)};
  }
  promising_ = options_given_.promises && rng_.Percent(40);
  promise_ = promising_ ? below(0.5) : 0;
  switch_ = rng_.Percent(30) ? 0.02 : below(1);
}

void ExactMachine::AtRandom(const Visit& visit) {
  LearnFromClient();
  for (u64 run = 0; run < options_given_.runs && !MustStop(); ++run) {
    ForgetAll();
    DrawPolicy();
    RunOnce();
    if (end_ == End::kSplit) {
      values_.clear();
      LearnFromClient();
      continue;
    }
    Count(-1, visit);
  }
}

}  // namespace ordeal::model
