// What becomes of a finding: analysed, told, written, and the end of the process.
#include <cstdio>
#include <cstdlib>

#include <sys/time.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "base/exit_code.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/summary.h"
#include "finding/analyse.h"
#include "finding/bugs.h"
#include "finding/explain.h"
#include "finding/export/directory.h"
#include "finding/triage/signature.h"
#include "fuzz/campaign.h"
#include "program/text.h"

namespace ordeal {

std::string_view Campaign::TextOf(std::span<const u8> bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

void Campaign::ExitNow(int code) {
  std::fflush(stdout);
  std::fflush(stderr);
  _exit(code);  // not exit(): libFuzzer's handlers would add a report of their own, or change the code
}

std::string Campaign::WriteArtifact(const Finding& f, std::span<const u8> input) {
  const std::string text = Format(f.reproducer);
  std::string path = flags_.exact_artifact_path;
  // While libFuzzer minimises it measures the input that it made; otherwise the artefact is the finding itself, readable.
  const std::string content = flags_.minimize_step ? std::string(TextOf(input)) : text;
  if (path.empty()) path = absl::StrCat(flags_.artifact_prefix, "crash-", absl::Hex(HashBytes(content), absl::kZeroPad16), ".ordeal");
  if (absl::Status s = WriteFile(path, content); !s.ok()) PrintError(s);
  return path;
}

// Everything that can be made of a finding, for who wants to look at it or to forward it.
void Campaign::WriteDirectory(const Finding& f, const Reproducer& original) {
  const std::string directory = flags_.emit.empty() ? absl::StrCat(flags_.artifact_prefix, NameOf(SignatureOf(f))) : flags_.emit;
  if (absl::Status s = WriteFinding(f, original, directory); s.ok()) {
    std::fprintf(stderr, "Reports written to %s (report.html first)\n", directory.c_str());
  } else {
    PrintError(s);
  }
}

void Campaign::Found(const Finding& original, std::span<const u8> input) {
  if (flags_.abort_on_finding) std::abort();
  // From here on the time is the analysis's: libFuzzer's clock for inputs that hang is not about that.
  constexpr itimerval kNever = {};
  setitimer(ITIMER_REAL, &kNever, nullptr);
  std::fprintf(stderr, "==================================================================\n");
  Finding f = flags_.minimize_step ? original : Analysed(*investigator_, *machine_, original);
  if (flags_.minimize_step) investigator_->Conclude(&f);  // libFuzzer asks only whether it still fails
  const std::string path = WriteArtifact(f, input);
  std::fprintf(stderr, "%s", Explain(f, path).c_str());
  std::fprintf(stderr, "  found     in input %llu, execution %llu\n", static_cast<unsigned long long>(inputs_),
               static_cast<unsigned long long>(executions_));
  std::fprintf(stderr, "Test unit written to %s\n", path.c_str());
  if (!flags_.minimize_step && (flags_.exact_artifact_path.empty() || !flags_.emit.empty())) WriteDirectory(f, original.reproducer);
  bool expected = false;
  if (!flags_.expect.empty()) {
    const Bug* b = FindBug(flags_.expect);
    expected = MeetsCatalogue(f.verdict, b->headline, b->owner);
  }
  if (const char* jobs = std::getenv(kJobsFoundFile); jobs != nullptr) (void)WriteFile(jobs, path);
  PrintSummary(absl::StrCat(expected ? "expected finding: " : "finding: ", Summary(f)));
  ExitNow(expected ? kExitClean : kExitFinding);
}

}  // namespace ordeal
