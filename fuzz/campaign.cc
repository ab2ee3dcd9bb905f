#include "fuzz/campaign.h"

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/check.h"
#include "base/exit_code.h"
#include "base/hash.h"
#include "base/random.h"
#include "base/signals.h"
#include "base/summary.h"
#include "finding/bugs.h"
#include "memory/model/buffering.h"
#include "program/bytes.h"
#include "program/generate.h"

namespace ordeal {
absl::StatusOr<std::unique_ptr<Campaign>> Campaign::Make(const FuzzFlags& flags) {
  std::unique_ptr<Campaign> c(new Campaign(flags));
  c->defaults_.allocator = flags.allocator;
  c->defaults_.model = flags.model;
  c->defaults_.bugs = flags.bugs;
  if (absl::Status s = c->Use(c->defaults_); !s.ok()) return s;
  return c;
}

// Sets the machine up for this allocator, model and these bugs, if it is not already.
absl::Status Campaign::Use(const Reproducer& r) {
  if (machine_ != nullptr && r.allocator == in_use_.allocator && r.model == in_use_.model && r.bugs == in_use_.bugs) return absl::OkStatus();
  absl::StatusOr<model::Rung> rung = ParseRung(r.model);
  if (!rung.ok()) return absl::InvalidArgumentError(absl::StrCat("model ", r.model, ": ", rung.status().message()));
  absl::StatusOr<std::unique_ptr<Machine>> machine = MakeMachine(r.allocator);
  if (!machine.ok()) return machine.status();
  if (absl::Status s = PlantBugs(r.bugs); !s.ok()) return s;
  rung_ = *rung;
  machine_ = *std::move(machine);
  investigator_ = std::make_unique<Investigator>(*machine_, rung_, flags_.report);
  in_use_ = r;
  return absl::OkStatus();
}

bool Campaign::Canary(std::string* said) {
  // The relaxed publish needs memory weaker than x86's; on the stronger rungs the truncated stride stands in.
  const char* bug = model::IsWeak(rung_) && rung_ != model::Rung::kTso ? "user.publish_relaxed" : "acct.stride_u16";
  Reproducer r;
  r.allocator = flags_.allocator;
  r.bugs = {bug};
  ORDEAL_CHECK(PlantBugs(r.bugs).ok(), "the canary is in the catalogue");
  Rng rng(2026);
  constexpr u32 kBudget = 20000;
  u32 n = 0;
  bool found = false;
  while (n < kBudget && !found) {
    r.program = Generate(rng, {.max_ops = 12, .max_cpus = 2});
    if (bug[0] == 'a') Focus({"twin.acct.stride_u16"}, r.program);
    machine_->Load(r.program);
    for (int s = 0; s < 8 && !found; ++s, ++n) {
      model::RunOptions o;
      o.rung = rung_;
      o.seed = n;
      found = machine_->Run(o).effect() != nullptr;
    }
  }
  ORDEAL_CHECK(PlantBugs(in_use_.bugs).ok(), "bugs were planted before");
  *said = found ? absl::StrFormat("canary %s found in execution %d", bug, n) : absl::StrFormat("canary %s silent in %d executions", bug, n);
  return found;
}

// Recording takes four times as long as an execution: so many inputs are not looked at for load buffering for one that is.
constexpr u64 kOfInputs = 2;

void Campaign::RunInput(std::span<const u8> input, u8* features) {
  Reproducer r;
  absl::StatusOr<Reproducer> read = ParseReproducer(TextOf(input), "input");
  if (read.ok()) {
    r = *std::move(read);
    // What the command line says goes for every input; a file on its own brings its allocator, model and bugs along.
    if (!flags_.bugs.empty()) r.bugs = flags_.bugs;
    if (flags_.allocator != FuzzFlags().allocator) r.allocator = flags_.allocator;
    if (flags_.model != FuzzFlags().model) r.model = flags_.model;
  } else {
    Rng rng(HashBytes(TextOf(input)));
    r = defaults_;
    r.program = Generate(rng, {.max_ops = flags_.max_ops, .max_cpus = flags_.cpus});
    Focus(r.bugs, r.program);
  }
  if (!Use(r).ok()) return;
  if (InterruptSignal() != 0) {
    std::fprintf(stderr, "%s", buckets_.Table().c_str());
    PrintSummary(absl::StrCat("interrupted after ", inputs_, " inputs, nothing found"));
    ExitNow(kExitInterrupted);
  }
  ++inputs_;
  buckets_.Count(r.program);
  machine_->Load(r.program);
  model::RunOptions o;
  o.rung = rung_;
  o.features = features;
  if (!r.decisions.empty()) {  // a finding's own execution first
    o.replay = &r.decisions;
    Execute(r, o, input);
    o.replay = nullptr;
  }
  const u64 seed = ProgramHash(r.program);  // schedules depend on the program alone
  const bool buffers = flags_.promises > 0 && model::BuffersLoads(rung_) && seed % kOfInputs == 0;
  for (int s = 0; s < flags_.schedules; ++s) {
    o.seed = seed + static_cast<u64>(s) * 0x9E3779B97F4A7C15ull;
    if (buffers && s + 1 == flags_.schedules) {
      Buffer(r, o, input);
    } else {
      Execute(r, o, input);
    }
  }
}

// Load buffering: one execution recorded, and again with a load that returns what was stored after it (memory/model/buffering.h).
void Campaign::Buffer(const Reproducer& r, model::RunOptions options, std::span<const u8> input) {
  options.record = true;
  Execute(r, options, input);
  options.record = false;
  const std::vector<Decisions> all =
      model::WithPromises(model::RecordedTrace(), model::RecordedDecisions(), options.seed, static_cast<size_t>(flags_.promises));
  for (const Decisions& with : all) {
    options.replay = &with;
    Execute(r, options, input);
  }
}

void Campaign::Execute(const Reproducer& r, const model::RunOptions& options, std::span<const u8> input) {
  const Outcome& outcome = machine_->Run(options);
  ++executions_;
  accesses_ += outcome.run.accesses;
  stale_ += outcome.run.stale;
  inserted_ += outcome.run.inserted;
  switches_ += outcome.run.switches;
  promised_ += outcome.run.promised;
  if (outcome.run.promised > 0 && outcome.run.ending != model::Ending::kUnkept) ++kept_;
  if (!investigator_->Suspicious(outcome)) return;
  if (std::optional<Finding> f = investigator_->Look(r, options)) Found(*f, input);
}

int Campaign::Finish(int code) {
  const auto per = [&](u64 n) { return executions_ != 0 ? static_cast<double>(n) / static_cast<double>(executions_) : 0.0; };
  std::fprintf(stderr, "geometry of %llu inputs:\n%s", static_cast<unsigned long long>(inputs_), buckets_.Table().c_str());
  const Tally& t = investigator_->tally();
  std::fprintf(stderr,
               "executions %llu: %.1f accesses, %.1f switches, %.2f stale reads, %.2f inserted stores each; promises %llu, kept %llu; judged %llu, "
               "forbidden by the model and discarded %llu, "
               "race suspicions dismissed %llu, broken contracts dismissed %llu\n",
               static_cast<unsigned long long>(executions_), per(accesses_), per(switches_), per(stale_), per(inserted_),
               static_cast<unsigned long long>(promised_), static_cast<unsigned long long>(kept_), static_cast<unsigned long long>(t.judged),
               static_cast<unsigned long long>(t.forbidden), static_cast<unsigned long long>(t.races_dismissed),
               static_cast<unsigned long long>(t.contracts_dismissed));
  if (code == kExitClean && !flags_.expect.empty()) {
    PrintSummary(absl::StrCat("expected ", flags_.expect, ", not found in ", inputs_, " inputs, ", executions_, " executions"));
    return kExitNotMet;
  }
  if (code == kExitClean)
    PrintSummary(absl::StrCat("nothing found in ", inputs_, " inputs, ", executions_, " executions; allocator=", flags_.allocator,
                              " model=", flags_.model, flags_.bugs.empty() ? "" : absl::StrCat(" bugs=", absl::StrJoin(flags_.bugs, ","))));
  return code;
}

}  // namespace ordeal
