#include "finding/litmus_export.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "finding/event_text.h"
#include "finding/replay.h"
#include "memory/site.h"

namespace ordeal {
namespace {

using model::EventType;
using model::kNoEvent;
using model::Trace;
using model::TraceEvent;

bool IsLock(const TraceEvent& e) { return e.type == EventType::kLock || e.type == EventType::kUnlock; }

std::string PlaceOf(const TraceEvent& e) {
  const std::string file = e.where.file_name();
  return absl::StrCat(e.bytes, e.bytes == 1 ? " byte" : " bytes", " at arena+0x", absl::Hex(e.addr), " (", file.substr(file.rfind('/') + 1), ":",
                      e.where.line(), ")");
}

class Writer {
 public:
  Writer(const Trace& trace, std::string name) : trace_(trace), name_(std::move(name)) {}

  absl::StatusOr<std::string> Write() {
    if (absl::Status s = NameVariables(); !s.ok()) return s;
    if (variables_.empty()) return Unsaid("no location is shared between CPUs");
    std::string threads;
    for (int cpu = 0; cpu < trace_.cpus; ++cpu) absl::StrAppend(&threads, Thread(static_cast<u8>(cpu)));
    std::string text = absl::StrCat("C ", name_, "\n\n(* An execution that Ordeal found; locations of one CPU alone are left out. *)\n\n{\n");
    for (const auto& [addr, v] : variables_) {
      if (v.lock) {
        absl::StrAppend(&text, "  spinlock_t ", v.name, ";");
      } else {
        absl::StrAppend(&text, "  ", v.name, " = ", Short(v.initial), ";");
      }
      absl::StrAppend(&text, "  (* ", v.what, " *)\n");
    }
    for (const auto& [value, short_one] : short_values_) {
      if (value != static_cast<u64>(short_one)) absl::StrAppend(&text, "  (* ", short_one, " stands for 0x", absl::Hex(value), " *)\n");
    }
    absl::StrAppend(&text, "}\n\n", threads, "exists (", condition_.empty() ? "true" : absl::StrJoin(condition_, " /\\ "), ")\n");
    return text;
  }

 private:
  struct Variable {
    std::string name, what;
    u8 bytes = 0;
    bool lock = false;
    u64 initial = 0;
    int stores = 0;
    u32 last = kNoEvent;
  };

  // The locations that more than one CPU touches and some CPU writes.
  absl::Status NameVariables() {
    std::map<u32, std::set<u8>> cpus;
    std::set<u32> written;
    for (const TraceEvent& e : trace_.events) {
      if (!IsAccess(e)) continue;
      for (u32 byte = e.addr; byte < e.addr + e.bytes; ++byte) {
        cpus[byte].insert(e.cpu);
        if (Writes(e)) written.insert(byte);
      }
    }
    std::map<u32, const TraceEvent*> by_byte;
    for (const TraceEvent& e : trace_.events) {
      if (!IsAccess(e)) continue;
      bool shared = false;
      for (u32 byte = e.addr; byte < e.addr + e.bytes; ++byte) shared |= cpus[byte].size() > 1 && written.contains(byte);
      if (!shared) continue;
      if (e.bytes == 16) return Unsaid(absl::StrCat("a double word: ", PlaceOf(e)));
      for (u32 byte = e.addr; byte < e.addr + e.bytes; ++byte) {
        const TraceEvent*& before = by_byte[byte];
        if (before != nullptr && (before->addr != e.addr || before->bytes != e.bytes)) {
          return Unsaid(absl::StrCat("accesses of several sizes: ", PlaceOf(*before), " and ", PlaceOf(e)));
        }
        before = &e;
      }
      Variable& v = variables_[e.addr];
      v.bytes = e.bytes;
      v.lock |= IsLock(e);
      if (v.what.empty()) v.what = absl::StrCat("arena+0x", absl::Hex(e.addr), ", ", e.bytes, e.bytes == 1 ? " byte" : " bytes");
      if (Reads(e) && e.rf[0] == kNoEvent) v.initial = e.read[0];
      v.stores += Writes(e);
      computes_ |= Fetches(e);
    }
    int n = 0;
    for (auto& [addr, v] : variables_) v.name = absl::StrCat(v.lock ? "lock" : "x", n++);
    for (const Trace::Location& l : trace_.locations) {
      for (const u32 store : l.stores) {
        const auto v = variables_.find(trace_.events[store].addr);
        if (v != variables_.end()) v->second.last = store;
      }
    }
    for (const auto& [addr, v] : variables_) {
      if (v.stores > 1 && !v.lock) condition_.push_back(absl::StrCat(v.name, "=", Short(trace_.events[v.last].written[0])));
    }
    return absl::OkStatus();
  }
  static absl::Status Unsaid(const std::string& what) {
    return absl::FailedPreconditionError(absl::StrCat("a litmus test cannot say this execution: ", what));
  }

