#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "base/exit_code.h"
#include "base/signals.h"
#include "base/summary.h"
#include "finding/analyse.h"
#include "finding/explain.h"
#include "finding/opened.h"
#include "finding/replay.h"
#include "finding/triage/signature.h"
#include "tools/verbs.h"

namespace ordeal {
namespace {

// Files as named; of directories everything called *.ordeal below them, but for what a finding was made from, sorted.
absl::StatusOr<std::vector<std::string>> FilesOf(const std::vector<std::string>& names) {
  std::vector<std::string> files;
  for (const std::string& name : names) {
    std::error_code error;
    if (!std::filesystem::is_directory(name, error)) {
      files.push_back(name);
      continue;
    }
    std::vector<std::string> below;
    for (auto it = std::filesystem::recursive_directory_iterator(name, error); !error && it != std::filesystem::recursive_directory_iterator();
         it.increment(error))
      if (it->path().extension() == ".ordeal" && it->path().filename() != "original.ordeal") below.push_back(it->path().string());
    if (error) return absl::InvalidArgumentError(absl::StrCat(name, ": ", error.message()));
    std::sort(below.begin(), below.end());
    files.insert(files.end(), below.begin(), below.end());
  }
  return files;
}

absl::StatusOr<std::optional<Finding>> AnalyseFile(const std::string& file) {
  absl::StatusOr<Reproducer> r = ReadReproducer(file);
  if (!r.ok()) return r.status();
  absl::StatusOr<Opened> o = Open(*r);
  if (!o.ok()) return absl::Status(o.status().code(), absl::StrCat(file, ": ", o.status().message()));
  if (!o->finding) return std::nullopt;
  return Analysed(*o->investigator, *o->machine, *std::move(o->finding));
}

void Print(const Group& g, size_t number) {
  const Verdict& v = g.best.verdict;
  std::printf("%zu. %s, owner %s: %zu %s\n", number, v.headline.c_str(), OwnerName(v.owner), g.files.size(), g.files.size() == 1 ? "file" : "files");
  std::printf("   %s\n", g.signature.cause.c_str());
  std::printf("   %s\n", v.effect ? Describe(*v.effect).c_str() : "no effect");
  std::printf("   %zu ops, %zu decisions; %s; first in %s\n", g.best.reproducer.program.ops.size(), g.best.reproducer.decisions.size(),
              NameOf(g.signature).c_str(), g.files.front().c_str());
}

}  // namespace

int ReportVerb(const std::vector<std::string>& args) {
  absl::StatusOr<VerbArgs> a = ParseVerbArgs("report", args);
  absl::StatusOr<std::vector<std::string>> files = a.ok() ? FilesOf(a->files) : a.status();
  if (!files.ok()) {
    PrintError(files.status());
    return kExitUsage;
  }
  InstallSignalHandlers("ordeal: interrupted, reporting what was read so far (again: stop at once)");
  std::vector<Group> groups;
  size_t read = 0, clean = 0;
  bool bad = false;
  for (const std::string& file : *files) {
    if (Interrupted()) break;
    ++read;
    absl::StatusOr<std::optional<Finding>> f = AnalyseFile(file);
    if (!f.ok()) {
      PrintError(f.status());
      bad = true;
    } else if (*f) {
      AddTo(groups, **f, file);
    } else {
      ++clean;
    }
  }
  Rank(groups);
  for (size_t i = 0; i < groups.size(); ++i) Print(groups[i], i + 1);
  PrintSummary(absl::StrCat(read, " of ", files->size(), " files, ", groups.size(), groups.size() == 1 ? " finding, " : " findings, ", clean,
                            " without one", Interrupted() ? ", interrupted" : ""));
  return Interrupted() ? kExitInterrupted : bad ? kExitUsage : groups.empty() ? kExitClean : kExitFinding;
}

int CompareVerb(const std::vector<std::string>& args) {
  absl::StatusOr<VerbArgs> a = ParseVerbArgs("compare", args);
  if (!a.ok()) {
    PrintError(a.status());
    return kExitUsage;
  }
  std::vector<Finding> both;
  for (const std::string& file : a->files) {
    absl::StatusOr<std::optional<Finding>> f = AnalyseFile(file);
    if (!f.ok() || !*f) {
      PrintError(f.ok() ? absl::NotFoundError(absl::StrCat(file, ": nothing found, nothing to compare")) : f.status());
      return kExitUsage;
    }
    both.push_back(**std::move(f));
  }
  std::fputs(Compare(both[0], a->files[0], both[1], a->files[1]).c_str(), stdout);
  const bool same = SignatureOf(both[0]) == SignatureOf(both[1]);
  PrintSummary(same ? "the same bug" : "different bugs");
  return same ? kExitClean : kExitNotMet;
}

}  // namespace ordeal
