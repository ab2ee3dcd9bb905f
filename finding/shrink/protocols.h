// Does it also happen without what users agree on beside handing objects over: counts of references, lists, locks of slots? Candidates of
// smaller.h that are about that.
#pragma once
#include <vector>

#include "finding/shrink/smaller.h"

namespace ordeal {

// Takes the candidate if it is another program, a valid one, and accepted.
bool Take(Reproducer& r, Reproducer candidate, const Accept& accept);

// The consume that takes what this publish hands over; the end of the list: none.
size_t TakerOf(const std::vector<Op>& ops, size_t publish);

// One reference instead of the two that this share makes: the taker gets none, or the one that there was.
bool WithoutReference(Reproducer& r, size_t share, const Accept& accept);

// All counts, lists or locks at once.
bool PlainerProtocols(Reproducer& r, const Accept& accept);

}  // namespace ordeal
