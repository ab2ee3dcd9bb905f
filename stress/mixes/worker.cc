#include "stress/mixes/worker.h"

#include <algorithm>
#include <bit>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <thread>

#include <time.h>

#include "base/hash.h"
#include "base/signals.h"
#include "memory/native/access.h"
#include "shadow/violation.h"
#include "stress/crew/timebase.h"

namespace ordeal::stress {
namespace {

constexpr u64 kRoundsBetweenLooks = 64, kLooksBetweenPins = 16;
constexpr u64 kFundamental = 16;  // alignment of what malloc gives, but for smaller blocks

double ProcessorSeconds() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

}  // namespace

Worker::Worker(Bench& bench, int member)
    : bench_(bench),
      call_(bench.options->family),
      member_(member),
      number_(bench.workers.fetch_add(1)),
      rng_(Mix64(bench.options->seed) ^ Mix64(number_)),
      done_(self().done.load(std::memory_order_relaxed)),
      shift_end_(bench.ops_of_a_shift == ~u64{0} ? ~u64{0} : done_ + bench.ops_of_a_shift),
      wall_(Now()),
      processor_(ProcessorSeconds()) {
  self().thread.store(ThisThread(), std::memory_order_relaxed);
}

void Worker::Pause() {
  native::Relax();
  if (++turns_ % 256 != 0) return;
  self().turns.store(self().turns.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  // The one that is waited for may need this processor.
  std::this_thread::yield();
  if (turns_ % 4096 == 0) Look();
}

void Worker::Op() {
  self().done.store(++done_, std::memory_order_relaxed);
  if (done_ % kOpsOfARound == 0) EndRound();
}

void Worker::EndRound() {
  if (bench_.stop.load(std::memory_order_relaxed)) return;  // what is still freed then belongs to no round
  bool others = false;
  for (int i = 0; i < threads(); ++i) {
    if (i == member_) continue;
    const u64 done = bench_.members[i].done.load(std::memory_order_relaxed);
    others |= done != seen_[i];
    seen_[i] = done;
  }
  ++self().rounds;
  self().overlapped += others;
  if (self().rounds >= bench_.options->rounds) bench_.stop.store(true, std::memory_order_relaxed);
  if (++rounds_ % kRoundsBetweenLooks == 0) Look();
}

void Worker::Look() {
  const double wall = Now(), processor = ProcessorSeconds();
  if (processor - processor_ < 0.5 * (wall - wall_)) self().starved += rounds_;
  rounds_unpinned_ += rounds_;
  if (++looks_ % kLooksBetweenPins == 0) {
    if (bench_.options->still_there != nullptr && !bench_.options->still_there(member_)) self().drifted += rounds_unpinned_;
    rounds_unpinned_ = 0;
  }
  rounds_ = 0;
  wall_ = wall;
  processor_ = processor;
  if (wall >= bench_.end || Interrupted()) bench_.stop.store(true, std::memory_order_relaxed);
}

void Worker::Wrong(const char* outcome, const char* format, ...) {
  const bool goes_on = outcome == kMisaligned;
  if (!goes_on) bench_.stop.store(true, std::memory_order_relaxed);
  WrongThing& w = goes_on ? self().misaligned : self().wrong;
  if (w.outcome[0] != 0) return;
  w.ticks = Ticks();
  va_list values;
  va_start(values, format);
  std::vsnprintf(w.text, sizeof w.text, format, values);
  va_end(values);
  std::strncpy(w.outcome, outcome, sizeof w.outcome - 1);
}

void Worker::Stamp(Block* b) {
  b->tag = MakeTag(number_, ++sequence_);
  WriteStamps(*b);
}

Block Worker::Take(const char* call, void* start, u64 size, u64 alignment) {
  ++self().allocations;
  if (start == nullptr) {
    ++self().refused;
    return {};
  }
  if (reinterpret_cast<u64>(start) % alignment != 0)
    Wrong(kMisaligned, "thread %d, worker %lu: %s of %lu bytes gave %p, expected a multiple of %lu\n", member_, number_, call, size, start,
          alignment);
  if (const u64 usable = call_.usable_size == nullptr ? size : call_.usable_size(start); usable < size) {
    Wrong(ViolationName(Violation::kOverlap), "thread %d, worker %lu: %s of %lu bytes gave %p, of which %lu are its own by malloc_usable_size\n",
          member_, number_, call, size, start, usable);
    return {};
  }
  return {static_cast<u8*>(start), 0, size, number_};
}

// A small block need not be aligned for what is larger than it.
static u64 AlignmentOf(u64 size) { return std::min(kFundamental, std::bit_floor(size)); }

Block Worker::Allocate(u64 size) {
  Block b = Take("malloc", call_.allocate(size), size, AlignmentOf(size));
  if (b.start != nullptr) Stamp(&b);
  Op();
  return b;
}

Block Worker::AllocateZeroed(u64 size) {
  Block b = Take("calloc", call_.allocate_zeroed(1, size), size, AlignmentOf(size));
  if (b.start != nullptr) {
    if (const u64 at = FirstNotZero(b.start, size); at < size) {
      Wrong(ViolationName(Violation::kStaleContents), "thread %d, worker %lu: calloc of %lu bytes gave %p, where byte %lu is 0x%02x\n", member_,
            number_, size, static_cast<void*>(b.start), at, b.start[at]);
      return {};
    }
    Stamp(&b);
  }
  Op();
  return b;
}

Block Worker::AllocateAligned(u64 alignment, u64 size) {
  size = (size + alignment - 1) / alignment * alignment;
  Block b = Take("aligned_alloc", call_.allocate_aligned(alignment, size), size, alignment);
  if (b.start != nullptr) Stamp(&b);
  Op();
  return b;
}

void Worker::Reallocate(Block* b, u64 size) {
  if (b->start == nullptr || !Intact(*b, b->size, "reallocates")) return;
  const bool remote = b->owner != number_;
  Block to = Take("realloc", call_.reallocate(b->start, size), size, AlignmentOf(size));
  if (to.start != nullptr) {
    // The old block is gone, as if freed.
    ++self().frees;
    self().remote_frees += remote;
    to.tag = b->tag;
    const u64 kept = std::min(size, b->size);
    Block old = *b;
    old.start = to.start;
    *b = to;
    if (Intact(old, kept, "has reallocated")) Stamp(b);
    else b->start = nullptr;
  }
  Op();
}

bool Worker::Intact(const Block& b, u64 bytes, const char* when) {
  Misfit m;
  if (StampsAreThere(b, bytes, &m)) return true;
  char whose[160];
  std::snprintf(whose, sizeof whose,
                m.tag == 0 || m.tag == b.tag ? "what nobody wrote there" : "what worker %lu wrote into a block, as his writing %lu", WorkerOf(m.tag),
                SequenceOf(m.tag));
  // Somebody else's stamp in a live block: it is his too. Anything else was left by the allocator, or has come too late.
  const Violation v = m.tag != 0 && m.tag != b.tag ? Violation::kOverlap : Violation::kStaleContents;
  Wrong(ViolationName(v),
        "thread %d, worker %lu %s a block of %lu bytes at %p, allocated by worker %lu, written by worker %lu as his writing %lu:\nat byte %lu there "
        "is 0x%016lx, expected 0x%016lx: %s\n",
        member_, number_, when, b.size, static_cast<void*>(b.start), b.owner, WorkerOf(b.tag), SequenceOf(b.tag), m.offset, m.found, m.expected,
        whose);
  return false;
}

bool Worker::Use(Block* b) {
  if (b->start == nullptr) return true;
  if (!Intact(*b, b->size, "gets")) return false;
  Stamp(b);
  return true;
}

void Worker::Free(Block* b) {
  if (b->start == nullptr || !Intact(*b, b->size, "frees")) return;
  call_.release(b->start);
  ++self().frees;
  self().remote_frees += b->owner != number_;
  *b = {};
  Op();
}

}  // namespace ordeal::stress
