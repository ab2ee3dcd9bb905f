#include "fuzz/driver/corpus.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace ordeal::driver {
namespace {

// Weights change slowly; to compute them anew for every pick would cost more than the inputs.
constexpr uint64_t kPicksBetweenWeighings = 64;
constexpr size_t kRarest = 16;

}  // namespace

Corpus::Change Corpus::Consider(std::span<const uint8_t> unit, std::span<const uint32_t> features, size_t parent, bool reduce) {
  if (!features.empty() && features.back() >= seen_.size()) seen_.resize(features.back() + 1, 0);
  std::vector<uint32_t> fresh;
  for (const uint32_t f : features) {
    if (seen_[f] == 0) fresh.push_back(f);
    if (seen_[f] != UINT32_MAX) ++seen_[f];
  }
  if (parent != kNobody) ++entries_[parent].children;
  if (!fresh.empty()) {
    features_ += fresh.size();
    bytes_ += unit.size();
    longest_ = std::max(longest_, unit.size());
    std::vector<uint32_t> rarest(features.begin(), features.end());
    const size_t keep = std::min(kRarest, rarest.size());
    std::partial_sort(rarest.begin(), rarest.begin() + static_cast<std::ptrdiff_t>(keep), rarest.end(),
                      [&](uint32_t a, uint32_t b) { return seen_[a] != seen_[b] ? seen_[a] < seen_[b] : a < b; });
    rarest.resize(keep);
    entries_.push_back({{unit.begin(), unit.end()}, "", std::move(fresh), std::move(rarest), 0});
    up_to_.clear();
    return Change::kNew;
  }
  if (!reduce || parent == kNobody || entries_[parent].unit.size() <= unit.size()) return Change::kNone;
  Entry& p = entries_[parent];
  if (!std::includes(features.begin(), features.end(), p.unique.begin(), p.unique.end())) return Change::kNone;
  bytes_ -= p.unit.size() - unit.size();
  p.unit.assign(unit.begin(), unit.end());
  longest_ = 0;
  for (const Entry& e : entries_) longest_ = std::max(longest_, e.unit.size());
  return Change::kReduced;
}

// An entry's weight: how rare its rarest features are by now, shared among the children that it has had. The root: rarity itself would leave most
// of the corpus alone, and bugs that any input may show were found two to three times later than by libFuzzer.
void Corpus::Weigh() {
  up_to_.resize(entries_.size());
  double sum = 0;
  for (size_t i = 0; i < entries_.size(); ++i) {
    double rarity = 1e-9;  // never 0: an entry without features may be all there is
    for (const uint32_t f : entries_[i].rarest) rarity += 1.0 / std::sqrt(static_cast<double>(seen_[f]));
    sum += rarity / std::log2(2.0 + static_cast<double>(entries_[i].children));
    up_to_[i] = sum;
  }
}

size_t Corpus::Pick(Rng& rng) {
  ORDEAL_CHECK(!entries_.empty(), "a corpus to pick from");
  if (up_to_.empty() || picks_++ % kPicksBetweenWeighings == 0) Weigh();
  const double at = up_to_.back() * (static_cast<double>(rng.Below(uint64_t{1} << 53)) / static_cast<double>(uint64_t{1} << 53));
  const size_t i = static_cast<size_t>(std::upper_bound(up_to_.begin(), up_to_.end(), at) - up_to_.begin());
  return std::min(i, entries_.size() - 1);
}

}  // namespace ordeal::driver
