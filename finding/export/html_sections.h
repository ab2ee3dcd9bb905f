// Which parts does the report have, from top to bottom? Each is HTML, and empty where the finding has nothing for it.
#pragma once
#include <string>

#include "finding/verdict.h"

namespace ordeal {

std::string HeadlineHtml(const Finding& f);   // is it ordering at all, and whose fault is it?
std::string FactsHtml(const Finding& f);      // effect, race, contract, model, owner
std::string LadderHtml(const Finding& f);     // on which rungs does it fail, and how much was looked at?
std::string ExecutionHtml(const Finding& f);  // lanes, one column a CPU
std::string ChoicesHtml(const Finding& f);    // what else could the load have read?
std::string NearestHtml(const Finding& f);    // what is different in the nearest execution that passes?
std::string CureHtml(const Finding& f);       // what would make it pass, and what only hides it?
std::string ReplayHtml(const Finding& f, const std::string& replay_file);

std::string Answer(const Finding& f);  // plain text, two sentences: also the page's title

// The execution as JSON, for stepping through it.
std::string StepsJson(const Finding& f);

}  // namespace ordeal
