// What the Fuzzer says of itself, in libFuzzer's lines.
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "fuzz/driver/fuzzer.h"
#include "fuzz/driver/watch.h"

namespace ordeal::driver {
namespace {

std::string Bytes(size_t n) {
  if (n < size_t{1} << 14) return absl::StrCat(n, "b");
  if (n < size_t{1} << 24) return absl::StrCat(n >> 10, "Kb");
  return absl::StrCat(n >> 20, "Mb");
}

}  // namespace

std::string Fuzzer::MadeBy() const { return absl::StrCat(mutator_.Sequence(), "; base unit: ", base_); }

void Fuzzer::Say(const char* event, const std::string& more) {
  if (options_.verbosity <= 0) return;
  std::string text = absl::StrFormat("#%d\t%s", runs_, event);
  if (corpus_.features() > 0) absl::StrAppend(&text, " ft: ", corpus_.features());
  if (corpus_.size() > 0) absl::StrAppend(&text, " corp: ", corpus_.size(), "/", Bytes(corpus_.bytes()));
  if (limit_ > 0) absl::StrAppend(&text, " lim: ", limit_);
  const int64_t seconds = SecondsSinceStart();
  absl::StrAppend(&text, " exec/s: ", seconds > 0 ? runs_ / seconds : 0, " rss: ", PeakRssMb(), "Mb", more, "\n");
  std::fputs(text.c_str(), stderr);
}

void Fuzzer::Finish() {
  const int64_t seconds = SecondsSinceStart();
  if (options_.verbosity > 0) std::fprintf(stderr, "Done %ld runs in %ld second(s)\n", static_cast<long>(runs_), static_cast<long>(seconds));
  if (options_.print_final_stats == 0) return;
  std::fprintf(stderr,
               "stat::number_of_executed_units: %ld\nstat::average_exec_per_sec:     %ld\nstat::new_units_added:          %ld\n"
               "stat::slowest_unit_time_sec:    %ld\nstat::peak_rss_mb:              %ld\n",
               static_cast<long>(runs_), static_cast<long>(seconds > 0 ? runs_ / seconds : 0), static_cast<long>(added_), static_cast<long>(slowest_),
               static_cast<long>(PeakRssMb()));
}

}  // namespace ordeal::driver
