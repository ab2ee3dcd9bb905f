// Who turns what the interpreter, the allocator's hooks and the engine say into shadow events? One observer per machine.
//
// Hooks that fire inside an allocation are kept back until the allocation has an address to be told about.
#pragma once
#include "allocator/hooks.h"
#include "memory/model/engine.h"
#include "memory/model/tracked.h"
#include "program/program.h"
#include "shadow/shadow.h"

namespace ordeal {

class Observer {
 public:
  explicit Observer(Shadow& shadow) : shadow_(shadow) {}

  void Begin();  // an execution starts
  // Something seemed to go wrong where a load had returned what was not stored yet. The shadow watches in the order of the run: a use of an object, before
  // its time, from before it was allocated is no use after its free. Such an execution is not judged.
  bool unjudged() const { return unjudged_; }

  // ---- for Interpreter
  void BeginOp(const Op& op) {
    model::BeginOp(op.id);
    cpu_[op.cpu].op = op.id;
  }
  // Interrupts of this CPU's op (engine.h). What was going on in it goes on afterwards.
  void InterruptAt(u16 k, model::Handler handler, void* self) { model::InterruptAt(k, handler, self); }
  void RunInterrupt() { model::RunInterrupt(); }
  void BeginInterrupt(const Op& op) {
    model::BeginInterruptOp(op.id);
    interrupted_[op.cpu] = cpu_[op.cpu];
    cpu_[op.cpu] = Cpu();
    cpu_[op.cpu].op = op.id;
  }
  void EndInterrupt(const Op& op) { cpu_[op.cpu] = interrupted_[op.cpu]; }
  void Emit(const ShadowEvent& e);
  void InAllocator(bool inside, ObjectId object);
  void UserAccess(ObjectId object) { model::SetUser(true, object); }
  void Allocated(Tracked<u64> address, ObjectId object) { model::MarkLifetime(model::EventType::kAlloc, address.raw(), address.dep(), object); }
  void Freeing(Tracked<u64> address, ObjectId object) { model::MarkLifetime(model::EventType::kFree, address.raw(), address.dep(), object); }
  ObjectId NewObject(int cpu);
  ObjectId ObjectOf(MessageId m);  // 0: not published yet, and a promised load saw it
  void Publish(MessageId m, ObjectId object) {
    if (m < kMaxMessages) object_of_[m] = object;
  }
  static u64 Offset(u64 address) { return address - model::kArenaBase; }

  // ---- for the allocator
  Hooks hooks() { return {&Observer::Tell, this}; }
  // While formatting, events are kept for every execution of the image.
  void StartFormat();
  void EndFormat() { formatting_ = false; }
  std::span<const ShadowEvent> format_events() const { return format_events_; }

 private:
  static constexpr MessageId kMaxMessages = kMaxOps + 2;
  static constexpr int kMaxHeld = 16;
  struct Cpu {
    u16 op = 0;
    ObjectId object = 0;  // in the allocator's hands
    bool allocating = false;
    int held = 0;
    ShadowEvent hold[kMaxHeld];
  };
  static void Tell(void* self, const HookEvent& h) { static_cast<Observer*>(self)->On(h); }
  void On(const HookEvent& h);
  void Pass(const ShadowEvent& e);
  void WrongAt(bool evidence);
  bool IsEvidence(const ShadowEvent& e) const;

  Shadow& shadow_;
  Cpu cpu_[kMaxCpus], interrupted_[kMaxCpus];
  ObjectId next_object_ = 1;
  ObjectId object_of_[kMaxMessages] = {};
  bool formatting_ = false, stopping_ = false, unjudged_ = false;
  std::vector<ShadowEvent> format_events_;
};

}  // namespace ordeal
