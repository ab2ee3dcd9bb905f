// In which order are repairs tried and told? The weakest first, equals as they came.
#pragma once
#include <algorithm>
#include <utility>
#include <vector>

namespace ordeal {

// (std::stable_sort of libstdc++ 12 makes clang warn of its own use of a deprecated buffer.)
template <class T, class Weight>
void SortByWeight(std::vector<T>& all, Weight weight) {
  std::vector<std::pair<int, size_t>> order;
  for (size_t i = 0; i < all.size(); ++i) order.emplace_back(weight(all[i]), i);
  std::sort(order.begin(), order.end());
  std::vector<T> sorted;
  for (const auto& [w, i] : order) sorted.push_back(std::move(all[i]));
  all = std::move(sorted);
}

}  // namespace ordeal
