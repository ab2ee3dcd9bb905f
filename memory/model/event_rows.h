// How does one keep sets of events of a graph that grows, without an allocation per event?
//
// A row is a set of at most kPrefixEvents events, of fixed size; most work on it stops at the events that there are so far, counted
// in blocks of four words. Rows lie in stacks, by number, and go in the order in which they came. Row 0 of a stack is the empty set.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <vector>

#include "memory/order.h"

namespace ordeal::model {

inline constexpr int kPrefixEvents = 1024;

class alignas(32) EventRow {
 public:
  static constexpr int kWords = kPrefixEvents / 64;
  static constexpr int kBlockWords = 4;
  static constexpr int BlocksOf(int events) { return std::min(events / (64 * kBlockWords) + 1, kWords / kBlockWords); }
  // That event, and all that came later.
  static EventRow From(int e) {
    EventRow row;
    for (int k = e / 64; k < kWords; k++) row.words_[k] = ~u64{0};
    row.words_[e / 64] <<= e % 64;
    return row;
  }

  bool has(int e) const { return words_[e / 64] >> (e % 64) & 1; }
  void add(int e) { words_[e / 64] |= u64{1} << (e % 64); }
  void remove(int e) { words_[e / 64] &= ~(u64{1} << (e % 64)); }
  u64 word(int k) const { return words_[k]; }
  void set_word(int k, u64 word) { words_[k] = word; }

  // this |= a, this |= a & b, this |= a \ b
  void Join(const EventRow& a, int blocks) {
    Combine(blocks, [&](int k) { return words_[k] | a.words_[k]; });
  }
  void JoinBoth(const EventRow& a, const EventRow& b, int blocks) {
    Combine(blocks, [&](int k) { return words_[k] | (a.words_[k] & b.words_[k]); });
  }
  void JoinRest(const EventRow& a, const EventRow& b, int blocks) {
    Combine(blocks, [&](int k) { return words_[k] | (a.words_[k] & ~b.words_[k]); });
  }

 private:
  template <class F>
  void Combine(int blocks, F word) {
    for (int k = 0; k < blocks * kBlockWords; k += kBlockWords) {
      for (int j = 0; j < kBlockWords; j++) words_[k + j] = word(k + j);
    }
  }

  std::array<u64, kWords> words_{};
};

// A set that many rows are compared with, and where in it there is anything.
class Probe {
 public:
  Probe(const EventRow& set, int blocks) : set_(set) {
    for (int k = 0; k < blocks * EventRow::kBlockWords; k++) {
      if (set.word(k) == 0) continue;
      if (end_ == 0) begin_ = k;
      end_ = k + 1;
    }
  }
  bool empty() const { return end_ == 0; }
  bool Meets(const EventRow& row) const {
    u64 common = 0;
    for (int k = begin_; k < end_; k++) common |= row.word(k) & set_.word(k);
    return common != 0;
  }

 private:
  const EventRow& set_;
  int begin_ = 0, end_ = 0;
};

class RowStack {
 public:
  int size() const { return static_cast<int>(rows_.size()); }
  const EventRow& operator[](int row) const { return rows_[row]; }
  EventRow& operator[](int row) { return rows_[row]; }
  int Push(const EventRow& row) {
    rows_.push_back(row);
    return size() - 1;
  }
  void Shrink(int size) { rows_.resize(size); }

 private:
  std::vector<EventRow> rows_ = std::vector<EventRow>(1);
};

}  // namespace ordeal::model
