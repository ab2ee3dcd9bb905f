// How is an input changed? By the target's own mutator and cross-over, where it has them; otherwise by bytes, without knowing what they mean.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "base/random.h"
#include "fuzz/driver/target.h"
#include "fuzz/driver/unit.h"

namespace ordeal::driver {

// Not thread-safe.
class Mutator {
 public:
  Mutator(const Target& target, Rng& rng) : target_(target), rng_(rng) {}

  void Begin() { names_.clear(); }

  // Changes `unit` in place, to at most `max_size` bytes. `other` is what it may be crossed over with; empty for none.
  void Mutate(Unit* unit, const Unit& other, size_t max_size);

  // What was done since Begin(), as in libFuzzer's status line: "MS: 2 Custom-CustomCrossOver-".
  std::string Sequence() const;

 private:
  bool TryOnce(Unit* unit, const Unit& other, size_t max_size);
  bool TryBytes(Unit* unit, const Unit& other, size_t max_size);

  const Target& target_;
  Rng& rng_;
  std::vector<const char*> names_;
};

}  // namespace ordeal::driver
