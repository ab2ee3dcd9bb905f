#include "run/machine.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "allocator/registry.h"
#include "base/suggest.h"
#include "memory/model/model.h"
#include "run/interpreter.h"
#include "run/observer.h"

namespace ordeal {
namespace {

constexpr model::Addr kSlotsAt = 64 << 10;     // the shared slots
constexpr model::Addr kAllocatorAt = 1 << 20;  // the allocator's region
static_assert(kAllocatorAt % kRegionAlignment == 0);

// Far more than any op takes, retries against every other CPU included: only a real livelock gets there.
u32 StepBudget(const Program& p) { return std::min<u32>(model::kMaxSteps, 1000 + 200 * static_cast<u32>(p.ops.size())); }

template <Allocator A>
class ModelMachine final : public Machine {
 public:
  ModelMachine() { model::MapArena(); }

  void Load(const Program& program) override {
    program_ = program;
    model::ClearImage();
    observer_.StartFormat();
    allocator_.emplace(model::kArenaBase + kAllocatorAt, program_.geometry, observer_.hooks());
    allocator_->Format();
    observer_.EndFormat();
    interpreter_.emplace(program_, *allocator_, *reinterpret_cast<SharedSlots<Model>*>(model::kArenaBase + kSlotsAt), observer_);
    interpreter_->Format();
  }

  const Outcome& Run(const model::RunOptions& options) override {
    observer_.Begin();
    shadow_.Begin(program_.geometry, observer_.format_events());
    model::RunOptions bounded = options;
    bounded.max_steps = StepBudget(program_);
    outcome_.run = model::Run(program_.geometry.cpus, &Body, this, bounded);
    Conclude();
    return outcome_;
  }

  model::ExactResult Explore(const model::ExactOptions& options, const std::function<void(const Outcome&, const model::Execution&)>& visit) override {
    model::ExactOptions mine = options;
    mine.max_steps = StepBudget(program_);
    mine.show_wild = true;
    mine.before = [this] {
      observer_.Begin();
      shadow_.Begin(program_.geometry, observer_.format_events());
    };
    return model::Explore(program_.geometry.cpus, &Body, this, mine, [&](const model::Execution& e) {
      outcome_.run = e.run;
      outcome_.run.ending = e.ending;
      outcome_.run.race_suspects = 0;
      Conclude();
      visit(outcome_, e);
    });
  }

  const char* allocator() const override { return A::kName; }

 private:
  static void Body(void* self, int cpu) { static_cast<ModelMachine*>(self)->interpreter_->RunCpu(cpu); }

  void Conclude() {
    outcome_.unjudged = outcome_.run.ending != model::Ending::kUnkept && observer_.unjudged();
    if (outcome_.run.ending == model::Ending::kUnkept || outcome_.unjudged) return ConcludeNothing();
    ReportEnding();
    const bool quiescent = outcome_.run.ending == model::Ending::kFinished;
    if (quiescent) allocator_->Enumerate();
    shadow_.Finish(quiescent);
    outcome_.reports.assign(shadow_.reports().begin(), shadow_.reports().end());
    outcome_.race_suspected = outcome_.run.race_suspects != 0;
  }

  // What was promised did not come, and it was no execution; or the shadow cannot know.
  void ConcludeNothing() {
    outcome_.reports.clear();
    outcome_.race_suspected = false;
  }

  void ReportEnding() {
    ShadowEvent e{};
    switch (outcome_.run.ending) {
      case model::Ending::kDeadlock: e.kind = EventKind::kDeadlock; break;
      case model::Ending::kLivelock: e.kind = EventKind::kLivelock; break;
      case model::Ending::kWild:
        e.kind = EventKind::kWildAccess;
        e.value = outcome_.run.wild_address;
        e.cpu = outcome_.run.wild_cpu;
        e.op = outcome_.run.wild_op;
        break;
      default: return;
    }
    shadow_.On(e);
  }

  Program program_;
  Shadow shadow_;
  Observer observer_{shadow_};
  std::optional<A> allocator_;
  std::optional<Interpreter<Model, A, Observer>> interpreter_;
  Outcome outcome_;
};

}  // namespace

const Report* Outcome::effect() const {
  for (const Report& r : reports)
    if (IsEffect(r.violation)) return &r;
  return nullptr;
}

const Report* Outcome::first(Violation v) const {
  for (const Report& r : reports)
    if (r.violation == v) return &r;
  return nullptr;
}

std::vector<std::string_view> AllocatorNames() {
  std::vector<std::string_view> names;
  for (const AllocatorInfo& a : kAllocators) names.push_back(a.name);
  return names;
}

absl::StatusOr<std::unique_ptr<Machine>> MakeMachine(const std::string& allocator) {
  RegisterAllSites();
  std::unique_ptr<Machine> machine;
  if (WithAllocator<Model>(allocator, [&]<class A>() { machine = std::make_unique<ModelMachine<A>>(); })) return machine;
  return absl::NotFoundError(absl::StrCat("no allocator '", allocator, "'", DidYouMean(allocator, AllocatorNames())));
}

void RegisterAllSites() {
  RegisterSites(user_site::kTable);
  RegisterAllocatorSites();
}

}  // namespace ordeal
