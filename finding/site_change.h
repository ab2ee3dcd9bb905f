// How is any Site weakened, strengthened or fenced by name? "accounting.exts_publish=once", "user.consume_once=after:rmb".
//
// The catalogue of bugs.h holds the mistakes that have a story; this is the rest: every Site that is stated, with any order it can have.
#pragma once
#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "finding/repair.h"
#include "memory/site.h"

namespace ordeal {

// TABLE.SITE=ORDER, =before:BARRIER or =after:BARRIER. ORDER is plain, once, acquire, release or full for an access, none, rmb, wmb or mb
// for a barrier; an order that the operation cannot have (a load's release) is as once. InvalidArgument or NotFound with what was expected,
// and a suggestion. RegisterAllSites() first.
absl::StatusOr<Repair> ParseSiteChange(std::string_view text);
std::string SiteChangeText(const Repair& repair);  // of kOrder, kBarrierBefore, kBarrierAfter

// Does the text look like one rather than like a name of the catalogue?
inline bool IsSiteChange(std::string_view text) { return text.find('=') != std::string_view::npos; }

// Plants it. kOrder, kBarrierBefore, kBarrierAfter and kUndo only.
void PlantSiteChange(const Repair& repair);

}  // namespace ordeal
