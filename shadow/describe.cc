#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "program/names.h"
#include "shadow/report.h"

namespace ordeal {
namespace {

std::string Op(u16 op, u8 cpu) {
  if (op == kNoOp) return "the end of the run";
  return cpu == kNoCpu ? absl::StrFormat("op %d", op) : absl::StrFormat("op %d on cpu %d", op, cpu);
}
std::string Here(const Report& r) { return Op(r.op, r.cpu); }
std::string There(const Report& r) { return Op(r.other_op, r.other_cpu); }

std::string_view HowPublished(Publish p) {
  constexpr std::string_view kWords[kPublishes] = {"a plain store",
                                                   "WRITE_ONCE",
                                                   "smp_wmb and WRITE_ONCE",
                                                   "smp_store_release",
                                                   "smp_mb and WRITE_ONCE",
                                                   "xchg",
                                                   "a plain store under the slot's lock"};
  return NameIn(std::to_array(kWords), p);
}

std::string Overlap(const Report& r) {
  const std::string place = absl::StrFormat("0x%x (%d bytes)", r.offset, r.bytes);
  switch (r.detail) {
    case Detail::kListedLive:
      return absl::StrFormat("a free list holds 0x%x, which is live as object %d since %s", r.offset, r.other_object, There(r));
    case Detail::kListedTwice: return absl::StrFormat("the free lists hold 0x%x twice", r.offset);
    case Detail::kListedInside: return absl::StrFormat("a free list holds 0x%x, inside the object at 0x%x", r.offset, r.expected);
    case Detail::kSlabGoneLive:
      return absl::StrFormat("%s gives the pages of the slab at %s back, where object %d of %s is live", Here(r), place, r.other_object, There(r));
    case Detail::kSlabOverSlab: return absl::StrFormat("%s formats a slab at %s over live object %d", Here(r), place, r.other_object);
    default:
      return absl::StrFormat("%s was given object %d at %s, where object %d of %s is live at 0x%x (%d bytes)", Here(r), r.object, place,
                             r.other_object, There(r), r.seen, r.expected);
  }
}

std::string MetadataAddress(const Report& r) {
  const std::string what = absl::StrFormat("%s computes 0x%x as the record of object %d at 0x%x, ", Here(r), r.offset, r.object, r.seen);
  switch (r.detail) {
    case Detail::kRecordShared: return absl::StrCat(what, absl::StrFormat("which is that of object %d at 0x%x", r.other_object, r.expected));
    case Detail::kRecordMoved: return absl::StrCat(what, absl::StrFormat("which was at 0x%x before", r.expected));
    case Detail::kRecordInObject: return absl::StrCat(what, absl::StrFormat("which lies in the object at 0x%x", r.expected));
    default: return absl::StrCat(what, "which lies in the contents of that object");
  }
}

std::string LedgerText(const Report& r) {
  const std::string what = absl::StrFormat("%s, object %d: ", Here(r), r.object);
  switch (r.detail) {
    case Detail::kChargedTwice: return absl::StrCat(what, absl::StrFormat("charged %d bytes, and has %d already", r.seen, r.expected));
    case Detail::kChargedDead: return absl::StrCat(what, absl::StrFormat("charged %d bytes, but is free", r.seen));
    case Detail::kNotCharged: return absl::StrCat(what, absl::StrFormat("uncharged %d bytes, but was not charged", r.seen));
    case Detail::kOtherBytes: return absl::StrCat(what, absl::StrFormat("uncharged %d bytes, but was charged %d", r.seen, r.expected));
    case Detail::kStillCharged: return absl::StrCat(what, absl::StrFormat("freed, but its %d bytes are still charged", r.seen));
    case Detail::kOtherCgroup:
      return absl::StrCat(what, absl::StrFormat("uncharged from cgroup %d, but was charged to cgroup %d", r.seen, r.expected));
    case Detail::kStatistic:
      return absl::StrFormat("the statistic says %d bytes, live objects were charged %d", static_cast<i64>(r.seen), r.expected);
    case Detail::kBelowZero:
      return absl::StrFormat("cgroup %d: %d bytes in the page counter, a stock or the residue", r.cgroup, static_cast<i64>(r.seen));
    case Detail::kGoneHolds: return absl::StrFormat("cgroup %d is gone, and its page counter says %d bytes", r.cgroup, r.seen);
    default:
      if (r.cgroup == 0) return absl::StrFormat("the page counter says %d bytes, live objects were charged %d", r.seen, r.expected);
      return absl::StrFormat("the page counter of cgroup %d, less what is held back, says %d bytes, live objects were charged %d", r.cgroup,
                             static_cast<i64>(r.seen), r.expected);
  }
}

std::string ContractText(const Report& r) {
  if (r.detail == Detail::kCacheEndTooEarly) {
    return absl::StrFormat(
        "%s destroys the cache, and no edge of the users orders what cpu %d did with it before: %s gives it up: a fully ordered decrement needed",
        Here(r), r.other_cpu, There(r));
  }
  const std::string_view access = r.other_is_alloc ? "the allocation" : r.other_is_write ? "the store" : "the load";
  std::string text = absl::StrFormat("%s %s object %d, and no edge of the users orders %s of %s before it: ", Here(r), r.at_touch ? "uses" : "frees",
                                     r.object, access, There(r));
  const std::string hand = Op(r.hand_op, r.hand_cpu);
  switch (r.detail) {
    case Detail::kPublishTooWeak: return absl::StrFormat("%s%s publishes with %s: release needed", text, hand, HowPublished(r.publish));
    case Detail::kConsumeTooWeak: return absl::StrCat(text, hand, " consumes with a plain load: READ_ONCE or acquire needed");
    case Detail::kOneSideLocks:
      return absl::StrCat(text, hand,
                          r.consume == Consume::kLocked ? " takes the slot's lock, and the publisher does not"
                                                        : " does not take the slot's lock, under which it was published");
    case Detail::kPutTooWeak: return absl::StrCat(text, hand, " gives its reference back and releases nothing: release needed");
    case Detail::kLastPutTooWeak:
      return absl::StrCat(text, "the others' references were released, and the last one to go acquires nothing: smp_mb or acquire needed");
    case Detail::kAfterHandOver: return absl::StrCat(text, "it comes after ", hand, " has published the object");
    default: return absl::StrCat(text, "the object was not handed on from there");
  }
}

std::string Text(const Report& r) {
  switch (r.violation) {
    case Violation::kNone: return "nothing";
    case Violation::kOverlap: return Overlap(r);
    case Violation::kDoubleFree: return absl::StrFormat("%s frees object %d at 0x%x, which %s has freed", Here(r), r.object, r.offset, There(r));
    case Violation::kUseAfterFree:
      return absl::StrFormat("%s %s byte %d of object %d, which %s has freed", Here(r), r.is_write ? "writes" : "reads", r.offset, r.object,
                             There(r));
    case Violation::kStaleContents:
      return absl::StrFormat("%s reads 0x%x from byte %d of object %d, the newest write there is 0x%x", Here(r), r.seen, r.offset, r.object,
                             r.expected);
    case Violation::kMetadataAddress: return MetadataAddress(r);
    case Violation::kLedger: return LedgerText(r);
    case Violation::kLostObject: return absl::StrFormat("the object at 0x%x (%d bytes) is neither live nor on a free list", r.offset, r.bytes);
    case Violation::kLostSlab: return absl::StrFormat("the slab with objects from 0x%x (%d bytes) is on no list", r.offset, r.bytes);
    case Violation::kWildAccess:
      if (r.detail == Detail::kListLeadsOut) return absl::StrFormat("a free list holds 0x%x, which is in no slab", r.offset);
      return absl::StrFormat("%s reaches for 0x%x", Here(r), r.seen);
    case Violation::kDeadlock: return "every CPU waits for a lock";
    case Violation::kLivelock: return "the step budget ended";
    case Violation::kRace: return absl::StrFormat("%s and %s at 0x%x (%d bytes)", Here(r), There(r), r.offset, r.bytes);
    case Violation::kContract: return ContractText(r);
    case Violation::kObjcgUse:
      return absl::StrFormat("%s uses the obj_cgroup of cgroup %d, whose last reference %s has put", Here(r), r.cgroup, There(r));
  }
  return "";
}

}  // namespace

std::string Describe(const Report& report) { return absl::StrCat(ViolationName(report.violation), ": ", Text(report)); }

}  // namespace ordeal
