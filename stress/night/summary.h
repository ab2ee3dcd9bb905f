// What is said of a night when it is over? The same judgement four times: as a mail, as JSON, for CI, and as a page to look at.
#pragma once
#include <string>

#include "absl/status/status.h"
#include "stress/night/judgement.h"

namespace ordeal::stress {

// summary.txt: a line a scenario as rcutorture has them, with `!!!` wherever there is a finding and nowhere else; blocks as litmus7 prints them;
// canaries; "Status: WORD ..." as the last line.
std::string SummaryText(const NightReport& report);

// summary.json: the judgement, the facts, and the tally as in state.json.
std::string SummaryJson(const NightReport& report);

// junit.xml: a test case a scenario: a failure with its findings, skipped with the reason, an error where the run is inconclusive or did not end well.
std::string JunitXml(const NightReport& report);

// report.html: one file, without scripts, with nothing from elsewhere.
std::string HtmlPage(const NightReport& report);

// All four into the run's directory. The first error, with its path.
absl::Status WriteSummaries(const NightReport& report, const std::string& directory);

}  // namespace ordeal::stress
