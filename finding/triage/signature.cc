#include "finding/triage/signature.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/hash.h"
#include "finding/event_text.h"
#include "program/text.h"

namespace ordeal {
namespace {

std::string KindOf(const std::string& headline) {
  const size_t slash = headline.find('/');
  return headline.rfind("not-ordering", 0) == 0 ? headline : headline.substr(0, slash);
}

// "op 2 cpu 0 publish a s0 once" is in every program another op: what is done there counts.
std::string WithoutNumbers(const Repair& r) {
  const bool op = r.kind == Repair::Kind::kPublish || r.kind == Repair::Kind::kConsume;
  if (r.kind == Repair::Kind::kLock) return "a lock";
  return op ? absl::StrCat("the user: ", r.kernel) : RepairText(r);
}

std::string CauseOf(const Finding& f) {
  if (!f.cures.empty())
    return absl::StrJoin(f.cures.front().repairs, " and ", [](std::string* out, const Repair& r) { absl::StrAppend(out, WithoutNumbers(r)); });
  const Verdict& v = f.verdict;
  std::set<std::string> sites;
  for (const u32 e : f.cycle)
    if (f.trace.events[e].site != 0) sites.insert(PlaceName(f.trace.events[e]));
  return absl::StrCat(ViolationName(ViolationOf(v)), sites.empty() ? "" : " at ", absl::StrJoin(sites, ", "));
}

int Severity(const std::string& kind) {
  constexpr std::string_view kOrder[] = {"not-ordering/sequential", "not-ordering/interleaving", "ordering", "liveness", "race", "contract"};
  return static_cast<int>(std::ranges::find(kOrder, kind) - std::begin(kOrder));
}

size_t SizeOf(const Finding& f) { return f.reproducer.program.ops.size() * 16 + f.reproducer.decisions.size(); }

}  // namespace

Signature SignatureOf(const Finding& f) { return {KindOf(f.verdict.headline), OwnerName(f.verdict.owner), CauseOf(f)}; }

std::string NameOf(const Signature& s) {
  std::string kind = s.kind;
  std::ranges::replace(kind, '/', '-');
  return absl::StrFormat("%s-%s-%08x", kind, s.owner, static_cast<u32>(HashBytes(absl::StrCat(s.kind, "|", s.owner, "|", s.cause))));
}

void AddTo(std::vector<Group>& groups, const Finding& f, const std::string& file) {
  const Signature s = SignatureOf(f);
  const auto group = std::ranges::find(groups, s, &Group::signature);
  if (group == groups.end()) {
    groups.push_back({s, f, {file}});
    return;
  }
  group->files.push_back(file);
  if (SizeOf(f) < SizeOf(group->best)) group->best = f;
}

void Rank(std::vector<Group>& groups) {
  std::ranges::sort(groups, [](const Group& a, const Group& b) {
    const auto key = [](const Group& g) { return std::tuple(Severity(g.signature.kind), -static_cast<i64>(g.files.size()), g.signature); };
    return key(a) < key(b);
  });
}

std::string Compare(const Finding& a, const std::string& a_name, const Finding& b, const std::string& b_name) {
  std::string out;
  const auto line = [&](const char* what, const std::string& x, const std::string& y) {
    if (x == y) {
      absl::StrAppendFormat(&out, "  %-9s %s\n", what, x);
    } else {
      absl::StrAppendFormat(&out, "  %-9s %s: %s\n  %-9s %s: %s\n", what, a_name, x, "", b_name, y);
    }
  };
  const Signature s = SignatureOf(a), t = SignatureOf(b);
  const auto effect = [](const Finding& f) {
    return f.verdict.effect ? std::string(ViolationName(f.verdict.effect->violation)) : std::string("none");
  };
  line("headline", a.verdict.headline, b.verdict.headline);
  line("owner", s.owner, t.owner);
  line("effect", effect(a), effect(b));
  line("cause", s.cause, t.cause);
  const bool same_witness = Format(a.reproducer) == Format(b.reproducer);
  absl::StrAppend(&out, "  ",
                  s == t ? (same_witness ? "the same bug, by the same witness" : "the same bug, by different witnesses") : "different bugs", ": ",
                  NameOf(s), s == t ? "" : absl::StrCat(", ", NameOf(t)), "\n");
  return out;
}

}  // namespace ordeal
