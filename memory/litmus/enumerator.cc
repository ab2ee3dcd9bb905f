#include "memory/litmus/enumerator.h"

#include <algorithm>
#include <utility>

#include "memory/litmus/location_orders.h"
#include "memory/litmus/thread_traces.h"
#include "memory/litmus/value_set.h"
#include "memory/model/ladder.h"

namespace ordeal::litmus {
namespace {

using model::GraphEvent;

class Enumerator {
 public:
  Enumerator(const Test& test, std::span<const model::Rung> rungs, u64 looks, int turns)
      : test_(test), rungs_(rungs), budget_(looks), traces_(TraceThreads(test, turns, budget_)), results_(rungs.size()) {}

  std::vector<Enumeration> Run() && {
    Summarize();
    for (int l = 0; l < traces_.domains.size(); ++l) {
      GraphEvent initial;
      initial.location = l;
      Add(initial, traces_.domains.all_values(l).front(), {});
    }
    graph_.co.resize(static_cast<size_t>(traces_.domains.size()));
    orders_.resize(graph_.co.size());
    NextThread(0, Initially());
    for (Enumeration& r : results_) {
      r.complete = !budget_.Spent();
      r.answer.truncated = traces_.truncated;
    }
    return std::move(results_);
  }

 private:
  struct Summary {
    ValueSet written, wanted;
  };

  size_t threads() const { return test_.threads.size(); }

  void Add(const GraphEvent& e, u64 value, std::vector<int> branches) {
    graph_.Add(e);
    values_.push_back(value);
    branches_.push_back(std::move(branches));
  }

  int NumberOf(int location, u64 value) const {
    const std::vector<u64>& all = traces_.domains.all_values(location);
    return first_number_[location] + static_cast<int>(std::ranges::find(all, value) - all.begin());
  }

  void Summarize() {
    for (int l = 0; l < traces_.domains.size(); ++l) {
      first_number_.push_back(numbers_);
      numbers_ += static_cast<int>(traces_.domains.all_values(l).size());
    }
    may_come_.assign(threads() + 1, ValueSet(numbers_));
    summaries_.resize(threads());
    for (size_t t = threads(); t-- > 0;) {
      may_come_[t] = may_come_[t + 1];
      for (const ThreadTrace& trace : traces_.of_thread[t]) {
        Summary s{ValueSet(numbers_), ValueSet(numbers_)};
        for (size_t k = 0; k < trace.events.size(); ++k) {
          const GraphEvent& e = trace.events[k];
          if (e.kind == GraphEvent::Kind::kWrite) s.written.Add(NumberOf(e.location, trace.values[k]));
          if (e.kind == GraphEvent::Kind::kRead) s.wanted.Add(NumberOf(e.location, trace.values[k]));
        }
        may_come_[t].AddAll(s.written);
        summaries_[t].push_back(std::move(s));
      }
    }
  }

  Summary Initially() const {
    Summary s{ValueSet(numbers_), ValueSet(numbers_)};
    for (const int number : first_number_) s.written.Add(number);
    return s;
  }

  // `before`: of the threads so far.
  void NextThread(size_t t, const Summary& before) {
    if (budget_.Spent()) return;
    if (t == threads()) return AllOrders();
    const int base = graph_.size();
    for (size_t n = 0; n < summaries_[t].size(); ++n) {
      Summary now = before;
      now.written.AddAll(summaries_[t][n].written);
      now.wanted.AddAll(summaries_[t][n].wanted);
      if (!now.wanted.Within(now.written, may_come_[t + 1])) continue;
      const ThreadTrace& trace = traces_.of_thread[t][n];
      for (size_t k = 0; k < trace.events.size(); ++k) {
        GraphEvent e = trace.events[k];
        std::vector<int> branches = trace.branches[k];
        for (std::vector<int>* reads : {&e.addr, &e.data, &e.ctrl, &branches})
          for (int& read : *reads) read += base;
        if (e.partner != model::kNotThere) e.partner += base;
        Add(e, trace.values[k], std::move(branches));
      }
      states_.push_back(trace.state);
      NextThread(t + 1, now);
      states_.pop_back();
      graph_.events.resize(static_cast<size_t>(base));
      values_.resize(static_cast<size_t>(base));
      branches_.resize(static_cast<size_t>(base));
    }
  }

  void AllOrders() {
    for (size_t l = 0; l < orders_.size(); ++l) {
      orders_[l] = OrdersOf(graph_, values_, static_cast<int>(l), budget_);
      if (orders_[l].empty()) return;
    }
    NextLocation(0);
  }

  void NextLocation(size_t l) {
    if (budget_.Spent()) return;
    if (l == orders_.size()) return Judge();
    for (const LocationOrder& order : orders_[l]) {
      graph_.co[l] = order.co;
      for (const auto& [read, write] : order.rf) graph_.events[read].rf = write;
      NextLocation(l + 1);
    }
  }

  void Judge() {
    const FinalState state{states_, [this](int variable, int element) { return FinalValue(variable, element); }};
    for (size_t k = 0; k < rungs_.size(); ++k) {
      Enumeration& result = results_[k];
      ++result.candidates;
      const model::Judgement judgement = JudgementOn(rungs_[k]);
      if (!judgement.allowed()) continue;
      ++result.executions;
      if (Count(test_, state, result.answer)) result.answer.data_race |= judgement.race;
    }
  }

  // What depends by control: what is in the arms, or all that follows.
  model::Judgement JudgementOn(model::Rung rung) {
    if (!model::IsMachine(rung)) return model::JudgeOn(rung, graph_, true);
    for (size_t k = 0; k < branches_.size(); ++k) std::swap(graph_.events[k].ctrl, branches_[k]);
    const model::Judgement judgement = model::JudgeOn(rung, graph_, true);
    for (size_t k = 0; k < branches_.size(); ++k) std::swap(graph_.events[k].ctrl, branches_[k]);
    return judgement;
  }

  i64 FinalValue(int variable, int element) const {
    for (int l = 0; l < traces_.domains.size(); ++l) {
      const Place place = traces_.domains.place(l);
      if (place.variable == variable && place.element == element) return static_cast<i64>(values_[graph_.co[l].back()]);
    }
    return test_.variables[variable].initial[element];
  }

  const Test& test_;
  const std::span<const model::Rung> rungs_;
  Budget budget_;
  const ThreadTraces traces_;
  int numbers_ = 0;                              // of pairs of a location and a value
  std::vector<int> first_number_;                // by location
  std::vector<std::vector<Summary>> summaries_;  // by thread and trace
  std::vector<ValueSet> may_come_;               // by thread: what those from it on could write
  std::vector<Enumeration> results_;

  // The candidate. Its first events are the initial writes, by location.
  model::Graph graph_;
  std::vector<u64> values_;
  std::vector<std::vector<int>> branches_;
  std::vector<ThreadState> states_;
  std::vector<std::vector<LocationOrder>> orders_;  // by location
};

}  // namespace

std::vector<Enumeration> Enumerate(const Test& test, std::span<const model::Rung> rungs, u64 looks, int turns) {
  return Enumerator(test, rungs, looks, turns).Run();
}

Enumeration Enumerate(const Test& test, model::Rung rung, u64 looks, int turns) {
  return std::move(Enumerate(test, std::span(&rung, 1), looks, turns).front());
}

}  // namespace ordeal::litmus
