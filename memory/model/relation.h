// How does one compute with sets of events and relations between them, as the cat language does?
//
// A relation over n events is a square bit matrix, row by row: row(e) is the set of events that e is related to. The notation of
// linux-kernel.cat maps so: `a | b`, `a & b`, `a \ b` are |, &, -; `[S] ; r ; q ; [T]` is Compose(S, r, q, T); `r?`, `r*`, `~r` are
// r.Optional(), r.Star(), r.Inverse(). Events are 0..n-1, n fixed when the object is made; all operands share it.
#pragma once
#include <algorithm>
#include <bit>
#include <span>
#include <utility>
#include <vector>

#include "memory/order.h"

namespace ordeal::model {

inline constexpr int kWordBits = 64;

// Calls f(e) for each set bit, ascending.
template <class F>
void ForEachBit(std::span<const u64> words, F f) {
  for (size_t k = 0; k < words.size(); k++) {
    for (u64 rest = words[k]; rest != 0; rest &= rest - 1) f(static_cast<int>(k) * kWordBits + std::countr_zero(rest));
  }
}

class EventSet {
 public:
  explicit EventSet(int events) : words_((events + kWordBits - 1) / kWordBits) {}

  bool has(int e) const { return words_[e / kWordBits] >> (e % kWordBits) & 1; }
  void add(int e) { words_[e / kWordBits] |= u64{1} << (e % kWordBits); }
  bool empty() const {
    return std::ranges::all_of(words_, [](u64 w) { return w == 0; });
  }
  std::span<const u64> words() const { return words_; }

  friend EventSet operator|(EventSet a, const EventSet& b) {
    return a.Combine(b, [](u64 x, u64 y) { return x | y; });
  }
  friend EventSet operator&(EventSet a, const EventSet& b) {
    return a.Combine(b, [](u64 x, u64 y) { return x & y; });
  }
  friend EventSet operator-(EventSet a, const EventSet& b) {
    return a.Combine(b, [](u64 x, u64 y) { return x & ~y; });
  }

 private:
  template <class F>
  EventSet& Combine(const EventSet& b, F f) {
    for (size_t k = 0; k < words_.size(); k++) words_[k] = f(words_[k], b.words_[k]);
    return *this;
  }

  std::vector<u64> words_;
};

class Relation {
 public:
  explicit Relation(int events)
      : events_(events), row_words_((events + kWordBits - 1) / kWordBits), bits_(static_cast<size_t>(events) * row_words_) {}

  static Relation Identity(int events) { return Relation(events).Optional(); }

  int events() const { return events_; }
  bool has(int a, int b) const { return row(a)[b / kWordBits] >> (b % kWordBits) & 1; }
  void add(int a, int b) { row(a)[b / kWordBits] |= u64{1} << (b % kWordBits); }
  std::span<const u64> row(int e) const { return {bits_.data() + static_cast<size_t>(e) * row_words_, row_words_}; }
  std::span<u64> row(int e) { return {bits_.data() + static_cast<size_t>(e) * row_words_, row_words_}; }

  void AddAll(int a, std::span<const u64> set) {
    const std::span<u64> to = row(a);
    for (size_t k = 0; k < row_words_; k++) to[k] |= set[k];
  }
  template <class F>
  void ForEachPair(F f) const {
    for (int a = 0; a < events_; a++) ForEachBit(row(a), [&](int b) { f(a, b); });
  }

  bool empty() const {
    return std::ranges::all_of(bits_, [](u64 w) { return w == 0; });
  }
  friend Relation operator|(Relation a, const Relation& b) {
    return std::move(a.Combine(b, [](u64 x, u64 y) { return x | y; }));
  }
  friend Relation operator&(Relation a, const Relation& b) {
    return std::move(a.Combine(b, [](u64 x, u64 y) { return x & y; }));
  }
  friend Relation operator-(Relation a, const Relation& b) {
    return std::move(a.Combine(b, [](u64 x, u64 y) { return x & ~y; }));
  }

