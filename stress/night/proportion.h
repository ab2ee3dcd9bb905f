// k of n rounds: how sure is that, and do two machines, or one with a barrier and one without, really differ?
//
// All of it takes rounds to be independent. They are not quite (a bad moment lasts), hence the strict level of significance.
#pragma once
#include <optional>
#include <string>

#include "memory/order.h"

namespace ordeal::stress {

struct Proportion {
  u64 hits = 0, rounds = 0;  // hits <= rounds
};

struct Interval {
  double low = 0, high = 1;
};

// Wilson's score interval: 95 % of such intervals hold the true rate. All of [0, 1] for no rounds at all.
Interval Wilson95(const Proportion& p);

// A rate that gives no hit in so many rounds is below this, at 95 %: the rule of three.
double RuleOfThree(u64 rounds);

// Fisher's exact test: twice the smaller of the two tails (at most 1), which is on the safe side of other ways to count both. The chance to see rates
// as far apart as these, or farther, if there were no difference.
double FisherP(const Proportion& a, const Proportion& b);

enum class Difference { kFewer, kMore, kNotSignificant };
const char* DifferenceName(Difference d);  // "fewer", "more", "not significant"

// A chance that is below this is called a difference: one comparison in a hundred is wrong, where there is nothing.
inline constexpr double kSignificance = 0.01;

// Has `a` fewer hits than `b`, or more?
Difference Compare(const Proportion& a, const Proportion& b);

// How many rounds without a hit an arm takes before it has fewer than `other`, as Compare sees it: no barrier is credited on less.
// Nothing where `other` has no hit itself.
std::optional<u64> RoundsToCredit(const Proportion& other);

// "17 of 1914000038 (5.5e-09 to 1.4e-08)"; "0 of 1000: below 3.0e-03".
std::string Describe(const Proportion& p);
// Of an arm that was changed beside the one that was not: "fewer, p 3.1e-12"; "not significant, p 0.25; with 0 hits it takes 54321 rounds".
std::string DescribeChange(const Proportion& changed, const Proportion& unchanged);

}  // namespace ordeal::stress
