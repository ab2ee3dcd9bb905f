// What does a thread remember of its rounds? Events of its own, one after the other, in memory that no other thread touches before the batch is over.
//
// That is how the shadow watches without adding the order that would hide a bug: no fence, no atomic, no shared line, only plain stores, and one
// reading of the timebase an op. What it does cost is time between accesses, and room in the store buffer: docs/stress.md has the measurement, and
// Watch::kResults and kNothing turn it down.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "program/program.h"
#include "shadow/event.h"

namespace ordeal::stress {

enum class Watch : u8 {
  kFull,     // all that users and allocator tell
  kResults,  // what users do and see, without times: as much as a litmus test records. No charges
  kNothing,  // for comparison
};

// Offsets are told as on the modelled memory: from the start of the region, and never 0, which means none.
inline constexpr u64 kOffsetOfRegion = 1 << 20;

struct Logged {
  u64 tick;       // when its op began: the events of different threads are put in this order first
  ShadowEvent e;  // objects are numbered by thread: kOwnObjects and kByMessage below
  bool in_alloc;  // told by an allocator that has not yet said which object it gives
};

// Objects as a thread knows them. One that it allocated: the CPU in the upper bits, counted from 1 in each round. One that came with a message: the
// message.
inline constexpr u32 kByMessage = 1u << 31;
inline constexpr u32 kOwnShift = 16;

// The log of one CPU of the program, over all cells of a batch. Not thread-safe: its thread's during the batch, the judges' after it.
class Log {
 public:
  Log(u32 cells, u32 events_each) : first_(cells), end_(cells), left_(cells), fault_(cells), events_(size_t{cells} * events_each) {}

  void Begin() { used_ = 0; }
  void BeginCell(u32 cell) {
    first_[cell] = end_[cell] = static_cast<u32>(used_);
    left_[cell] = 0;
    cell_ = cell;
  }
  void Add(const Logged& l) {
    if (used_ < events_.size()) events_[used_++] = l;
    else full_ = true;
  }
  void EndCell() { end_[cell_] = static_cast<u32>(used_); }
  void Lost(u32 cell, int left, u64 address) {
    end_[cell] = static_cast<u32>(used_);
    left_[cell] = left == 0 ? -1 : left;
    fault_[cell] = address;
  }

  std::span<const Logged> Of(u32 cell) const { return {events_.data() + first_[cell], events_.data() + end_[cell]}; }
  int left(u32 cell) const { return left_[cell]; }  // 0: it came back; a Left; -1: thrown out by mistake
  u64 fault(u32 cell) const { return fault_[cell]; }
  bool full() const { return full_; }  // an event had no room: nothing is known any more

 private:
  std::vector<u32> first_, end_;
  std::vector<int> left_;
  std::vector<u64> fault_;
  std::vector<Logged> events_;
  size_t used_ = 0;
  u32 cell_ = 0;
  bool full_ = false;
};

}  // namespace ordeal::stress
