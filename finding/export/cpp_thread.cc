#include "finding/export/cpp_thread.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace ordeal {

using model::EventType;
using model::kNoEvent;
using model::TraceEvent;

std::string CppNumber(u64 value) { return absl::StrFormat("%#xu", value); }

namespace {

const char* FenceOrder(Order o) {
  switch (o) {
    case Order::kRmb: return "memory_order_acquire";
    case Order::kWmb: return "memory_order_release";
    case Order::kNone: return "";
    default: return "memory_order_seq_cst";
  }
}

// C11 has no acquiring store and no releasing load; neither has the kernel.
const char* AccessOrder(EventType type, Order o) {
  switch (o) {
    case Order::kAcquire: return type == EventType::kStore ? "memory_order_relaxed" : "memory_order_acquire";
    case Order::kRelease: return type == EventType::kLoad ? "memory_order_relaxed" : "memory_order_release";
    case Order::kFull: return "memory_order_seq_cst";
    default: return "memory_order_relaxed";
  }
}

class ThreadWriter {
 public:
  ThreadWriter(const Finding& f, const SharedPlaces& shared, const CellLayout& layout)
      : f_(f), events_(f.trace.events), shared_(shared), layout_(layout) {}

  CppThread Write(u8 cpu) {
    for (u32 id = 0; id < events_.size(); ++id) {
      const TraceEvent& e = events_[id];
      const bool fence = e.type == EventType::kFence;
      if (e.cpu != cpu || !(fence ? FenceOrder(e.order)[0] != 0 : shared_.Touch(e))) continue;
      Comment(e);
      if (fence) {
        Line(absl::StrCat("Fence(", FenceOrder(e.order), ");"));
      } else {
        Branches(e);
        Access(id);
      }
    }
    for (const u32 addr : held_) Line(absl::StrCat("Unlock(cell + ", layout_.OffsetOf(addr), ");  // the execution ended while it was held"));
    for (size_t k = 0; k < seen_.size(); ++k) Line(absl::StrCat("seen[", k, "] = ", seen_[k], ";"));
    return std::move(out_);
  }

 private:
  void Line(const std::string& text) { absl::StrAppend(&out_.body, "  ", text, "\n"); }

  void Comment(const TraceEvent& e) {
    if (e.key.op != op_) {
      op_ = e.key.op;
      if (const std::string line = OpLine(f_.reproducer, op_); !line.empty()) Line(absl::StrCat("// ", line));
    }
    const bool plain = IsAccess(e) && e.order == Order::kPlain && e.type != EventType::kLock && e.type != EventType::kUnlock;
    Line(absl::StrCat("// ", KeyName(e.key), "  ", EventText(e), "  ", WhereText(e), plain ? "; atomic here: a plain race would be undefined" : ""));
  }

  // The loads of shared places that a dependency comes from, also by way of values that the CPU left in a place of its own.
  void Sources(const std::vector<u32>& loads, std::set<u32>& visited, std::vector<u32>& out) const {
    for (const u32 load : loads) {
      if (!visited.insert(load).second) continue;
      if (register_.contains(load)) {
        out.push_back(load);
      } else if (!shared_.Touch(events_[load])) {
        for (u32 granule = FirstGranule(events_[load]); granule <= LastGranule(events_[load]); ++granule)
          if (const u32 store = SourceOf(events_[load], granule); store != kNoEvent) Sources(events_[store].data_deps, visited, out);
      }
    }
  }
  std::vector<u32> Sources(const std::vector<u32>& loads) const {
    std::set<u32> visited;
    std::vector<u32> out;
    Sources(loads, visited, out);
    return out;
  }

  std::string Depends(const std::vector<u32>& loads) const {
    std::string text;
    for (const u32 load : Sources(loads)) absl::StrAppend(&text, " + Zero(", register_.at(load), ")");
    return text;
  }

  // A control dependency lasts to the end of the thread: one branch a load is enough.
  void Branches(const TraceEvent& e) {
    for (const u32 load : Sources(e.ctrl_deps)) {
      if (!branched_.insert(load).second) continue;
      const TraceEvent& l = events_[load];
      Line(absl::StrCat("Branch(", register_.at(load), ", ", CppNumber(l.bytes == 16 ? l.read[0] ^ l.read[1] : l.read[0]), ");"));
    }
  }

