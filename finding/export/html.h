// How is a finding told to somebody who gets it as an attachment? One page that needs nothing else: no network, no script to be read.
#pragma once
#include <string>

#include "finding/verdict.h"

namespace ordeal {

// A whole HTML file. The same bytes for the same finding. `replay_file` holds the reproducer; of an absolute path only the name is told.
std::string HtmlReport(const Finding& f, const std::string& replay_file);

}  // namespace ordeal
