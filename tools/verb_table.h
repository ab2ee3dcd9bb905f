// What does each verb of `ordeal` take, and what does it answer? The one table that --help prints and that arguments are held to.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ordeal {

struct VerbFlag {
  std::string_view name;
  std::string_view value;  // what stands behind `=`: "N", "FILE"; "" is a switch
  std::string_view help;
};

struct VerbEntry {
  std::string_view name;
  std::string_view files;  // "FILE...", "A B", "" for none
  size_t least_files, most_files;
  std::string_view what;  // in one line
  std::vector<VerbFlag> flags;
  std::vector<std::string_view> examples;
  std::string_view exits;
};

std::span<const VerbEntry> VerbTable();
const VerbEntry* FindVerb(std::string_view name);

std::string HelpOf(const VerbEntry& verb);

// A line a verb; `all`: each in full.
std::string HelpOfAll(bool all);

}  // namespace ordeal
