#include "fuzz/driver/mutation.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace ordeal::driver {
namespace {

enum class Way { kErase, kInsert, kByte, kBit, kCopy, kCross };

}  // namespace

void Mutator::Mutate(Unit* unit, const Unit& other, size_t max_size) {
  constexpr int kTries = 100;  // a way may find nothing to do; as many as libFuzzer gives it
  for (int i = 0; i < kTries; ++i)
    if (TryOnce(unit, other, max_size)) return;
}

bool Mutator::TryOnce(Unit* unit, const Unit& other, size_t max_size) {
  if (target_.mutate == nullptr) return TryBytes(unit, other, max_size);
  const bool cross = target_.cross_over != nullptr && rng_.Below(2) == 0;
  if (cross && (unit->empty() || other.empty())) return false;
  const auto seed = static_cast<unsigned>(rng_.Next());
  const size_t size = unit->size();
  size_t made = 0;
  Unit out;
  if (cross) {
    out.resize(max_size);
    made = target_.cross_over(unit->data(), size, other.data(), other.size(), out.data(), max_size, seed);
  } else {
    out = *unit;
    out.resize(std::max(max_size, size));
    made = target_.mutate(out.data(), size, max_size, seed);
  }
  if (made == 0 || made > max_size) return false;
  out.resize(made);
  *unit = std::move(out);
  names_.push_back(cross ? "CustomCrossOver" : "Custom");
  return true;
}

bool Mutator::TryBytes(Unit* unit, const Unit& other, size_t max_size) {
  constexpr const char* kNames[] = {"EraseBytes", "InsertByte", "ChangeByte", "ChangeBit", "CopyPart", "CrossOver"};
  Unit& u = *unit;
  const auto way = static_cast<Way>(rng_.Below(std::size(kNames)));
  const auto at = [&](size_t i) { return u.begin() + static_cast<std::ptrdiff_t>(i); };
  if (u.empty() && way != Way::kInsert) return false;
  if (way == Way::kErase) {
    if (u.size() <= 1) return false;
    const size_t n = rng_.Between(1, std::max<size_t>(u.size() / 2, 1)), from = rng_.Between(0, u.size() - n);
    u.erase(at(from), at(from + n));
  } else if (way == Way::kInsert) {
    if (u.size() >= max_size) return false;
    u.insert(at(rng_.Between(0, u.size())), static_cast<uint8_t>(rng_.Below(256)));
  } else if (way == Way::kByte) {
    u[rng_.Below(u.size())] = static_cast<uint8_t>(rng_.Below(256));
  } else if (way == Way::kBit) {
    u[rng_.Below(u.size())] ^= static_cast<uint8_t>(1u << rng_.Below(8));
  } else {
    const Unit source = way == Way::kCross ? other : u;
    if (source.empty()) return false;
    const size_t n = rng_.Between(1, std::min(source.size(), max_size)), from = rng_.Between(0, source.size() - n), to = rng_.Below(u.size());
    u.insert(at(to), source.begin() + static_cast<std::ptrdiff_t>(from), source.begin() + static_cast<std::ptrdiff_t>(from + n));
  }
  if (u.size() > max_size) u.resize(max_size);
  names_.push_back(kNames[static_cast<size_t>(way)]);
  return true;
}

std::string Mutator::Sequence() const {
  std::string text = absl::StrCat("MS: ", names_.size(), " ");
  constexpr size_t kShown = 10;
  for (size_t i = 0; i < names_.size() && i < kShown; ++i) absl::StrAppend(&text, names_[i], "-");
  return text;
}

}  // namespace ordeal::driver
