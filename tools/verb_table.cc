#include "tools/verb_table.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace ordeal {
namespace {

constexpr size_t kMany = 1000000;

std::vector<VerbEntry> OfOneFinding() {
  return {
      {"replay",
       "FILE...",
       1,
       kMany,
       "runs reproducers from their decisions and holds them to their expect lines",
       {{"times", "N", "executions of each, 1..1000000 (default 1000)"}},
       {"ordeal replay corpus/bugs/user.publish_relaxed.ordeal", "ordeal replay --times=10 findings/*/witness.ordeal"},
       "0 as expected, or clean; 2 not deterministic; 3 expectation not met; 77 a finding without an expectation"},
      {"explain",
       "FILE",
       1,
       1,
       "the finding in full: verdict, lanes, what each load could have read, cures",
       {{"all", "", "every access, not only those that have a part in it"}},
       {"ordeal explain corpus/bugs/user.publish_relaxed.ordeal", "ordeal explain --all crash-3f2a.ordeal"},
       "0, or 3 where an expectation was not met"},
      {"minimise",
       "FILE",
       1,
       1,
       "the smallest program that fails in the same way",
       {{"out", "FILE", "where it goes (default: standard output)"}},
       {"ordeal minimise crash-3f2a.ordeal", "ordeal minimise --out=small.ordeal crash-3f2a.ordeal"},
       "0, or 3 where the file shows nothing"},
      {"export",
       "FILE",
       1,
       1,
       "everything that can be made of a finding: pages, traces, a litmus test, a C++ program",
       {{"out", "DIR", "where the files go; must be given"}, {"minimise", "", "makes the finding small first"}},
       {"ordeal export --out=found corpus/bugs/user.publish_relaxed.ordeal", "ordeal export --out=found --minimise crash-3f2a.ordeal"},
       "0, or 3 where the file shows nothing"},
  };
}

std::vector<VerbEntry> OfManyFindings() {
  return {
      {"report",
       "DIR...",
       1,
       kMany,
       "findings of many files, put together by bug and ranked",
       {},
       {"ordeal report findings", "ordeal report a.ordeal b.ordeal"},
       "0 no finding; 72 interrupted; 77 findings"},
      {"compare",
       "A B",
       2,
       2,
       "are these two findings the same bug?",
       {},
       {"ordeal compare crash-3f2a.ordeal crash-77b1.ordeal"},
       "0 the same; 3 different"},
      {"show", "FILE", 1, 1, "a reproducer as text, whichever form the file has", {}, {"ordeal show crash-3f2a.ordeal"}, "0"},
      {"explore",
       "FILE",
       1,
       1,
       "every execution of a reproducer's program, rung by rung",
       {{"seconds", "N", "of one rung (default 10)"},
        {"deviations", "N", "the most in one execution, 0..1000 (default: all executions, those with the fewest first)"}},
       {"ordeal explore corpus/bugs/user.publish_relaxed.ordeal", "ordeal explore --seconds=60 crash-3f2a.ordeal"},
       "0 no damage; 72 interrupted; 77 damage"},
  };
}

std::vector<VerbEntry> OfOtherFiles() {
  return {
      {"litmus",
       "FILE...",
       1,
       kMany,
       "what herd7 says of LKMM litmus tests; of a reproducer: the test",
       {{"model", "NAME", "sc, tso, armv8, armv8-ldar, power, lkmm, rc11, coherence (default lkmm)"},
        {"exhaustive", "", "every execution, however long it takes (default: ten seconds, then random runs)"},
        {"seconds", "N", "of the exhaustive search"},
        {"runs", "N", "random runs in place of the exhaustive search (default 10000, after it)"},
        {"seed", "N", "of the random runs (default 1)"},
        {"unroll", "N", "turns of a loop, 0..100"},
        {"symmetry", "0", "build every execution: not one for all that differ by threads with equal code"},
        {"from", "PLACE", "goes on where an interrupted search said that it stood"},
        {"json", "", "an object a test"}},
       {"ordeal litmus MP.litmus", "ordeal litmus --model=power --json tests/*.litmus",
        "ordeal litmus corpus/bugs/user.publish_relaxed.ordeal >mp.litmus"},
       "0; 1 a file was refused, the others were answered; 72 interrupted"},
      {"bugs",
       "",
       0,
       0,
       "the catalogue of bugs that can be planted",
       {{"sites", "", "also the Sites that they weaken: order, partner, reason"}},
       {"ordeal bugs", "ordeal bugs --sites"},
       "0"},
  };
}

std::vector<VerbEntry> OfMachines() {
  return {
      {"whatsup",
       "DIR...",
       1,
       kMany,
       "how stress runs are doing, by their directories or those below",
       {},
       {"ordeal whatsup runs"},
       "0; 1 where one cannot be read"},
      {"compare-runs",
       "A B",
       2,
       2,
       "do two stress runs differ? Scenario by scenario, by Fisher's exact test",
       {},
       {"ordeal compare-runs runs/before runs/after"},
       "0"},
      {"topo",
       "",
       0,
       0,
       "this machine, or a described one, and where threads would go",
       {{"topology", "WHICH", "native, synthetic:STRING, xml:FILE (default native)"},
        {"placement", "POLICY", "spread, compact, smt, cache, package, node, random, list, rotate (default: what each could do here)"},
        {"cpulist", "LIST", "with --placement=list: OS numbers, 0,8,16-19"},
        {"threads", "N", "of a crew (default 2)"},
        {"crews", "N", "side by side (default 0: as many as fit)"},
        {"reserve", "N", "processors that are left free (default 0)"},
        {"oversubscribe", "", "more threads than processors, if need be"},
        {"seed", "N", "of --placement=random (default 1)"},
        {"epoch", "N", "of a run: rotate and random change with it (default 0)"}},
       {"ordeal topo", "ordeal topo --placement=smt --threads=4", "ordeal topo '--topology=synthetic:pack:2 core:16 pu:4'"},
       "0; 2 the machine cannot do this"},
      {"doctor", "", 0, 0, "is this machine fit for a night of stress?", {}, {"ordeal doctor"}, "0 fit; 2 unfit"},
  };
}

std::string Title(const VerbEntry& v) { return absl::StrCat(std::string(v.name), v.files.empty() ? "" : " ", std::string(v.files)); }

std::string FlagText(const VerbFlag& f) { return absl::StrCat("--", std::string(f.name), f.value.empty() ? "" : "=", std::string(f.value)); }

}  // namespace

