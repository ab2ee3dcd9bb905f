// How is a sequence of events written in a test? One event a line, `cpu verb arguments`; the number of the line is the op.
//
//   0 alloc 1 @100 64         object, offset (hexadecimal), usable bytes; object 0: refused
//   0 free 1                  kFree and kFreed; enter 1 and freed 1 are the two alone. free 1 m2: through the register that took message 2
//   0 write 1.0 =7            object.field, token; read 1.0 =7
//   0 publish 1 m1 release    object, message, strength; consume likewise
//   0 put 1 release           object, strength of the decrement; then, if it was the last: last 1 xchg, and free 1. Each put has a bit of its
//                             own, and the last one sees all so far; last 1 xchg 2: the first two alone
//   0 cache_put release       likewise of the cache; then, if it was the last: cache_end xchg
//   0 next 1                  the load of the link, before the publish of what is linked
//   0 slab @0 64 x4           first object, object size, number; gone @0: its pages are given back
//   0 ext 1 @900 in @100      record of object 1, which is at 100; charge 1 @900 64; uncharge 1 @900 64
//   0 counter 64 | listed @100 | slab_listed @0                at quiescence
//   0 held 64 k1 | statistic 64                                at quiescence; held, counter, charge, uncharge: k1 is the cgroup, if any
//   0 objcg_use k1 | objcg_gone k1
//   0 race 3 4 | deadlock | livelock | wild @100
//
// Empty lines and lines from '#' on count as lines, so that ops keep their numbers.
#pragma once
#include <sstream>
#include <string>
#include <vector>

#include "base/check.h"
#include "program/names.h"
#include "shadow/shadow.h"

namespace ordeal {

class EventReader {
 public:
  static std::vector<ShadowEvent> Read(const std::string& text) {
    std::istringstream lines(text);
    std::string line;
    EventReader reader;
    for (u16 op = 0; std::getline(lines, line); ++op) reader.Line(line, op);
    return reader.events_;
  }

 private:
  void Line(const std::string& line, u16 op) {
    in_.clear();
    in_.str(line);
    int cpu = 0;
    std::string verb;
    if (!(in_ >> cpu >> verb)) return;
    e_ = ShadowEvent{};
    e_.cpu = static_cast<u8>(cpu);
    e_.op = op;
    ORDEAL_CHECK(User(verb) || Allocator(verb) || Engine(verb), line);
    ORDEAL_CHECK(!in_.fail(), line);
  }

  bool User(const std::string& verb) {
    if (verb == "alloc") return e_.object = Number(), e_.offset = Offset(), e_.bytes = Number(), Put(EventKind::kAlloc);
    if (verb == "freed") return e_.object = Number(), Put(EventKind::kFreed);
    if (verb == "enter" || verb == "free") {
      e_.object = Number();
      if (std::string message; in_ >> message) {
        e_.message = static_cast<MessageId>(std::stoul(message.substr(1)));
      } else {
        in_.clear();
      }
      Put(EventKind::kFree);
      e_.message = 0;
      return verb == "enter" || Put(EventKind::kFreed);
    }
    if (verb == "write" || verb == "read") {
      e_.object = Number();
      Skip('.');
      e_.a = Number();
      Skip('=');
      e_.value = Number();
      e_.b = verb == "write";
      return Put(EventKind::kTouch);
    }
    if (verb == "next") return e_.object = Number(), Put(EventKind::kNext);
    if (verb == "put") return e_.object = Number(), e_.a = Strength<Publish>(kPublishNames), e_.value = u64{1} << puts_++, Put(EventKind::kPut);
    if (verb == "last")
      return e_.object = Number(), e_.a = Strength<Consume>(kConsumeNames), e_.value = (u64{1} << Seen()) - 1, Put(EventKind::kLastPut);
    if (verb == "cache_put") return e_.a = Strength<Publish>(kPublishNames), Put(EventKind::kCachePut);
    if (verb == "cache_end") return e_.a = Strength<Consume>(kConsumeNames), Put(EventKind::kCacheEnd);
    if (verb != "publish" && verb != "consume") return false;
    e_.object = Number();
    Skip('m');
    e_.message = Number();
    if (verb == "publish") return e_.a = Strength<Publish>(kPublishNames), Put(EventKind::kPublish);
    return e_.a = Strength<Consume>(kConsumeNames), Put(EventKind::kConsume);
  }

