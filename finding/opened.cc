#include "finding/opened.h"

#include "finding/bugs.h"
#include "finding/replay.h"

namespace ordeal {

absl::StatusOr<Opened> Open(const Reproducer& r, Budget budget) {
  absl::StatusOr<model::Rung> rung = ParseRung(r.model);
  if (!rung.ok()) return rung.status();
  absl::StatusOr<std::unique_ptr<Machine>> machine = MakeMachine(r.allocator);
  if (!machine.ok()) return machine.status();
  if (absl::Status s = PlantBugs(r.bugs); !s.ok()) return s;
  Opened o;
  o.machine = *std::move(machine);
  o.machine->Load(r.program);
  o.investigator = std::make_unique<Investigator>(*o.machine, *rung, ReportWhat::kAll, budget);
  model::RunOptions options;
  options.rung = *rung;
  options.replay = &r.decisions;
  o.finding = o.investigator->Look(r, options);
  return o;
}

}  // namespace ordeal
