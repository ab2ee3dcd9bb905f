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
  for (u64 run = 0; run < options_given_.runs && !MustStop(); ++run) {
    ForgetAll();
    DrawPolicy();
    RunOnce();
    if (end_ == End::kSplit) {
      values_.clear();
      continue;
    }
    Count(-1, visit);
  }
}

bool ExactMachine::WithoutPromises(const Visit& visit) {
  const int most = options_given_.max_deviations;
  int bound = options_given_.widen ? 0 : most, counted = -1;
  if (from_standing_ != nullptr) {
    bound = from_standing_->bound;
    counted = from_standing_->counted;
  }
  for (bool wider = true; wider; counted = bound, bound = bound == 0 ? 1 : 2 * bound) {
    if (most >= 0) bound = std::min(bound, most);
    if (!AllWithin(bound, counted, visit)) return false;
    if (!result_.cut_by_time) result_.deviations = bound;
    if (result_.no_such_place) return true;
    wider = bound >= 0 && bound != most && cut_ && !result_.cut_by_time;
  }
  left_out_ = cut_;
  return true;
}

bool ExactMachine::Buffers() const { return BuffersLoads(options_given_.rung); }

bool ExactMachine::AllPasses(const Visit& visit) {
  bool more = round_ > 0;
  if (!more) {
    if (!WithoutPromises(visit)) return false;
    if (result_.no_such_place) return true;
    more = Buffers() && could_promise_;
    values_grew_ = false;
  }
  result_.complete_but_for_promises = !left_out_ && !result_.cut_by_time;
  promising_ = true;
  // A chain of stores, each computed from a promise of the one before, is no longer than an execution: what grows on is out of thin air.
  for (round_ = std::max(round_, 1); more && !result_.cut_by_time; ++round_) {
    if (!AllWithin(options_given_.max_deviations, -1, visit)) return false;
    if (result_.no_such_place) return true;
    left_out_ |= cut_;
    more = values_grew_ && round_ <= static_cast<int>(longest_);
    values_grew_ = false;
  }
  result_.cut_by_deviations = left_out_;
  result_.complete_but_for_chains = !left_out_ && !result_.cut_by_time;
  result_.complete = result_.complete_but_for_chains && !chains_left_out_;
  return true;
}

// An atom in two: all that is known is in terms of the old ones. A CPU that stores where none was seen to: that is known from the beginning, then.
void ExactMachine::BeginAgain() {
  ForgetAll();
  if (!storers_grew_) values_.clear();
  storers_grew_ = false;
  for (std::vector<Known>& values : values_)
    for (Known& k : values) k.round = 1;
  from_.clear();
  round_ = 0;
  promising_ = could_promise_ = left_out_ = chains_left_out_ = false;
  result_ = ExactResult();
  if (options_given_.again) options_given_.again();
}

ExactResult ExactMachine::Explore(const Visit& visit) {
  if (!exhaustive()) {
    AtRandom(visit);
    return result_;
  }
  if (options_given_.from != nullptr && !Restore(*options_given_.from)) {
    result_.no_such_place = true;
    return result_;
  }
  while (!AllPasses(visit)) BeginAgain();
  return result_;
}

ExactResult Explore(int cpus, Body body, void* self, const ExactOptions& options, const std::function<void(const Execution&)>& visit) {
  ORDEAL_CHECK(options.rung != Rung::kSequential, "sequential is a way to run, not a model of executions");
  return ExactMachine(cpus, body, self, options).Explore(visit);
}

}  // namespace ordeal::model
