// How is a finding told to a person, so that it can be pasted into a mail? Lanes per CPU, the stale read marked, the three facts, the owner.
#pragma once
#include <string>

#include "finding/verdict.h"

namespace ordeal {

struct ExplainOptions {
  int max_lines = 40;       // of lanes; what concerns the finding least is left out first, and said to be
  bool everything = false;  // every access, also those that have no part in it
};

// The execution: one line an access, one column a CPU (one column in all beyond three CPUs).
std::string Lanes(const Finding& f, const ExplainOptions& options = {});

// The verdict, fact by fact.
std::string Facts(const Finding& f);

// What would cure it and what would not, what the loads could have read instead, the nearest execution that passes. "" before the
// finding was analysed (analyse.h).
std::string Answers(const Finding& f);

// All of it, and how to see it again. `replay` is the command's last argument, the file that holds the reproducer.
std::string Explain(const Finding& f, const std::string& replay_file, const ExplainOptions& options = {});

// "ordering/LKMM owner=user effect=stale-contents bugs=user.publish_relaxed": the text of the SUMMARY line.
std::string Summary(const Finding& f);

}  // namespace ordeal
