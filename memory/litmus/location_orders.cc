#include "memory/litmus/location_orders.h"

namespace ordeal::litmus {
namespace {

using model::GraphEvent;
using model::kNotThere;

class LocationOrders {
 public:
  LocationOrders(const model::Graph& graph, std::span<const u64> values, int location, Budget& budget)
      : graph_(graph), values_(values), budget_(budget), place_(graph.events.size()), source_(graph.events.size(), kNotThere) {
    for (int e = 0; e < graph.size(); ++e) {
      const GraphEvent& event = graph.events[e];
      if (event.kind == GraphEvent::Kind::kFence || event.location != location || e == location) continue;
      accesses_.push_back(e);
      (event.kind == GraphEvent::Kind::kWrite ? writes_ : reads_).push_back(e);
    }
    used_.resize(writes_.size());
    order_.co = {location};
  }

  std::vector<LocationOrder> All() && {
    NextWrite();
    return std::move(all_);
  }

 private:
  int thread(int e) const { return graph_.events[e].thread; }

  // Those of one thread in program order.
  void NextWrite() {
    if (budget_.Spent()) return;
    if (order_.co.size() == writes_.size() + 1) return NextRead(0);
    for (size_t k = 0; k < writes_.size(); ++k) {
      bool next = !used_[k];
      for (size_t j = 0; j < k && next; ++j) next = used_[j] || thread(writes_[j]) != thread(writes_[k]);
      if (!next) continue;
      used_[k] = true;
      place_[writes_[k]] = static_cast<int>(order_.co.size());
      order_.co.push_back(writes_[k]);
      NextWrite();
      order_.co.pop_back();
      used_[k] = false;
    }
  }

  void NextRead(size_t k) {
    if (budget_.Spent()) return;
    if (k == reads_.size()) {
      all_.push_back(order_);
      return;
    }
    for (const int write : order_.co) {
      const int read = reads_[k];
      if (values_[write] != values_[read] || !MayRead(read, write)) continue;
      source_[read] = write;
      order_.rf.push_back({read, write});
      NextRead(k + 1);
      order_.rf.pop_back();
    }
  }

  bool MayRead(int read, int write) const {
    const GraphEvent &r = graph_.events[read], &w = graph_.events[write];
    if (r.lock == model::LockKind::kLockRead && w.thread != model::kInitialThread && w.lock != model::LockKind::kUnlock) return false;
    if (r.partner != kNotThere && place_[r.partner] != place_[write] + 1) return false;
    for (const int e : accesses_) {  // of this thread, in program order
      if (thread(e) != r.thread || e == read) continue;
      const bool is_write = graph_.events[e].kind == GraphEvent::Kind::kWrite;
      if (e < read && place_[write] < place_[is_write ? e : source_[e]]) return false;
      if (e > read && is_write && place_[write] >= place_[e]) return false;
    }
    return true;
  }

  const model::Graph& graph_;
  const std::span<const u64> values_;
  Budget& budget_;
  std::vector<int> accesses_, writes_, reads_;
  std::vector<bool> used_;   // by index into writes_
  std::vector<int> place_;   // in co, by write
  std::vector<int> source_;  // by read
  LocationOrder order_;
  std::vector<LocationOrder> all_;
};

}  // namespace

std::vector<LocationOrder> OrdersOf(const model::Graph& graph, std::span<const u64> values, int location, Budget& budget) {
  return LocationOrders(graph, values, location, budget).All();
}

}  // namespace ordeal::litmus
