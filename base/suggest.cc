#include "base/suggest.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_format.h"

namespace ordeal {
namespace {

// Edits from a to b, by the row-wise dynamic program with swaps of neighbours (optimal string alignment).
size_t Edits(std::string_view a, std::string_view b) {
  std::vector<size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    before.swap(above);
    above.swap(row);
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1])});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[b.size()];
}

constexpr size_t kLongestWord = 80;  // what is longer is not a slip of a name of ours; the table stays small

}  // namespace

std::string_view Nearest(std::string_view word, std::span<const std::string_view> candidates) {
  if (word.size() > kLongestWord) return {};
  size_t best = std::min<size_t>(3, (word.size() + 2) / 3) + 1;
  std::string_view nearest;
  for (std::string_view candidate : candidates) {
    const size_t edits = Edits(word, candidate);
    if (edits >= best || edits >= candidate.size()) continue;
    best = edits;
    nearest = candidate;
  }
  return nearest;
}

std::string DidYouMean(std::string_view word, std::span<const std::string_view> candidates) {
  const std::string_view nearest = Nearest(word, candidates);
  return nearest.empty() ? "" : absl::StrFormat(" (did you mean \"%s\"?)", nearest);
}

}  // namespace ordeal
