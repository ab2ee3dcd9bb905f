#include "fuzz/driver/options.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/suggest.h"

namespace ordeal::driver {
namespace {

struct NumberFlag {
  std::string_view name;
  int64_t Options::* value;
  std::string_view help;
};

constexpr NumberFlag kNumbers[] = {
    {"verbosity", &Options::verbosity, "how much is said: 0 errors and findings, 1 status lines, 2 flags and mutations, too"},
    {"seed", &Options::seed, "of the random numbers; 0: drawn, and printed"},
    {"runs", &Options::runs, "how many inputs; how often each of the given files is run; -1: no end"},
    {"max_total_time", &Options::max_total_time, "seconds; 0: no end"},
    {"max_len", &Options::max_len, "longest input in bytes; 0: 4096, or the longest of the corpus"},
    {"len_control", &Options::len_control, "try short inputs first: the larger, the longer; 0 by default if the target has a mutator"},
    {"mutate_depth", &Options::mutate_depth, "mutations in a row from one input"},
    {"cross_over", &Options::cross_over, "1: cross inputs over"},
    {"reduce_inputs", &Options::reduce_inputs, "1: replace an input by a shorter one with the same features"},
    {"shuffle", &Options::shuffle, "1: run the corpus in a random order at the start"},
    {"prefer_small", &Options::prefer_small, "1: short inputs of the corpus first"},
    {"reload", &Options::reload, "read the corpus again every so many seconds, for what other processes found; 0: never"},
    {"timeout", &Options::timeout, "seconds after which an input hangs; 0: never"},
    {"rss_limit_mb", &Options::rss_limit_mb, "memory limit in MiB; 0: none"},
    {"report_slow_units", &Options::report_slow_units, "seconds after which an input is reported as slow"},
    {"error_exitcode", &Options::error_exitcode, "exit code of a finding"},
    {"timeout_exitcode", &Options::timeout_exitcode, "exit code of a hang"},
    {"jobs", &Options::jobs, "run so many processes of this command line, each with its log fuzz-N.log"},
    {"workers", &Options::workers, "how many jobs at a time; 0: half of the CPUs"},
    {"merge", &Options::merge, "1: copy from the 2nd, 3rd, ... directory into the 1st what shows features that it lacks"},
    {"minimize_crash", &Options::minimize_crash, "1: make the given failing input shorter; with -runs or -max_total_time for each try"},
    {"create_missing_dirs", &Options::create_missing_dirs, "1: make the directories that are not there"},
    {"print_final_stats", &Options::print_final_stats, "1: lines of `stat::name: value` at the end"},
    {"handle_int", &Options::handle_int, "1: SIGINT ends the run with exit code 72"},
    {"handle_term", &Options::handle_term, "1: SIGTERM does"},
    {"handle_usr1", &Options::handle_usr1, "1: SIGUSR1 ends the run in good order, exit code 0"},
    {"handle_segv", &Options::handle_segv, "1: SIGSEGV is a finding"},
    {"handle_bus", &Options::handle_bus, "1: SIGBUS is"},
    {"handle_abrt", &Options::handle_abrt, "1: SIGABRT is"},
    {"handle_ill", &Options::handle_ill, "1: SIGILL is"},
    {"handle_fpe", &Options::handle_fpe, "1: SIGFPE is"},
    {"handle_xfsz", &Options::handle_xfsz, "1: SIGXFSZ is"},
    {"minimize_crash_internal_step", &Options::minimize_crash_internal_step, "used by -minimize_crash"},
    {"help", &Options::help, "1: print this"},
};

struct TextFlag {
  std::string_view name;
  std::string Options::* value;
  std::string_view help;
};

constexpr TextFlag kTexts[] = {
    {"artifact_prefix", &Options::artifact_prefix, "failing inputs are written to PREFIXcrash-SHA1, PREFIXtimeout-SHA1, ..."},
    {"exact_artifact_path", &Options::exact_artifact_path, "the failing input is written to this file"},
    {"stop_file", &Options::stop_file, "stop in good order as soon as this file exists"},
};

// libFuzzer's, without a meaning here: they steer its coverage, its dictionaries of comparisons and its power schedule, or ask for what
// is printed. A campaign's command line goes on working where there is no libFuzzer; what is passed over is said.
constexpr std::string_view kIgnored[] = {"use_counters",
                                         "use_memmem",
                                         "use_value_profile",
                                         "use_cmp",
                                         "shrink",
                                         "reduce_depth",
                                         "cross_over_uniform_dist",
                                         "print_pcs",
                                         "print_funcs",
                                         "print_corpus_stats",
                                         "print_coverage",
                                         "print_full_coverage",
                                         "dump_coverage",
                                         "handle_usr2",
                                         "handle_winexcept",
                                         "detect_leaks",
                                         "purge_allocator_interval",
                                         "trace_malloc",
                                         "malloc_limit_mb",
                                         "entropic",
                                         "entropic_feature_frequency_threshold",
                                         "entropic_number_of_rarest_features",
                                         "entropic_scale_per_exec_time",
                                         "use_clang_coverage",
                                         "print_mutation_stats",
                                         "ignore_timeouts",
                                         "ignore_ooms",
                                         "ignore_crashes",
                                         "fork_corpus_groups"};

// libFuzzer's, and to pass them over would be to do something else than was asked.
constexpr std::string_view kMissing[] = {"fork",           "dict",          "set_cover_merge",     "merge_control_file", "merge_inner",
                                         "cleanse_crash",  "features_dir",  "mutation_graph_file", "seed_inputs",        "keep_seed",
                                         "only_ascii",     "close_fd_mask", "exit_on_src_pos",     "exit_on_item",       "ignore_remaining_args",
                                         "focus_function", "analyze_dict",  "data_flow_trace",     "collect_data_flow"};

bool Has(auto& names, std::string_view name) { return std::find(std::begin(names), std::end(names), name) != std::end(names); }

absl::Status Bad(const std::string& what) { return absl::InvalidArgumentError(what); }

absl::Status Unknown(const std::string& name) {
  std::vector<std::string_view> known;
  for (const NumberFlag& f : kNumbers) known.push_back(f.name);
  for (const TextFlag& f : kTexts) known.push_back(f.name);
  return Bad(absl::StrCat("unknown flag -", name, DidYouMean(name, known), "; -help=1 lists the flags"));
}

absl::Status Set(const std::string& arg, Options* o) {
  const size_t eq = arg.find('=');
  const std::string name = arg.substr(1, eq == std::string::npos ? eq : eq - 1);
  const std::string value = eq == std::string::npos ? "" : arg.substr(eq + 1);
  const auto number = std::find_if(std::begin(kNumbers), std::end(kNumbers), [&](const NumberFlag& f) { return f.name == name; });
  const auto text = std::find_if(std::begin(kTexts), std::end(kTexts), [&](const TextFlag& f) { return f.name == name; });
  const bool ignored = Has(kIgnored, name), missing = Has(kMissing, name);
  if (number == std::end(kNumbers) && text == std::end(kTexts) && !ignored && !missing) return Unknown(name);
  if (eq == std::string::npos) return Bad(absl::StrCat("-", name, " has no value: expected -", name, "=VALUE"));
  if (number != std::end(kNumbers) && !absl::SimpleAtoi(value, &(o->*number->value)))
    return Bad(absl::StrCat("-", name, "=", value, ": expected a whole number"));
  if (text != std::end(kTexts)) o->*text->value = value;
  if (name == "len_control") o->len_control_given = true;
  if (ignored) o->ignored.push_back(arg);
  // 0 is libFuzzer's own default for all that are missing.
  if (missing && value != "0")
    return Bad(absl::StrCat("-", name, ": libFuzzer alone has it, and this binary is linked with Ordeal's own driver",
                            name == "fork" ? "; expected -jobs=N, which runs processes side by side" : ""));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Options> ParseOptions(const std::vector<std::string>& args) {
  Options o;
  for (const std::string& arg : args) {
    if (arg.rfind("--", 0) == 0) continue;
    if (arg.size() > 1 && arg[0] == '-') {
      if (absl::Status s = Set(arg, &o); !s.ok()) return s;
    } else {
      o.inputs.push_back(arg);
    }
  }
  return o;
}

std::string Help(const std::string& program) {
  std::string text =
      absl::StrCat("Usage:\n\nTo run fuzzing pass 0 or more directories.\n", program,
                   " [-flag1=val1 [-flag2=val2 ...] ] [dir1 [dir2 ...] ]\n\nTo run individual tests without fuzzing pass 1 or more files:\n", program,
                   " [-flag1=val1 [-flag2=val2 ...] ] file1 [file2 ...]\n\nFlags: (strictly in form -flag=value)\n");
  const Options defaults;
  for (const NumberFlag& f : kNumbers)
    if (f.name.find("internal") == std::string_view::npos)
      absl::StrAppendFormat(&text, " %-20s\t%d\t%s\n", std::string(f.name), defaults.*f.value, std::string(f.help));
  for (const TextFlag& f : kTexts) absl::StrAppendFormat(&text, " %-20s\t%s\t%s\n", std::string(f.name), defaults.*f.value, std::string(f.help));
  return text;
}

}  // namespace ordeal::driver
