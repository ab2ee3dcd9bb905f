// Which values of which locations does a thread want, and which does it bring? For the enumerator.
#pragma once
#include <vector>

#include "memory/order.h"

namespace ordeal::litmus {

// A set of pairs of a location and a value there, by number: those of one location behind those of another.
class ValueSet {
 public:
  explicit ValueSet(int numbers) : words_((static_cast<size_t>(numbers) + 63) / 64) {}

  void Add(int number) { words_[static_cast<size_t>(number) / 64] |= u64{1} << number % 64; }
  void AddAll(const ValueSet& other) {
    for (size_t k = 0; k < words_.size(); ++k) words_[k] |= other.words_[k];
  }
  // Is each of them in a or in b?
  bool Within(const ValueSet& a, const ValueSet& b) const {
    for (size_t k = 0; k < words_.size(); ++k)
      if ((words_[k] & ~(a.words_[k] | b.words_[k])) != 0) return false;
    return true;
  }

 private:
  std::vector<u64> words_;
};

}  // namespace ordeal::litmus