  bool Allocator(const std::string& verb) {
    if (verb == "slab") {
      e_.offset = Offset();
      e_.bytes = Number();
      Skip('x');
      return e_.value = Number(), Put(EventKind::kSlabNew);
    }
    if (verb == "gone") return e_.offset = Offset(), Put(EventKind::kSlabGone);
    if (verb == "ext") {
      e_.object = Number();
      e_.offset = Offset();
      std::string in;
      in_ >> in;
      return e_.value = Offset(), Put(EventKind::kExtLookup);
    }
    if (verb == "charge" || verb == "uncharge") {
      e_.object = Number();
      e_.offset = Offset();
      e_.bytes = Number();
      return Cgroup(), Put(verb == "charge" ? EventKind::kCharge : EventKind::kUncharge);
    }
    if (verb == "counter" || verb == "held") {
      e_.value = SignedNumber();
      return Cgroup(), Put(verb == "counter" ? EventKind::kCounter : EventKind::kHeldBack);
    }
    if (verb == "statistic") return e_.value = SignedNumber(), Put(EventKind::kStatistic);
    if (verb == "objcg_use") return Cgroup(), Put(EventKind::kObjcgUse);
    if (verb == "objcg_gone") return Cgroup(), Put(EventKind::kObjcgGone);
    if (verb == "listed") return e_.offset = Offset(), Put(EventKind::kListed);
    if (verb == "slab_listed") return e_.offset = Offset(), Put(EventKind::kSlabListed);
    return false;
  }

  bool Engine(const std::string& verb) {
    if (verb == "race") return e_.a = Number(), e_.b = Number(), Put(EventKind::kRace);
    if (verb == "deadlock") return Put(EventKind::kDeadlock);
    if (verb == "livelock") return Put(EventKind::kLivelock);
    if (verb == "wild") return e_.value = Offset(), Put(EventKind::kWildAccess);
    return false;
  }

  u32 Seen() {
    u32 n = puts_;
    if (!(in_ >> n)) in_.clear(), n = puts_;
    return n;
  }
  u32 Number() {
    u32 n = 0;
    in_ >> std::dec >> n;
    return n;
  }
  u64 SignedNumber() {
    i64 n = 0;
    in_ >> std::dec >> n;
    return static_cast<u64>(n);
  }
  // Left out: 0.
  void Cgroup() {
    std::string k;
    if (in_ >> k) {
      e_.cgroup = static_cast<u8>(std::stoul(k.substr(1)));
    } else {
      in_.clear();
    }
  }
  u64 Offset() {
    Skip('@');
    u64 n = 0;
    in_ >> std::hex >> n;
    return n;
  }
  template <class Enum, size_t N>
  u32 Strength(const std::array<std::string_view, N>& names) {
    std::string word;
    in_ >> word;
    return static_cast<u32>(FindName<Enum>(names, word).value());
  }
  void Skip(char expected) {
    char c = 0;
    in_ >> c;
    ORDEAL_CHECK(c == expected, in_.str());
  }
  bool Put(EventKind kind) {
    e_.kind = kind;
    events_.push_back(e_);
    return true;
  }

  std::istringstream in_;
  u32 puts_ = 0;
  ShadowEvent e_{};
  std::vector<ShadowEvent> events_;
};

// What the shadow says of these events.
inline std::vector<Report> ReportsOf(const std::string& text, bool enumerated = false) {
  Shadow shadow;
  Geometry geometry;
  geometry.cpus = kMaxCpus;
  shadow.Begin(geometry);
  for (const ShadowEvent& e : EventReader::Read(text)) shadow.On(e);
  shadow.Finish(enumerated);
  return shadow.reports();
}

// Its text, a report a line; "" if all is well.
inline std::string Verdict(const std::string& text, bool enumerated = false) {
  std::string all;
  for (const Report& r : ReportsOf(text, enumerated)) all += (all.empty() ? "" : "\n") + Describe(r);
  return all;
}

}  // namespace ordeal
