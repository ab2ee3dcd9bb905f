// Which values could a location hold, as far as is known?
#include <algorithm>
#include <utility>

#include "memory/litmus/thread_traces.h"

namespace ordeal::litmus {

int Domains::LocationAt(u64 addr) {
  const Place place = PlaceAt(test_, addr);
  for (int l = 0; l < size(); ++l)
    if (places_[l].variable == place.variable && places_[l].element == place.element) return l;
  places_.push_back(place);
  values_.push_back({static_cast<u64>(test_.variables[place.variable].initial[place.element])});
  known_.push_back(1);
  return size() - 1;
}

void Domains::Add(int location, u64 value) {
  std::vector<u64>& values = values_[location];
  if (std::ranges::find(values, value) != values.end()) return;
  values.push_back(value);
  grew_ = true;
}

bool Domains::NextRound() {
  for (size_t l = 0; l < known_.size(); ++l) known_[l] = values_[l].size();
  return std::exchange(grew_, false);
}

}  // namespace ordeal::litmus
