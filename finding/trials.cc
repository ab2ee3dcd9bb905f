#include "finding/trials.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "finding/bugs.h"
#include "finding/site_change.h"
#include "program/interrupts.h"

namespace ordeal {

using model::Rung;

std::string CountText(const Count& c) {
  constexpr const char* kProofs[] = {"",           " (all of them)", " (all but chains of load buffering)", " (all but load buffering)",
                                     " (bounded)", " (sampled)"};
  if (c.proof == Proof::kNotSearched) return "not searched";
  return absl::StrCat(c.failing, " of ", c.executions, kProofs[static_cast<int>(c.proof)]);
}

void Count::Add(const Outcome& outcome) {
  ++executions;
  unjudged += outcome.unjudged;
  if (outcome.effect() == nullptr) return;
  if (failing++ == 0) symptom = outcome.effect()->violation;
}

void Trials::Load(const Reproducer& r, Planted planted) {
  const absl::Status s = planted == Planted::kAll ? PlantBugs(r.bugs) : PlantAllocatorBugs(r.bugs);
  ORDEAL_CHECK(s.ok(), "the names of bugs were checked before");
  program_ = r.program;
  machine_.Load(program_);
}

void Trials::Apply(const Repair& repair) {
  switch (repair.kind) {
    case Repair::Kind::kPublish:
    case Repair::Kind::kConsume:
      for (Op& op : program_.ops) {
        if (op.id != repair.op) continue;
        if (repair.kind == Repair::Kind::kPublish) op.publish = repair.publish;
        if (repair.kind == Repair::Kind::kConsume) op.consume = repair.consume;
      }
      break;
    case Repair::Kind::kLock: break;  // a filter on executions: see cure.cc
    default: PlantSiteChange(repair);
  }
  machine_.Load(program_);
}

Count Trials::On(Rung rung, const Bound& bound, const Visit& visit, const std::function<void()>& again) {
  const Visit always = [](const Outcome&, const model::Execution*) { return true; };
  const Visit& each = visit ? visit : always;
  Count count = rung == Rung::kSequential ? Sequentially(bound, each) : Exactly(rung, bound, each, again);
  if (count.proof == Proof::kBounded && count.failing == 0 && bound.samples > 0) Sample(rung, bound, each, &count);
  return count;
}

namespace {

// The orders in which whole ops can run, in lexicographic order of their CPUs.
class OpOrders {
 public:
  explicit OpOrders(const Program& p) : ops_(static_cast<size_t>(p.geometry.cpus)) {
    const std::vector<size_t> interrupted = InterruptedOps(p);
    for (size_t i = 0; i < p.ops.size(); ++i)
      if (interrupted[i] == i) ops_[p.ops[i].cpu].push_back(p.ops[i].id);  // an interrupt runs with the op that it comes into
    for (size_t c = 0; c < ops_.size(); ++c) cpus_.insert(cpus_.end(), ops_[c].size(), static_cast<u8>(c));
  }
  model::Leads Order() const {
    model::Leads leads;
    std::vector<size_t> at(ops_.size(), 0);
    for (const u8 c : cpus_) leads.push_back({c, {ops_[c][at[c]++], 0}});
    return leads;
  }
  bool Next() { return std::next_permutation(cpus_.begin(), cpus_.end()); }

 private:
  std::vector<std::vector<u16>> ops_;  // by CPU
  std::vector<u8> cpus_;
};

}  // namespace

Count Trials::Sequentially(const Bound& bound, const Visit& visit) {
  Count count{.rung = Rung::kSequential, .proof = Proof::kAll};
  OpOrders orders(program_);
  for (bool more = !program_.ops.empty(); more; more = orders.Next()) {
    if (count.executions >= bound.executions) {
      count.proof = Proof::kBounded;
      return count;
    }
    const model::Leads leads = orders.Order();
    model::RunOptions o;
    o.rung = Rung::kSequential;
    o.leads = &leads;
    o.record = true;  // decisions, for who wants to see it again
    const Outcome& outcome = machine_.Run(o);
    count.Add(outcome);
    if (!visit(outcome, nullptr)) {
      count.proof = Proof::kBounded;
      return count;
    }
  }
  return count;
}

namespace {

// Judging an execution takes the cube of its events.
u64 PriceOf(int events) {
  constexpr int kSmall = 64;  // as small as that it is the rest that takes the time
  const u64 times = static_cast<u64>(events) * static_cast<u64>(events) * static_cast<u64>(events) / (kSmall * kSmall * kSmall);
  return std::max<u64>(1, times);
}

}  // namespace

Count Trials::Explored(Rung rung, const Bound& bound, const Visit& visit, const std::function<void()>& again) {
  Count count{.rung = rung};
  u64 spent = 0, price = 1;
  bool enough = false;
  model::ExactOptions o;
  o.rung = rung;
  o.widen = true;
  o.promises = bound.promises != 0;
  o.max_promises = bound.promises;
  o.stop = [&] {
    if (enough || spent >= bound.executions) return true;
    spent += price;
    return false;
  };
  o.again = [&] {
    count = {.rung = rung};
    if (again) again();
  };
  const model::ExactResult result = machine_.Explore(o, [&](const Outcome& outcome, const model::Execution& e) {
    if (enough) return;
    price = PriceOf(e.graph.size());  // of the next one, which is like it
    count.Add(outcome);
    count.racy += e.race;
    enough = !visit(outcome, &e);
  });
  const bool whole = result.too_long == 0;
  count.proof = !whole                             ? Proof::kBounded
                : result.complete                  ? Proof::kAll
                : result.complete_but_for_chains   ? Proof::kAllButChains
                : result.complete_but_for_promises ? Proof::kAllButBuffering
                                                   : Proof::kBounded;
  if (count.unjudged > 0 && SearchedWell(count.proof)) count.proof = Proof::kAllButBuffering;
  return count;
}

// Those with at most one promise are few, and most of what there is to see; then, where nothing fails, as many of all as a part of the bound allows.
Count Trials::Exactly(Rung rung, const Bound& bound, const Visit& visit, const std::function<void()>& again) {
  if (bound.promises >= 0) return Explored(rung, bound, visit, again);
  bool enough = false;
  const Visit each = [&](const Outcome& o, const model::Execution* x) {
    enough = !visit(o, x);
    return !enough;
  };
  const Count one = Explored(rung, {.executions = bound.executions, .promises = 1}, each, again);
  if (one.proof != Proof::kAllButChains || enough) return one;
  constexpr u64 kPart = 4;
  const auto nobody = [](const Outcome&, const model::Execution*) { return true; };
  const Count all = Explored(rung, {.executions = bound.executions / kPart}, nobody, nullptr);
  if (all.proof != Proof::kAll) return one;
  if (all.executions == one.executions) return all;
  if (again) again();
  return Explored(rung, bound, visit, again);
}

}  // namespace ordeal