std::span<const VerbEntry> VerbTable() {
  static const auto* all = [] {
    auto* verbs = new std::vector<VerbEntry>;
    for (const auto& part : {OfOneFinding(), OfManyFindings(), OfOtherFiles(), OfMachines()}) verbs->insert(verbs->end(), part.begin(), part.end());
    return verbs;
  }();
  return *all;
}

const VerbEntry* FindVerb(std::string_view name) {
  const auto at = std::ranges::find(VerbTable(), name, &VerbEntry::name);
  return at == VerbTable().end() ? nullptr : &*at;
}

std::string HelpOf(const VerbEntry& verb) {
  std::string s = absl::StrCat("usage: ordeal ", std::string(verb.name), verb.flags.empty() ? "" : " [--FLAG=VALUE ...]",
                               verb.files.empty() ? "" : " ", std::string(verb.files), "\n\n", std::string(verb.what), "\n\n");
  for (const VerbFlag& f : verb.flags) absl::StrAppendFormat(&s, "  %-20s %s\n", FlagText(f), std::string(f.help));
  absl::StrAppend(&s, verb.flags.empty() ? "" : "\n", "examples:\n");
  for (const std::string_view example : verb.examples) absl::StrAppend(&s, "  ", std::string(example), "\n");
  return absl::StrCat(s, "\nexit: ", std::string(verb.exits), "; 1 usage\n");
}

std::string HelpOfAll(bool all) {
  std::string s = "usage: ordeal VERB [--FLAG=VALUE ...] [FILE ...]\n\nThe handles of Ordeal: findings, litmus tests, stress runs, machines.\n\n";
  for (const VerbEntry& v : VerbTable()) absl::StrAppendFormat(&s, "  %-18s %s\n", Title(v), std::string(v.what));
  absl::StrAppend(&s, "\n`ordeal VERB --help` has a verb's flags and examples", all ? ":\n" : ", `ordeal --helpfull` all of them.\n");
  if (all) {
    for (const VerbEntry& v : VerbTable()) absl::StrAppend(&s, "\n", HelpOf(v));
    return s;
  }
  return s +
         "\nexamples:\n  ordeal explain corpus/bugs/user.publish_relaxed.ordeal\n  ordeal report findings\n  ordeal litmus --model=power MP.litmus\n"
         "  ordeal whatsup runs\n\nexit: 0 as expected, 1 usage, 2 machine unfit, 3 expectation not met, 72 interrupted, 77 finding without an "
         "expectation\n";
}

}  // namespace ordeal
