// Which objects are live, and does everybody treat them as their state demands? Overlap, double free, use after free,
// stale contents.
//
// An object is live from the end of its alloc to the beginning of its free. Between the beginning and the end of the free it is
// leaving: no longer the user's, and at some time in between the allocator's to hand out again.
#pragma once
#include <span>
#include <vector>

#include "program/program.h"
#include "shadow/event.h"
#include "shadow/per_id.h"
#include "shadow/report.h"

namespace ordeal {

struct Lifetime {
  enum class State : u8 { kLive, kLeaving, kDead };
  State state = State::kLive;
  u8 written = 0;  // bit by field
  u8 alloc_cpu = 0, free_cpu = 0;
  u16 alloc_op = kNoOp, free_op = kNoOp;
  u32 place = 0;  // in the list of the live
  u64 offset = 0, bytes = 0;
  u64 token[kFields] = {};  // the newest

  bool live() const { return state == State::kLive; }
};

class Lifetimes {
 public:
  struct Live {
    u64 begin, end;
    ObjectId object;
  };

  Lifetimes();
  void Begin();
  void Alloc(const ShadowEvent& e, Reports& reports);
  // False, and reported, if the object is not live.
  bool Free(const ShadowEvent& e, Reports& reports);
  void Freed(const ShadowEvent& e);
  void Touch(const ShadowEvent& e, Reports& reports);
  void Next(const ShadowEvent& e, Reports& reports);

  // Null: no such object in this execution.
  const Lifetime* Find(ObjectId object) const { return all_.Find(object); }
  std::span<const Live> live() const { return live_; }
  // Any live object that covers one of these bytes, or null.
  const Live* Covering(u64 begin, u64 end) const {
    for (const Live& l : live_)
      if (begin < l.end && l.begin < end) return &l;
    return nullptr;
  }

 private:
  void UseAfterFree(const ShadowEvent& e, const Lifetime* l, u32 word, Reports& reports);

  PerId<Lifetime> all_;
  std::vector<Live> live_;
};

}  // namespace ordeal