  std::string Thread(u8 cpu) {
    std::set<std::string> parameters;
    std::string body, declarations, indent = "  ";
    std::set<u32> branched;
    int registers = 0;
    for (u32 id = 0; id < trace_.events.size(); ++id) {
      const TraceEvent& e = trace_.events[id];
      if (e.cpu != cpu) continue;
      const auto v = IsAccess(e) ? variables_.find(e.addr) : variables_.end();
      if (e.type != EventType::kFence && v == variables_.end()) continue;
      const std::string fence = e.type == EventType::kFence ? FenceText(e.order) : "";
      if (e.type == EventType::kFence && fence.empty()) continue;
      if (e.type != EventType::kFence) {
        for (const u32 load : e.ctrl_deps) {  // they last to the end of the thread
          if (!register_.contains(load) || !branched.insert(load).second) continue;
          absl::StrAppend(&body, indent, "if (", register_[load], " == ", Short(trace_.events[load].read[0]), ") {\n");
          indent += "  ";
        }
        parameters.insert(absl::StrCat(v->second.lock ? "spinlock_t *" : "int *", v->second.name));
      }
      std::string result;
      if (Reads(e)) {
        result = absl::StrCat("r", registers++);
        absl::StrAppend(&declarations, "  int ", result, ";\n");
        condition_.push_back(absl::StrCat(static_cast<int>(cpu), ":", result, "=", Short(e.read[0])));
      }
      absl::StrAppend(&body, indent, fence.empty() ? AccessText(e, v->second, result) : fence, ";\n");
      if (Reads(e)) register_[id] = result;
    }
    for (size_t k = 0; k < branched.size(); ++k) {
      indent.resize(indent.size() - 2);
      absl::StrAppend(&body, indent, "}\n");
    }
    return absl::StrCat("P", static_cast<int>(cpu), "(", absl::StrJoin(parameters, ", "), ")\n{\n", declarations, body, "}\n\n");
  }

  // " + (r1 ^ r1)" for each register that the value was computed from.
  std::string Depends(const std::vector<u32>& loads, u32 but = kNoEvent) const {
    std::string text;
    for (const u32 load : loads) {
      const auto r = register_.find(load);
      if (load != but && r != register_.end()) absl::StrAppend(&text, " + (", r->second, " ^ ", r->second, ")");
    }
    return text;
  }

  bool Fetches(const TraceEvent& e) const { return std::ranges::find(e.data_deps, static_cast<u32>(&e - trace_.events.data())) != e.data_deps.end(); }

  // Values stand for themselves where something computes with them; else they are small numbers, the same for the same value.
  i64 Short(u64 value) {
    if (computes_ || value == 0) return static_cast<i64>(value);
    const auto [at, fresh] = short_values_.try_emplace(value, static_cast<i64>(short_values_.size()) + 1);
    return at->second;
  }

