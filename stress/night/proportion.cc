#include "stress/night/proportion.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/check.h"

namespace ordeal::stress {
namespace {

// At 10^12 rounds a double's lgamma is off by some thousandths, which is as much off the chance itself: long double where it is more.
long double LogFactorial(u64 n) { return std::lgamma(static_cast<long double>(n) + 1); }
long double LogChoose(u64 n, u64 k) { return LogFactorial(n) - LogFactorial(k) - LogFactorial(n - k); }

// Of the hits, so many fall on `a` by chance: the hypergeometric distribution.
struct Chances {
  u64 a_rounds, b_rounds, hits;

  u64 least() const { return hits > b_rounds ? hits - b_rounds : 0; }
  u64 most() const { return std::min(hits, a_rounds); }
  long double At(u64 x) const { return std::exp(LogChoose(a_rounds, x) + LogChoose(b_rounds, hits - x) - LogChoose(a_rounds + b_rounds, hits)); }
  // At(x + 1) / At(x), and the other way.
  long double Up(u64 x) const {
    return static_cast<long double>(a_rounds - x) * (hits - x) / (static_cast<long double>(x + 1) * (b_rounds - hits + x + 1));
  }
  long double Down(u64 x) const {
    return static_cast<long double>(x) * (b_rounds - hits + x) / (static_cast<long double>(a_rounds - x + 1) * (hits - x + 1));
  }

  // The chance of x or more, or of x or fewer. Summed away from x until nothing is added any more: a few standard deviations.
  long double Tail(u64 x, bool upwards) const {
    long double term = At(x), sum = term;
    const u64 end = upwards ? most() : least();
    while (x != end && term > sum * 1e-18L) {
      term *= upwards ? Up(x) : Down(x);
      upwards ? ++x : --x;
      sum += term;
    }
    return sum;
  }
};

double Rate(const Proportion& p) { return static_cast<double>(p.hits) / static_cast<double>(p.rounds); }

}  // namespace

Interval Wilson95(const Proportion& p) {
  if (p.rounds == 0) return {};
  constexpr double z = 1.959963984540054;
  const double n = static_cast<double>(p.rounds), rate = Rate(p);
  const double middle = rate + z * z / (2 * n), half = z * std::sqrt(rate * (1 - rate) / n + z * z / (4 * n * n)), scale = 1 + z * z / n;
  // What rounding makes of 0 and 1 is put right.
  return {p.hits == 0 ? 0 : std::max(0.0, (middle - half) / scale), p.hits == p.rounds ? 1 : std::min(1.0, (middle + half) / scale)};
}

double RuleOfThree(u64 rounds) { return rounds == 0 ? 1 : std::min(1.0, 3.0 / static_cast<double>(rounds)); }

double FisherP(const Proportion& a, const Proportion& b) {
  ORDEAL_CHECK(a.hits <= a.rounds && b.hits <= b.rounds, "no more hits than rounds");
  const Chances chances{a.rounds, b.rounds, a.hits + b.hits};
  const long double smaller = std::min(chances.Tail(a.hits, true), chances.Tail(a.hits, false));
  return static_cast<double>(std::min(1.0L, 2 * smaller));
}

const char* DifferenceName(Difference d) {
  switch (d) {
    case Difference::kFewer: return "fewer";
    case Difference::kMore: return "more";
    case Difference::kNotSignificant: return "not significant";
  }
  return "?";
}

Difference Compare(const Proportion& a, const Proportion& b) {
  constexpr double kBarely = kSignificance * (1 - 1e-9);  // what rounding makes smaller is no difference
  if (a.rounds == 0 || b.rounds == 0 || FisherP(a, b) >= kBarely) return Difference::kNotSignificant;
  return Rate(a) < Rate(b) ? Difference::kFewer : Difference::kMore;
}

std::optional<u64> RoundsToCredit(const Proportion& other) {
  if (other.hits == 0) return std::nullopt;
  const auto enough = [&](u64 rounds) { return Compare({0, rounds}, other) == Difference::kFewer; };
  u64 high = 1;
  while (!enough(high)) {
    if (high > (u64{1} << 60)) return std::nullopt;
    high *= 2;
  }
  u64 low = high / 2;  // not enough
  while (high - low > 1) {
    const u64 middle = low + (high - low) / 2;
    (enough(middle) ? high : low) = middle;
  }
  return high;
}

std::string Describe(const Proportion& p) {
  if (p.hits == 0) return absl::StrFormat("0 of %u: below %.1e", p.rounds, RuleOfThree(p.rounds));
  const Interval i = Wilson95(p);
  return absl::StrFormat("%u of %u (%.1e to %.1e)", p.hits, p.rounds, i.low, i.high);
}

std::string DescribeChange(const Proportion& changed, const Proportion& unchanged) {
  const Difference d = Compare(changed, unchanged);
  std::string out = absl::StrFormat("%s, p %.2g", DifferenceName(d), FisherP(changed, unchanged));
  if (d != Difference::kNotSignificant || changed.hits != 0) return out;
  const std::optional<u64> needed = RoundsToCredit(unchanged);
  return absl::StrCat(out, needed ? absl::StrCat("; with 0 hits it takes ", *needed, " rounds") : "; neither arm has a hit");
}

}  // namespace ordeal::stress
