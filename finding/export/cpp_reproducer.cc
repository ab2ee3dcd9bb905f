#include "finding/export/cpp_reproducer.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "finding/event_text.h"
#include "finding/export/cpp_runtime.h"
#include "finding/export/cpp_thread.h"
#include "finding/export/shared_places.h"

namespace ordeal {

using model::EventType;
using model::kNoEvent;
using model::Rung;
using model::TraceEvent;

namespace {

// The eight bytes of a granule before the execution, or after it.
struct Word {
  u8 bytes[8];
  u64 value() const {
    u64 v = 0;
    for (int k = 7; k >= 0; --k) v = v << 8 | bytes[k];
    return v;
  }
};

u8 ByteOf(const u64 (&value)[2], const TraceEvent& e, u32 addr) { return static_cast<u8>(value[(addr - e.addr) / 8] >> 8 * ((addr - e.addr) % 8)); }
// A backslash at the end would take the next line into the comment.
std::string Comment(const std::string& line) {
  return absl::StrCat(line.empty() ? "//" : "// ", absl::StrReplaceAll(line, {{"\n", "\n//   "}, {"\\", "/"}}), "\n");
}
bool Covers(const TraceEvent& e, u32 addr) { return e.addr <= addr && addr < e.addr + e.bytes; }

class ProgramWriter {
 public:
  ProgramWriter(const Finding& f, const std::string& name) : f_(f), events_(f.trace.events), name_(name), shared_(f.trace), layout_(shared_) {
    for (char& c : name_)
      if (!std::isalnum(static_cast<unsigned char>(c)) && c != '-' && c != '_' && c != '.') c = '-';
  }

  absl::StatusOr<std::string> Write() {
    if (shared_.granules().empty()) return absl::FailedPreconditionError("the CPUs of this execution meet in no place: threads have no part in it");
    for (const TraceEvent& e : events_) {
      if (!shared_.Touch(e)) continue;
      if (absl::Status s = Sayable(e); !s.ok()) return s;
      double_words_ |= e.bytes == 16;
    }
    const std::string threads = Threads();
    return absl::StrCat(Head(), kCppIncludes, kCppAccesses, double_words_ ? kCppDoubleWord : "", "\n// ---- The execution.\n", threads, Words(),
                        kCppRounds);
  }

 private:
  static absl::Status Sayable(const TraceEvent& e) {
    const bool rmw = e.type == EventType::kRmw || e.type == EventType::kRmwFailed;
    const bool one_piece = e.bytes == 1 || e.bytes == 2 || e.bytes == 4 || e.bytes == 8 || (e.bytes == 16 && rmw);
    if (one_piece && e.addr % e.bytes == 0) return absl::OkStatus();
    return absl::FailedPreconditionError(absl::StrCat("no machine makes this access in one piece: ", e.bytes, " bytes at arena+0x", absl::Hex(e.addr),
                                                      ": ", EventText(e), " (", WhereText(e), ")"));
  }

  std::string Threads() {
    std::string text;
    std::vector<std::string> table;
    for (int cpu = 0; cpu < f_.trace.cpus; ++cpu) {
      if (std::ranges::none_of(events_, [&](const TraceEvent& e) { return e.cpu == cpu && shared_.Touch(e); })) continue;
      const CppThread thread = WriteCppThread(f_, static_cast<u8>(cpu), shared_, layout_);
      std::vector<std::string> expected;
      for (const u64 value : thread.expected) expected.push_back(CppNumber(value));
      absl::StrAppend(&text, "\nvoid Cpu", cpu, "(unsigned char* cell, [[maybe_unused]] u64* seen) {\n", thread.body, "}\n");
      table.push_back(absl::StrCat("    {Cpu", cpu, ", {", absl::StrJoin(expected, ", "), "}},\n"));
    }
    return absl::StrCat(text,
                        "\nstruct Thread {\n  void (*run)(unsigned char* cell, u64* seen);\n  std::vector<u64> expected;  // in `seen`\n};\nconst "
                        "std::vector<Thread> kThreads = {\n",
                        absl::StrJoin(table, ""), "};\n");
  }

  // Bytes that nobody reads before they are stored have a value that nobody stores, so that a read of them shows.
  Word InitialOf(u32 granule) const {
    Word w;
    for (u32 k = 0; k < 8; ++k) {
      const u32 addr = granule * 8 + k;
      w.bytes[k] = 0xa5;
      for (const TraceEvent& e : events_) {
        if (!IsAccess(e) || !Covers(e, addr)) continue;
        if (e.type == EventType::kLock || e.type == EventType::kUnlock) w.bytes[k] = 0;
        if (!Reads(e) || !ReadsInitial(e, granule, addr)) continue;
        w.bytes[k] = ByteOf(e.read, e, addr);
        break;
      }
    }
    return w;
  }

