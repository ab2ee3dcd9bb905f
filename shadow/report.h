// What did the shadow see? A violation with the operations, objects and numbers that belong to it; plain data, compared by ==.
// Text is made only when somebody asks for it.
#pragma once
#include <string>
#include <vector>

#include "program/program.h"
#include "shadow/event.h"
#include "shadow/violation.h"

namespace ordeal {

inline constexpr u16 kNoOp = 0xffff;
inline constexpr u8 kNoCpu = 0xff;

// Which of a violation's forms it was; the comment says what `seen` and `expected` hold.
enum class Detail : u8 {
  kNone,
  // (use-after-free, stale-contents: offset is the field's in the object, seen and expected are values)
  // overlap: offset, bytes are the newcomer's
  kCoversLive,    // seen, expected: offset and bytes of the live object (other_object, its alloc in other_op)
  kListedLive,    // on a free list while live (other_object)
  kListedTwice,   // two free lists, or twice on one
  kListedInside,  // on a free list, but no object starts there; expected: start of the object around it
  kSlabGoneLive,  // a slab's pages were given back while an object of it is live (other_object)
  kSlabOverSlab,  // a slab was formatted over one with a live object (other_object)
  // metadata-address: offset, bytes: the record; seen: offset of the object
  kRecordShared,      // other_object has it too; expected: where that one's starts
  kRecordMoved,       // expected: where it was before
  kRecordInObject,    // inside another object, whose offset is in expected
  kRecordInContents,  // inside the bytes that the user may use
  // charge-ledger: seen, expected are bytes
  kChargedTwice,
  kChargedDead,
  kNotCharged,    // uncharged without having been charged
  kOtherBytes,    // uncharged with another number than charged
  kStillCharged,  // freed, never uncharged
  kOtherCgroup,   // uncharged from cgroup `seen`, charged to cgroup `expected`
  kCounter,       // seen: the page counter (of a cgroup: less what is held back); expected: what live objects were charged
  kStatistic,     // seen: the statistic; expected: what live objects were charged
  kBelowZero,     // seen: the page counter of a cgroup, or one part of what is held back
  kGoneHolds,     // seen: the page counter of a cgroup that is gone
  // contract: other_op made the access, other_cpu is its CPU, op frees; hand_op, publish, consume say where the chain broke
  kPublishTooWeak,
  kConsumeTooWeak,
  kAfterHandOver,     // the access comes after its CPU had published the object: hand_op is that publish
  kNoHandOver,        // no chain of messages leads from the access to the free
  kOneSideLocks,      // the hand-over holds the slot's lock on one side only; hand_op consumes
  kPutTooWeak,        // the accessor gave its reference back (hand_op) and released nothing
  kLastPutTooWeak,    // it released, but the last one to give a reference back acquired nothing
  kCacheEndTooEarly,  // no object: op destroys the cache, and the calls of other_cpu, which gives it up in other_op, are not ordered before
  // wild-access
  kAddress,       // seen: the address
  kListLeadsOut,  // offset: on a free list, in no slab
};

struct Report {
  Violation violation = Violation::kNone;
  Detail detail = Detail::kNone;
  u8 cpu = kNoCpu;  // where it showed
  u8 other_cpu = kNoCpu;
  u16 op = kNoOp;        // the operation in which it showed
  u16 other_op = kNoOp;  // the other one it takes: first free, live object's alloc, unordered access, second access of a race
  u16 site = 0;          // the allocator's Site, 0 if none; race: the first access's
  u16 other_site = 0;    // race: the second access's
  ObjectId object = 0;
  ObjectId other_object = 0;
  u8 cgroup = 0;                // charge-ledger, objcg-use-after-put: whose; 0: none
  bool is_write = false;        // use-after-free: a store
  bool other_is_write = false;  // contract: the unordered access is a store (an allocation counts as one)
  bool other_is_alloc = false;  // contract: it is the allocation itself
  bool at_touch = false;        // contract: asked at an access that failed, not at a free
  u16 hand_op = kNoOp;          // contract: the publish or consume that broke the chain
  u8 hand_cpu = kNoCpu;
  Publish publish = Publish::kRelease;  // contract, kPublishTooWeak: what it did
  Consume consume = Consume::kAcquire;  // contract, kConsumeTooWeak: what it did
  u64 offset = 0, bytes = 0;
  u64 seen = 0, expected = 0;
  bool operator==(const Report&) const = default;
};

// One or two lines, no newline at the end: "contract: op 5 on cpu 1 frees object 1, but ... op 2 publishes with WRITE_ONCE: release needed".
std::string Describe(const Report& report);

// Where the checks put what they found. A few are kept: what follows the first effect is mostly its consequences.
class Reports {
 public:
  static constexpr size_t kMax = 32;
  Reports() { all_.reserve(kMax); }
  void Clear() {
    all_.clear();
    effects_ = 0;
  }
  void Add(const Report& r) {
    effects_ += IsEffect(r.violation);
    if (all_.size() < kMax) all_.push_back(r);
  }
  const std::vector<Report>& all() const { return all_; }
  u32 effects() const { return effects_; }

 private:
  std::vector<Report> all_;
  u32 effects_ = 0;
};

}  // namespace ordeal