  void Access(u32 id) {
    const TraceEvent& e = events_[id];
    const std::string at = absl::StrCat("cell + ", layout_.OffsetOf(e.addr), Depends(e.addr_deps));
    if (e.type == EventType::kLock) {
      const std::string got = Name(1);
      held_.insert(e.addr);
      return Line(absl::StrCat("const u64 ", got, " = Lock(", at, ");"));
    }
    if (e.type == EventType::kUnlock) {
      held_.erase(e.addr);
      return Line(absl::StrCat("Unlock(", at, ");"));
    }
    if (e.bytes == 16) return DoubleWord(id, at);
    const bool full = e.order == Order::kFull;
    if (full) Line("Fence(memory_order_seq_cst);");
    const std::string kind = absl::StrCat("<u", e.bytes * 8, ", ", AccessOrder(e.type, e.order), ">(", at);
    if (e.type == EventType::kStore) {
      Line(absl::StrCat("Store", kind, ", ", CppNumber(e.written[0]), Depends(e.data_deps), ");"));
    } else {
      const std::string call = CallOf(id, kind);  // before its own result has a name
      register_[id] = Name(e.read[0]);
      Line(absl::StrCat("const u64 ", register_[id], " = ", call, ");"));
    }
    if (full) Line("Fence(memory_order_seq_cst);");
  }

  // What an RMW read and wrote is known, not how it was computed: a fetch-op writes what depends on what it read, an exchange does not.
  std::string CallOf(u32 id, const std::string& kind) const {
    const TraceEvent& e = events_[id];
    if (e.type == EventType::kLoad) return absl::StrCat("Load", kind);
    if (e.type == EventType::kRmwFailed) return absl::StrCat("FailToExchange", kind, ", ", CppNumber(~e.read[0]));
    const bool fetches = std::ranges::find(e.data_deps, id) != e.data_deps.end();
    return absl::StrCat(fetches ? "Add" : "Exchange", kind, ", ", CppNumber(fetches ? e.written[0] - e.read[0] : e.written[0]), Depends(e.data_deps));
  }

  void DoubleWord(u32 id, const std::string& at) {
    const TraceEvent& e = events_[id];
    const bool failed = e.type == EventType::kRmwFailed;
    const auto pair = [](u64 low, u64 high, const std::string& dep) {
      return absl::StrCat("{", CppNumber(low), dep, ", ", CppNumber(high), dep, "}");
    };
    const std::string expected = failed ? pair(~e.read[0], ~e.read[1], "") : pair(e.read[0], e.read[1], "");
    const std::string desired = failed ? expected : pair(e.written[0], e.written[1], Depends(e.data_deps));
    const std::string low = Name(e.read[0]);
    seen_.back() = absl::StrCat(low, ".low");
    seen_.push_back(absl::StrCat(low, ".high"));
    out_.expected.push_back(e.read[1]);
    if (e.order == Order::kFull) Line("Fence(memory_order_seq_cst);");
    if (e.order == Order::kRelease) Line("Fence(memory_order_release);");
    Line(absl::StrCat("const Pair ", low, " = CompareExchange16(", at, ", ", expected, ", ", desired, ");"));
    if (e.order == Order::kAcquire) Line("Fence(memory_order_acquire);");
    if (e.order == Order::kFull) Line("Fence(memory_order_seq_cst);");
    register_[id] = absl::StrCat("(", low, ".low ^ ", low, ".high)");
  }

  // Of the next result, which is `value` in the execution.
  std::string Name(u64 value) {
    seen_.push_back(absl::StrCat("r", names_++));
    out_.expected.push_back(value);
    return seen_.back();
  }

  const Finding& f_;
  const std::vector<TraceEvent>& events_;
  const SharedPlaces& shared_;
  const CellLayout& layout_;
  CppThread out_;
  std::map<u32, std::string> register_;  // by load: what its value is called
  std::vector<std::string> seen_;
  std::set<u32> branched_, held_;
  u16 op_ = kInitOp;
  int names_ = 0;
};

}  // namespace

CppThread WriteCppThread(const Finding& f, u8 cpu, const SharedPlaces& shared, const CellLayout& layout) {
  return ThreadWriter(f, shared, layout).Write(cpu);
}

}  // namespace ordeal
