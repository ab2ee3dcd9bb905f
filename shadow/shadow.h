// Did this execution go wrong? The shadow hears every event of one execution, in the order in which they happened, and
// says what was wrong with it. It never sees a pointer or an allocator.
//
//   shadow.Begin(geometry, format_events);
//   for each event: if (shadow.On(event)) stop;    // an effect: what follows would be its consequences
//   shadow.Finish(enumerated);
//   shadow.reports()
//
// Allocates nothing after the first executions of a size. Not thread-safe: on real memory, merge the CPUs' events first.
#pragma once
#include <span>
#include <vector>

#include "memory/geometry.h"
#include "shadow/contract.h"
#include "shadow/event.h"
#include "shadow/ledger.h"
#include "shadow/lifetimes.h"
#include "shadow/records.h"
#include "shadow/report.h"
#include "shadow/slabs.h"

namespace ordeal {

class Shadow {
 public:
  // Forgets the last execution. `format_events`: what the allocator told while its initial image was made (its slabs).
  void Begin(const Geometry& geometry, std::span<const ShadowEvent> format_events = {});

  // True if this event showed an effect (IsEffect); races and broken contracts are reported and give false.
  bool On(const ShadowEvent& event);

  // After an effect whose execution may turn out to be none (a load was promised what is not stored yet): what the users still do for and
  // against the contract. Everything else would be consequences.
  void Listen(const ShadowEvent& event);

  // The end. `enumerated`: every CPU ran to its end, and after that the allocator told all its free objects and slabs
  // (kListed, kSlabListed). False if the execution was cut short or the allocator cannot enumerate: nothing counts as lost.
  // The page counter is judged when a kCounter comes, which is at quiescence only.
  void Finish(bool enumerated);

  // In the order in which they showed. At most Reports::kMax.
  const std::vector<Report>& reports() const { return reports_.all(); }
  const Report* first() const { return reports().empty() ? nullptr : &reports().front(); }
  const Report* first_effect() const;

 private:
  void OnUser(const ShadowEvent& event);
  void OnAllocator(const ShadowEvent& event);
  void OnEngine(const ShadowEvent& event);
  void Alloc(const ShadowEvent& event);
  void Free(const ShadowEvent& event);
  void Touch(const ShadowEvent& event);

  Reports reports_;
  Lifetimes lifetimes_;
  Slabs slabs_;
  Records records_;
  Ledger ledger_;
  ContractClock contract_;
};

}  // namespace ordeal
