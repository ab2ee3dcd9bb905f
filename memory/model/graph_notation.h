// How does a test write an execution on one line?
//
//   "Wx1 wmb Wy1 | Ry1 rmb Rx0"     the message-passing shape; threads are separated by `|`
//
//   Wx1         WRITE_ONCE(x, 1)           Ux01        an RMW of x that reads 0 and writes 1
//   Rx1         READ_ONCE(x), saw 1        Cx0         an RMW that failed: it saw 0
//   Ls01        spin_lock(s): 0 to 1       Vs2         spin_unlock(s), which writes 2
//   mb rmb wmb before after after_spinlock after_unlock_lock barrier
//
// For tests only. Suffixes: an order (.plain .acq .rel .full .noret; ONCE without), then dependencies /a (address) /d (data) /c (control), each on
// the latest earlier read of the thread, or with a number on that instruction of the thread, counted from 1: "Ry1 Rz0 Rx0/a1".
// Values are digits: every write of a location has its own, coherence is their numeric order, 0 is the initial value.
#pragma once
#include <algorithm>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "memory/model/graph.h"

namespace ordeal::model {

class GraphNotation {
 public:
  static Graph Parse(const std::string& text) {
    GraphNotation n;
    std::istringstream words(text);
    for (std::string word; words >> word;) n.Instruction(word);
    n.FillReadsFrom();
    return std::move(n.graph_);
  }

 private:
  void Instruction(const std::string& word) {
    static const std::map<std::string, FenceKind> kFenceNames = {
        {"mb", FenceKind::kMb},
        {"rmb", FenceKind::kRmb},
        {"wmb", FenceKind::kWmb},
        {"before", FenceKind::kBeforeAtomic},
        {"after", FenceKind::kAfterAtomic},
        {"after_spinlock", FenceKind::kAfterSpinlock},
        {"after_unlock_lock", FenceKind::kAfterUnlockLock},
        {"barrier", FenceKind::kBarrier},
    };
    if (word == "|") {
      ++thread_;
      reads_.clear();
      return;
    }
    reads_.push_back(kNotThere);
    GraphEvent e;
    e.thread = thread_;
    if (const auto fence = kFenceNames.find(word); fence != kFenceNames.end()) {
      e.kind = GraphEvent::Kind::kFence;
      e.fence = fence->second;
      graph_.Add(e);
    } else {
      Access(word, e);
    }
  }

  void Access(const std::string& word, GraphEvent e) {
    const char op = word[0];
    const size_t values = word.find_first_of("./") == std::string::npos ? word.size() - 2 : word.find_first_of("./") - 2;
    ORDEAL_CHECK(std::string("WRUCLV").find(op) != std::string::npos && values == (op == 'U' || op == 'L' ? 2 : 1), word);
    Suffixes(word.substr(2 + values), e);
    e.location = LocationOf(word[1]);
    e.rmw = op == 'U' || op == 'C';
    const bool reads = op != 'W' && op != 'V', writes = op != 'R' && op != 'C';
    std::vector<int> data;
    std::swap(data, e.data);
    if (reads) {
      e.kind = GraphEvent::Kind::kRead;
      if (op == 'L') e.lock = LockKind::kLockRead;
      if (writes) e.partner = graph_.size() + 1;
      reads_.back() = graph_.Add(e);
      saw_[reads_.back()] = word[2];
    }
    if (writes) {
      e.kind = GraphEvent::Kind::kWrite;
      e.data = data;
      e.lock = op == 'L' ? LockKind::kLockWrite : op == 'V' ? LockKind::kUnlock : LockKind::kNone;
      e.partner = reads ? reads_.back() : kNotThere;
      const bool fresh = writers_[e.location].emplace(word[1 + values], graph_.size()).second;
      ORDEAL_CHECK(fresh, "a value is written twice: " + word);
      graph_.Add(e);
    }
  }

  void Suffixes(const std::string& text, GraphEvent& e) const {
    static const std::map<std::string, Order> kOrderNames = {
        {"plain", Order::kPlain}, {"acq", Order::kAcquire}, {"rel", Order::kRelease}, {"full", Order::kFull}, {"noret", Order::kNoReturn},
    };
    for (size_t at = 0; at < text.size();) {
      const size_t end = std::min(text.find_first_of("./", at + 1), text.size());
      const std::string suffix = text.substr(at + 1, end - at - 1);
      if (text[at] == '.') {
        e.order = kOrderNames.at(suffix);
      } else {
        std::vector<int>& deps = suffix[0] == 'a' ? e.addr : suffix[0] == 'd' ? e.data : e.ctrl;
        deps.push_back(ReadAt(suffix.substr(1)));
      }
      at = end;
    }
  }

  int ReadAt(const std::string& number) const {
    if (!number.empty()) return reads_.at(std::stoi(number) - 1);
    for (size_t k = reads_.size(); k-- > 0;) {
      if (reads_[k] != kNotThere) return reads_[k];
    }
    ORDEAL_CHECK(false, "a dependency on nothing");
    return kNotThere;
  }

  int LocationOf(char name) {
    const auto [it, fresh] = locations_.emplace(name, static_cast<int>(locations_.size()));
    if (fresh) {
      GraphEvent initial;
      initial.location = it->second;
      writers_[it->second]['0'] = graph_.Add(initial);
    }
    return it->second;
  }

  void FillReadsFrom() {
    for (auto [read, value] : saw_) graph_.events[read].rf = writers_.at(graph_.events[read].location).at(value);
    graph_.co.resize(locations_.size());
    for (auto& [location, writers] : writers_) {
      for (auto [value, write] : writers) graph_.co[location].push_back(write);
    }
  }

  Graph graph_;
  int thread_ = 0;
  std::vector<int> reads_;  // by instruction of this thread: its read event
  std::map<char, int> locations_;
  std::map<int, char> saw_;                     // by read event
  std::map<int, std::map<char, int>> writers_;  // by location and value
};

}  // namespace ordeal::model