  // No store of this byte stands at or before the one that the granule was read from.
  bool ReadsInitial(const TraceEvent& e, u32 granule, u32 addr) const {
    const u32 source = SourceOf(e, granule);
    if (source == kNoEvent) return true;
    for (const u32 store : StoresOf(f_.trace, granule)) {
      if (Covers(events_[store], addr)) return false;
      if (store == source) break;
    }
    return true;
  }

  // Who stored last is a fact of the execution, too, where several stored. A lock's word says nothing.
  bool TellsLast(u32 granule) const {
    const std::vector<u32>& stores = StoresOf(f_.trace, granule);
    const auto of_lock = [&](u32 store) { return events_[store].type == EventType::kLock || events_[store].type == EventType::kUnlock; };
    return stores.size() > 1 && std::ranges::none_of(stores, of_lock);
  }

  std::string Words() const {
    std::string initial, left_behind;
    for (const u32 granule : shared_.granules()) {
      Word w = InitialOf(granule);
      const std::string at = absl::StrCat("    {", layout_.OffsetOf(granule * 8), ", ");
      absl::StrAppend(&initial, at, CppNumber(w.value()), "},\n");
      if (!TellsLast(granule)) continue;
      for (const u32 store : StoresOf(f_.trace, granule))
        for (u32 k = 0; k < 8; ++k)
          if (const u32 addr = granule * 8 + k; Covers(events_[store], addr)) w.bytes[k] = ByteOf(events_[store].written, events_[store], addr);
      absl::StrAppend(&left_behind, at, CppNumber(w.value()), "},\n");
    }
    return absl::StrCat("\nconstexpr std::size_t kLines = ", layout_.lines(),
                        ";  // of 128 bytes: a cell\nstruct Word {\n  std::size_t at;  // in the cell\n  u64 value;\n};\n",
                        "const std::vector<Word> kInitial = {\n", initial, "};\nconst std::vector<Word> kLeftBehind = {\n", left_behind, "};\n");
  }

  std::string Machines() const {
    const Verdict& v = f_.verdict;
    std::vector<std::string> allow, forbid;
    for (const Rung rung : kMachines) (v.machines[static_cast<int>(rung)] ? allow : forbid).push_back(std::string(model::RungTitle(rung)));
    if (v.headline.starts_with("not-ordering")) return "every machine: an interleaving of the threads is enough.";
    if (allow.empty())
      return absl::StrCat("none known: ", absl::StrJoin(forbid, ", "), " forbid this very execution. Another with the same effect may be allowed.");
    return absl::StrCat("those whose model allows this very execution: ", absl::StrJoin(allow, ", "), forbid.empty() ? "" : "; forbidden by ",
                        absl::StrJoin(forbid, ", "), ".");
  }

  std::string Head() const {
    const Verdict& v = f_.verdict;
    std::vector<std::string> lines = {
        absl::StrCat(name_, ": a finding of Ordeal, made on real threads. ", v.headline, ", owner ", OwnerName(v.owner), ".")};
    if (!v.owner_reason.empty()) lines.push_back(absl::StrCat("  owner: ", v.owner_reason));
    if (v.effect) lines.push_back(absl::StrCat("  effect: ", Describe(*v.effect)));
    if (v.race) lines.push_back(absl::StrCat("  race: ", WhereText(v.race->first), " and ", WhereText(v.race->second)));
    if (v.contract) lines.push_back(absl::StrCat("  contract broken: ", Describe(*v.contract)));
    const auto accesses = std::ranges::count_if(events_, IsAccess);
    const auto kept = std::ranges::count_if(events_, [&](const TraceEvent& e) { return shared_.Touch(e); });
    const std::vector<std::string> rest = {
        "",
        absl::StrCat("Who can show it: ", Machines()),
        "",
        absl::StrCat("  c++ -std=c++20 -O2 -fno-strict-aliasing -pthread ", name_, ".cc -o ", name_),
        absl::StrCat("  ./", name_, " [ROUNDS]     prints \"seen K of ROUNDS rounds\"; exits with 1 if K > 0, 0 if not, 2 on a wrong argument"),
        "",
        absl::StrCat("Each thread makes the accesses of one CPU in program order, ", kept, " of ", accesses,
                     ": those of places that one CPU alone touches are left out."),
        "A round is seen if every value read, and what is left behind where several stored, is that of the execution. K = 0 proves nothing.",
    };
    lines.insert(lines.end(), rest.begin(), rest.end());
    std::string text;
    for (const std::string& line : lines) absl::StrAppend(&text, Comment(line));
    return text;
  }

  const Finding& f_;
  const std::vector<TraceEvent>& events_;
  std::string name_;
  const SharedPlaces shared_;
  const CellLayout layout_;
  bool double_words_ = false;
};

}  // namespace

absl::StatusOr<std::string> CppReproducer(const Finding& f, const std::string& name) { return ProgramWriter(f, name).Write(); }

}  // namespace ordeal