  Relation Inverse() const {
    Relation inverse(events_);
    ForEachPair([&](int a, int b) { inverse.add(b, a); });
    return inverse;
  }
  Relation Optional() const {
    Relation r = *this;
    for (int e = 0; e < events_; e++) r.add(e, e);
    return r;
  }
  // Transitive closure, by Warshall: an event without successors, the usual case in the sparse relations, costs nothing.
  Relation Plus() const {
    Relation r = *this;
    for (int via = 0; via < events_; via++) {
      if (std::ranges::all_of(r.row(via), [](u64 w) { return w == 0; })) continue;
      for (int a = 0; a < events_; a++) {
        if (r.has(a, via)) r.AddAll(a, r.row(via));
      }
    }
    return r;
  }
  Relation Star() const { return Plus().Optional(); }

  // A cycle of the fewest events, in order, the closing edge left out. Empty: the relation is acyclic.
  std::vector<int> ShortestCycle() const;
  bool IsAcyclic() const;

 private:
  template <class F>
  Relation& Combine(const Relation& b, F f) {
    for (size_t k = 0; k < bits_.size(); k++) bits_[k] = f(bits_[k], b.bits_[k]);
    return *this;
  }
  // The shortest way from `start` back to itself in fewer than `limit` steps, as the events on it; empty if there is none.
  std::vector<int> WayBack(int start, size_t limit) const;

  int events_;
  size_t row_words_;
  std::vector<u64> bits_;
};

// a ; b
inline Relation Compose(const Relation& a, const Relation& b) {
  Relation r(a.events());
  a.ForEachPair([&](int from, int via) { r.AddAll(from, b.row(via)); });
  return r;
}
// [s] ; r
inline Relation Compose(const EventSet& s, Relation r) {
  for (int e = 0; e < r.events(); e++) {
    if (!s.has(e)) std::ranges::fill(r.row(e), 0);
  }
  return r;
}
// r ; [s]
inline Relation Compose(Relation r, const EventSet& s) {
  for (int e = 0; e < r.events(); e++) {
    for (size_t k = 0; k < s.words().size(); k++) r.row(e)[k] &= s.words()[k];
  }
  return r;
}
template <class A, class B, class C, class... Rest>
Relation Compose(const A& a, const B& b, const C& c, const Rest&... rest) {
  return Compose(Compose(a, b), c, rest...);
}

// Kahn's algorithm on whole rows would need the inverse; a depth-first walk that takes each event once does not.
inline bool Relation::IsAcyclic() const {
  EventSet open(events_), closed(events_);  // open: on the current path or done; closed: done
  std::vector<int> path;
  for (int root = 0; root < events_; root++) {
    if (open.has(root)) continue;
    path.push_back(root);
    open.add(root);
    while (!path.empty()) {
      const int e = path.back();
      int next = -1;
      for (size_t k = 0; k < row_words_ && next < 0; k++) {
        const u64 left = row(e)[k] & ~closed.words()[k];
        if (left != 0) next = static_cast<int>(k) * kWordBits + std::countr_zero(left);
      }
      if (next < 0) {
        closed.add(e);
        path.pop_back();
      } else if (open.has(next)) {
        return false;
      } else {
        open.add(next);
        path.push_back(next);
      }
    }
  }
  return true;
}

inline std::vector<int> Relation::WayBack(int start, size_t limit) const {
  std::vector<int> parent(events_, -1), layer{start};
  EventSet seen(events_);
  for (size_t steps = 1; steps < limit && !layer.empty(); steps++) {
    std::vector<int> next;
    for (int e : layer) {
      if (has(e, start)) {
        std::vector<int> way{e};
        while (way.back() != start) way.push_back(parent[way.back()]);
        std::ranges::reverse(way);
        return way;
      }
      ForEachBit(row(e), [&](int to) {
        if (seen.has(to)) return;
        seen.add(to);
        parent[to] = e;
        next.push_back(to);
      });
    }
    layer = std::move(next);
  }
  return {};
}

inline std::vector<int> Relation::ShortestCycle() const {
  std::vector<int> best;
  if (IsAcyclic()) return best;
  for (int start = 0; start < events_; start++) {
    std::vector<int> way = WayBack(start, best.empty() ? events_ + 1 : best.size());
    if (!way.empty()) best = std::move(way);
  }
  return best;
}

}  // namespace ordeal::model
