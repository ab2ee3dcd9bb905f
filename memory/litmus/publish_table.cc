// Which publish and consume pair is safe, for what, on which machine? Prints the table of docs/publish_and_consume.md.
//
// One CPU prepares a location and publishes; another consumes and, if it got something, reads or writes the location with a plain
// access, as a kfree() does. Unsafe: it can read the old value, or its write can end up below the publisher's; for the LKMM and RC11 also: a
// data race. Every cell is an exhaustive search of one litmus test on every rung.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "memory/litmus/parser.h"
#include "memory/litmus/run.h"

namespace ordeal::litmus {
namespace {

struct Way {
  const char* name;
  const char* code;
};
constexpr Way kPublish[] = {
    {"`WRITE_ONCE`", "WRITE_ONCE(*slot, 1);"},
    {"`smp_wmb`; `WRITE_ONCE`", "smp_wmb(); WRITE_ONCE(*slot, 1);"},
    {"`smp_store_release`", "smp_store_release(slot, 1);"},
    {"`smp_mb`; `WRITE_ONCE`", "smp_mb(); WRITE_ONCE(*slot, 1);"},
    {"`xchg_relaxed`", "r9 = xchg_relaxed(slot, 1);"},
    {"`xchg_release`", "r9 = xchg_release(slot, 1);"},
};
constexpr Way kConsume[] = {
    {"`READ_ONCE`", "r0 = READ_ONCE(*slot);"},
    {"`READ_ONCE`; `smp_rmb`", "r0 = READ_ONCE(*slot); smp_rmb();"},
    {"`smp_load_acquire`", "r0 = smp_load_acquire(slot);"},
    {"`READ_ONCE`; `smp_mb`", "r0 = READ_ONCE(*slot); smp_mb();"},
    {"`xchg_acquire`", "r0 = xchg_acquire(slot, 0);"},
};
// What the freer touches: the object, or metadata whose address it computes from the object's; or metadata that it finds in another way.
constexpr Way kWhere[] = {{"address-derived", "*(x + (r0 ^ r0))"}, {"unrelated", "*x"}};
constexpr model::Rung kOn[] = {model::Rung::kTso, model::Rung::kArmv8, model::Rung::kPower, model::Rung::kLkmm, model::Rung::kRc11};

bool Unsafe(const std::string& text, model::Rung rung) {
  const absl::StatusOr<Test> test = ParseLitmus(text, "table");
  RunPlan plan;
  plan.rung = rung;
  plan.seconds = 0;
  const absl::StatusOr<RunReport> r = test.ok() ? RunTest(*test, plan) : test.status();
  if (!r.ok() || !r->complete) {
    std::fprintf(stderr, "%s\n%s\n", text.c_str(), r.ok() ? "not complete" : std::string(r.status().message()).c_str());
    std::exit(1);
  }
  return r->answer.positive > 0 || r->answer.data_race;
}

// "safe", or the rungs on which it is not.
std::string Cell(const Way& publish, const Way& consume, const Way& where, bool writes) {
  const std::string access = writes ? absl::StrCat(where.code, " = 2;") : absl::StrCat("r1 = ", where.code, ";");
  const std::string bad = writes ? "1:r0=1 /\\ [x]=1" : "1:r0=1 /\\ 1:r1=0";
  const std::string text =
      absl::StrCat("C cell\n{ x=0; slot=0; }\nP0(int *x, int *slot) { int r9; *x = 1; ", publish.code, " }\nP1(int *x, int *slot) { int r0; int r1; ",
                   consume.code, " if (r0 == 1) { ", access, " } }\nexists (", bad, ")\n");
  std::vector<std::string> unsafe;
  for (const model::Rung rung : kOn)
    if (Unsafe(text, rung)) unsafe.emplace_back(model::RungTitle(rung));
  return unsafe.empty() ? "safe" : absl::StrJoin(unsafe, " ");
}

}  // namespace
}  // namespace ordeal::litmus

int main() {
  using namespace ordeal::litmus;
  std::printf(
      "| publish | consume | address-derived, read | address-derived, written | unrelated, read | unrelated, written |\n|---|---|---|---|---|---|\n");
  for (const Way& p : kPublish) {
    for (const Way& c : kConsume) {
      std::printf("| %s | %s", p.name, c.name);
      for (const Way& w : kWhere)
        for (const bool writes : {false, true}) std::printf(" | %s", Cell(p, c, w, writes).c_str());
      std::printf(" |\n");
    }
  }
}
