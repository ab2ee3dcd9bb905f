// In which order are all executions explored, and when is that all?
#include <algorithm>

#include "base/check.h"
#include "memory/model/exact_machine.h"

namespace ordeal::model {

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
  if (end_ == End::kSplit || !storers_grew_) values_.clear();
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
  for (LearnFromClient(); !AllPasses(visit); LearnFromClient()) BeginAgain();
  return result_;
}

ExactResult Explore(int cpus, Body body, void* self, const ExactOptions& options, const std::function<void(const Execution&)>& visit) {
  ORDEAL_CHECK(options.rung != Rung::kSequential, "sequential is a way to run, not a model of executions");
  return ExactMachine(cpus, body, self, options).Explore(visit);
}

}  // namespace ordeal::model
