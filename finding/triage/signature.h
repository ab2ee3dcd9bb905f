// Are these two findings the same bug?
#pragma once
#include <string>
#include <vector>

#include "finding/verdict.h"

namespace ordeal {

// What two findings of one bug have in common. Made from an analysed finding (analyse.h).
struct Signature {
  std::string kind;  // "not-ordering/sequential", "not-ordering/interleaving", "ordering", "race", "contract", "liveness": without the rung
  std::string owner;
  std::string cause;  // the weakest cure, without the numbers of ops; none: the violation and the Sites of the critical cycle
  bool operator==(const Signature&) const = default;
  auto operator<=>(const Signature&) const = default;
};
Signature SignatureOf(const Finding& f);

// "ordering-user-3f9a0c51": for the names of directories. Of the signature alone.
std::string NameOf(const Signature& s);

// Several findings of one bug.
struct Group {
  Signature signature;
  Finding best;                    // the smallest witness
  std::vector<std::string> files;  // all of them, in the order in which they came
};

// Puts the finding where it belongs.
void AddTo(std::vector<Group>& groups, const Finding& f, const std::string& file);
// What fails most easily first: sequential, interleaving, ordering, liveness, race, contract; then what came most often.
void Rank(std::vector<Group>& groups);

// What two findings have in common and what not, line by line.
std::string Compare(const Finding& a, const std::string& a_name, const Finding& b, const std::string& b_name);

}  // namespace ordeal
