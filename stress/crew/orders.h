// Is there an order of what the threads saw in which nothing is wrong? Clocks say in which order events probably came, and never for certain: a
// finding on a real machine is what no order explains.
//
// Certain are the order within each CPU, that a message is taken after it was published, and that a last put comes after the puts that it saw.
// The order of the clocks is tried first. Where that looks wrong, all others are, as far as they differ: events that have nothing in common
// commute. So a clock that is off never makes a false alarm; what it can do is hide one thing, two live objects in one place, if both
// were freed soon after.
#pragma once
#include <map>
#include <span>
#include <vector>

#include "memory/geometry.h"
#include "shadow/shadow.h"
#include "stress/crew/log.h"

namespace ordeal::stress {

// What one CPU did in one round.
using CpuEvents = std::vector<Logged>;

// Makes of the threads' logs what the shadow understands: objects numbered through, and what an allocator told of an object that it was about to
// give behind the alloc. False: somebody took a message that nobody published.
bool Understand(std::vector<CpuEvents>& cpus);

enum class Sense : u8 { kFine, kWrong, kUndecided };

// Not thread-safe.
class Orders {
 public:
  static constexpr u64 kMostEvents = 400'000;  // given to the shadow, before it is undecided

  explicit Orders(Shadow& shadow) : shadow_(shadow) {}

  // kFine: there is an order in which the shadow sees no effect, and it has just seen that one. kWrong: there is none; it has seen the order of the
  // clocks, up to the first effect. Not yet at its end: Finish() is the caller's.
  Sense Find(const Geometry& geometry, std::span<const ShadowEvent> format_events, const std::vector<CpuEvents>& cpus);

 private:
  struct Key {
    u64 a = 0, b = 0;  // what the event is about: a place for objects, a record, a cgroup; 0: nothing more
    bool everything = false;
  };
  bool ByTheClocks();
  bool Search();
  bool Ready(size_t cpu) const;
  bool Commutes(size_t cpu) const;
  bool Take(size_t cpu);  // false: an effect
  void TakeBack();
  void StartOver();
  Key KeyOf(const ShadowEvent& e) const;
  Key PlaceOf(u64 offset) const;
  void MakeKeys();

  Shadow& shadow_;
  Geometry geometry_;
  std::span<const ShadowEvent> format_events_;
  const std::vector<CpuEvents>* cpus_ = nullptr;
  std::map<ObjectId, Key> places_;  // of the objects that were allocated
  std::vector<std::vector<Key>> keys_;
  std::vector<size_t> at_;       // of each CPU: events taken
  std::vector<size_t> taken_;    // CPUs, in the order tried
  std::vector<bool> published_;  // by message
  u64 told_ = 0;
};

}  // namespace ordeal::stress