  std::string AccessText(const TraceEvent& e, const Variable& v, const std::string& result) {
    const std::string dep = Depends(e.addr_deps);
    const std::string at = absl::StrCat(v.name, dep), lvalue = dep.empty() ? absl::StrCat("*", at) : absl::StrCat("*(", at, ")");
    const std::string value = absl::StrCat(Short(e.written[0]), Depends(e.data_deps, static_cast<u32>(&e - trace_.events.data())));
    switch (e.type) {
      case EventType::kLock: return absl::StrCat("spin_lock(", v.name, ")");
      case EventType::kUnlock: return absl::StrCat("spin_unlock(", v.name, ")");
      case EventType::kLoad:
        if (e.order == Order::kAcquire) return absl::StrCat(result, " = smp_load_acquire(", at, ")");
        return absl::StrCat(result, " = ", e.order == Order::kPlain ? lvalue : absl::StrCat("READ_ONCE(", lvalue, ")"));
      case EventType::kStore:
        if (e.order == Order::kRelease) return absl::StrCat("smp_store_release(", at, ", ", value, ")");
        return e.order == Order::kPlain ? absl::StrCat(lvalue, " = ", value) : absl::StrCat("WRITE_ONCE(", lvalue, ", ", value, ")");
      case EventType::kRmwFailed: return absl::StrCat(result, " = cmpxchg(", at, ", ", Short(e.read[0]) + kNever, ", ", kNever, ")");
      default: return absl::StrCat(result, " = ", RmwText(e, at, value));
    }
  }

  // What was read and written is known, not how it was computed: a fetch-op writes what depends on what it read, an exchange does not.
  std::string RmwText(const TraceEvent& e, const std::string& at, const std::string& value) const {
    const char* suffix = e.order == Order::kAcquire   ? "_acquire"
                         : e.order == Order::kRelease ? "_release"
                         : e.order == Order::kFull    ? ""
                                                      : "_relaxed";
    if (!Fetches(e)) return absl::StrCat("xchg", suffix, "(", at, ", ", value, ")");
    return absl::StrCat("atomic_fetch_add", suffix, "(", static_cast<i64>(e.written[0] - e.read[0]),
                        Depends(e.data_deps, static_cast<u32>(&e - trace_.events.data())), ", ", at, ")");
  }

  static constexpr i64 kNever = 1 << 20;  // far from any short value: what a cmpxchg that fails compares with

  static std::string FenceText(Order o) {
    switch (o) {
      case Order::kRmb: return "smp_rmb()";
      case Order::kWmb: return "smp_wmb()";
      case Order::kMb: return "smp_mb()";
      case Order::kBeforeAtomic: return "smp_mb__before_atomic()";
      case Order::kAfterAtomic: return "smp_mb__after_atomic()";
      case Order::kAfterSpinlock: return "smp_mb__after_spinlock()";
      case Order::kAfterUnlockLock: return "smp_mb__after_unlock_lock()";
      default: return "";
    }
  }

  const Trace& trace_;
  const std::string name_;
  std::map<u32, Variable> variables_;    // by address
  std::map<u32, std::string> register_;  // by load
  std::vector<std::string> condition_;
  std::map<u64, i64> short_values_;
  bool computes_ = false;
};

}  // namespace

absl::StatusOr<std::string> LitmusOf(const Trace& trace, const std::string& name) { return Writer(trace, name).Write(); }

absl::StatusOr<std::string> LitmusOf(const Reproducer& r, const std::string& file) {
  absl::StatusOr<ReplayResult> result = Replay(r, 1);
  if (!result.ok()) return absl::Status(result.status().code(), absl::StrCat(file, ": ", result.status().message()));
  if (!result->finding) return absl::NotFoundError(absl::StrCat(file, ": nothing found: there is no execution to write down"));
  std::string name = file.substr(file.rfind('/') + 1);
  name = name.substr(0, name.rfind(".ordeal"));
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '-' && c != '_' && c != '.') c = '-';
  absl::StatusOr<std::string> text = LitmusOf(result->finding->trace, name);
  if (!text.ok()) return absl::Status(text.status().code(), absl::StrCat(file, ": ", text.status().message()));
  return text;
}

}  // namespace ordeal
