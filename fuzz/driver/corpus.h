// Which inputs are worth keeping, and which one is mutated next?
//
// An input is kept if it shows a feature that none before showed, and gives its place to a shorter one that shows all that it was kept for
// (libFuzzer's -reduce_inputs). The next one is drawn by how rare its features still are (Boehme, Manes, Cha: Boosting Fuzzer Efficiency, an
// Information Theoretic Perspective, 2020, in its simplest form).
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/random.h"
#include "fuzz/driver/unit.h"

namespace ordeal::driver {

// Not thread-safe.
class Corpus {
 public:
  enum class Change { kNone, kNew, kReduced };

  struct Entry {
    Unit unit;
    std::string file;              // where it lies, if this process may delete it
    std::vector<uint32_t> unique;  // the features that it was the first to show, in rising order
    std::vector<uint32_t> rarest;  // those of its features that were rare when it came
    uint64_t children = 0;
  };

  static constexpr size_t kNobody = SIZE_MAX;

  // `features` in rising order is what running `unit` showed; `parent` is the index of the entry that it was made from, or kNobody.
  // kNew: it is the last entry now. kReduced: it has taken the parent's place.
  Change Consider(std::span<const uint8_t> unit, std::span<const uint32_t> features, size_t parent, bool reduce);

  // An entry to begin with where no input has shown anything yet.
  void Begin(Unit unit) { entries_.push_back({std::move(unit), "", {}, {}, 0}); }

  // The index of the entry to go on from. The corpus must not be empty.
  size_t Pick(Rng& rng);

  size_t size() const { return entries_.size(); }
  size_t bytes() const { return bytes_; }
  size_t longest() const { return longest_; }
  size_t features() const { return features_; }
  Entry& operator[](size_t i) { return entries_[i]; }

 private:
  void Weigh();

  std::vector<Entry> entries_;
  std::vector<uint32_t> seen_;  // by feature: how many inputs of those that were run showed it, saturating
  std::vector<double> up_to_;   // sums of weights, for Pick
  size_t bytes_ = 0, longest_ = 0, features_ = 0;
  uint64_t picks_ = 0;
};

}  // namespace ordeal::driver
