// Parse of text.h: one line at a time, one error at most. Ranges and their messages are validate.h's; what is here is the shape.
#include <algorithm>
#include <array>
#include <bitset>
#include <set>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"
#include "base/suggest.h"
#include "program/line.h"
#include "program/names.h"
#include "program/ops.h"
#include "program/text.h"
#include "program/validate.h"

namespace ordeal {
namespace {

constexpr std::array<std::string_view, 7> kKeywords = {"allocator", "model", "bug", "geometry", "op", "decision", "expect"};
constexpr std::array<std::string_view, 10> kGeometryKeys = {"page",  "order", "object",  "exts",  "cpus",
                                                            "slabs", "nodes", "cgroups", "dwcas", "stride"};
constexpr std::array<std::string_view, 3> kExpectKeys = {"violation", "headline", "owner"};

u32 ToSize(Line& line, std::string_view word) {
  const bool kilo = !word.empty() && word.back() == 'K';
  if (kilo) word.remove_suffix(1);
  constexpr uint64_t kMax = 1 << 20;
  return static_cast<u32>(kilo ? line.ToNumber(word, kMax / 1024, "a number of K") * 1024 : line.ToNumber(word, kMax, "a number of bytes"));
}

Geometry ParseGeometry(Line& line) {
  Geometry g;
  std::set<std::string_view> seen;
  while (!line.AtEnd() && line.ok()) {
    const std::string_view word = line.Take();
    const size_t equals = word.find('=');
    if (equals == std::string_view::npos) {
      line.Fail(Quoted(word), "KEY=VALUE with " + Listed(kGeometryKeys));
      break;
    }
    const std::string_view key = word.substr(0, equals), value = word.substr(equals + 1);
    if (!seen.insert(key).second) line.Fail(Quoted(key) + " twice", "each key once");
    if (key == "page") g.page_bytes = ToSize(line, value);
    else if (key == "order") g.page_order = static_cast<u8>(line.ToNumber(value, 255, "an order"));
    else if (key == "object") g.object_bytes = ToSize(line, value);
    else if (key == "exts") g.exts = line.ToOneOf<Exts>(kExtsNames, value);
    else if (key == "cpus") g.cpus = static_cast<u8>(line.ToNumber(value, 255, "a number of CPUs"));
    else if (key == "slabs") g.slabs_per_cpu = static_cast<u8>(line.ToNumber(value, 255, "a number of slabs"));
    else if (key == "nodes") g.nodes = static_cast<u8>(line.ToNumber(value, 255, "a number of nodes"));
    else if (key == "cgroups") g.cgroups = static_cast<u8>(line.ToNumber(value, 255, "a number of cgroups"));
    else if (key == "dwcas") g.dwcas = static_cast<bool>(line.ToOneOf<NoYes>(kNoYes, value));
    else if (key == "stride") g.stride = line.ToOneOf<StrideAt>(kStrideNames, value);
    else line.Fail(Quoted(key), Listed(kGeometryKeys) + DidYouMean(key, kGeometryKeys));
  }
  line.FailIf(ValidateGeometry(g));
  return g;
}

void ParseField(Line& line, Op& op) {
  const std::string_view word = line.Take();
  const size_t dot = word.find('.');
  if (dot == std::string_view::npos) return line.Fail(Quoted(word), "REGISTER.FIELD, as in a.1");
  op.reg = line.ToRegister(word.substr(0, dot));
  op.field = static_cast<u8>(line.ToNumber(word.substr(dot + 1), kFields - 1, "a field"));
}

// "charged", to cgroup 1, or "charged=2"; "counted". What comes after them is the end of the line, or an "irq".
void ParseAlloc(Line& line, Op& op) {
  op.reg = line.ToRegister(line.Take());
  constexpr std::string_view kCharged = "charged=";
  if (line.Peek() == "charged") {
    line.Take();
    op.charge = 1;
  } else if (line.Peek().substr(0, kCharged.size()) == kCharged) {
    op.charge = static_cast<u8>(line.ToNumber(line.Take().substr(kCharged.size()), kMaxCgroups, "a cgroup"));
  }
  if (line.Peek() == "counted") {
    line.Take();
    op.counted = true;
  }
  if (!line.AtEnd() && line.Peek() != "irq") line.Fail(Quoted(line.Take()), "charged, charged=CGROUP, counted, irq ACCESS or end of line");
}

// "later", or nothing. What comes after it as with an alloc.
void ParseFree(Line& line, Op& op) {
  op.reg = line.ToRegister(line.Take());
  if (line.Peek() == "later") {
    line.Take();
    op.later = true;
  }
  if (!line.AtEnd() && line.Peek() != "irq") line.Fail(Quoted(line.Take()), "later, irq ACCESS or end of line");
}

// "irq 4": in the middle of the next op, before its access 4.
void ParseInterrupt(Line& line, Op& op) {
  if (!CanInterrupt(op.kind) || line.Peek() != "irq") return;
  line.Take();
  op.irq = line.TakeNumber<u8>(kMaxIrq, "an access");
  if (op.irq == 0) line.Fail("irq 0", "an access from 1");
}

Op ParseOp(Line& line, const Geometry& geometry) {
  Op op;
  op.id = line.TakeNumber<u16>(kInitOp - 1, "an op id");
  line.TakeWord("cpu");
  op.cpu = line.TakeNumber<u8>(255, "a CPU");
  op.kind = line.TakeOneOf<OpKind>(kOpKindNames);
  switch (op.kind) {
    case OpKind::kAlloc: ParseAlloc(line, op); break;
    case OpKind::kFree: ParseFree(line, op); break;
    case OpKind::kWrite:
    case OpKind::kRead: ParseField(line, op); break;
    case OpKind::kPublish:
    case OpKind::kShare:
    case OpKind::kLend:
      op.reg = line.ToRegister(line.Take());
      op.slot = line.TakeSlot();
      op.publish = line.TakeOneOf<Publish>(kPublishNames);
      break;
    case OpKind::kConsume:
      op.reg = line.ToRegister(line.Take());
      op.slot = line.TakeSlot();
      op.consume = line.TakeOneOf<Consume>(kConsumeNames);
      break;
    case OpKind::kForward:
      op.slot = line.TakeSlot();
      op.slot2 = line.TakeSlot();
      op.consume = line.TakeOneOf<Consume>(kConsumeNames);
      op.publish = line.TakeOneOf<Publish>(kPublishNames);
      break;
    case OpKind::kPut:
      op.reg = line.ToRegister(line.Take());
      op.put = line.TakeOneOf<Put>(kPutNames);
      break;
    case OpKind::kLink:
    case OpKind::kTakeNext:
      op.reg = line.ToRegister(line.Take());
      op.reg2 = line.ToRegister(line.Take());
      break;
    case OpKind::kOffline: op.cgroup = line.TakeNumber<u8>(kMaxCgroups, "a cgroup"); break;
    case OpKind::kDrain:
    case OpKind::kStats:
    case OpKind::kShrink:
    case OpKind::kDestroy: break;
    case OpKind::kFlush:
    case OpKind::kMigrate: op.to = line.TakeNumber<u8>(255, "a CPU"); break;
  }
  ParseInterrupt(line, op);
  line.TakeEnd();
  line.FailIf(ValidateOp(op, geometry));
  return op;
}

Decision ParseDecision(Line& line, const Geometry& geometry) {
  Decision d;
  d.at = line.ToKey(line.Take());
  d.kind = line.TakeOneOf<DecisionKind>(kDecisionKindNames);
  if (d.kind == DecisionKind::kSwitch) {
    line.TakeWord("cpu");
    d.cpu = line.TakeNumber<u8>(255, "a CPU");
  } else if (const std::string_view word = line.Take(); word != "init") {
    d.store = line.ToKey(word);
  }
  if (d.kind == DecisionKind::kPromise) {
    line.TakeWord("value");
    d.value = line.TakeHex("what the load returns, as in 0x2a");
  }
  line.TakeEnd();
  line.FailIf(ValidateDecision(d, geometry));
  return d;
}

class Parser {
 public:
  // One line of the file; the error, empty if there is none.
  std::string Read(std::string_view text) {
    Line line(text);
    if (!line.empty()) Dispatch(line);
    return line.error();
  }
  bool has_header() const { return has_header_; }
  Reproducer Release() { return std::move(r_); }

 private:
  void Dispatch(Line& line) {
    const std::string_view keyword = line.Take();
    if (!has_header_) return Header(line, keyword);
    if (keyword == "allocator") return Once(line, has_allocator_, "allocator", [&] { r_.allocator = line.TakeName("an allocator"); });
    if (keyword == "model") return Once(line, has_model_, "model", [&] { r_.model = line.TakeName("a model"); });
    if (keyword == "bug") return Bug(line);
    if (keyword == "geometry") return ReadGeometry(line);
    if (keyword == "op") return ReadOp(line);
    if (keyword == "decision") return ReadDecision(line);
    if (keyword == "expect") return Expect(line);
    line.Fail(Quoted(keyword), Listed(kKeywords) + DidYouMean(keyword, kKeywords));
  }

  void Header(Line& line, std::string_view keyword) {
    if (keyword != "ordeal") return line.Fail(Quoted(keyword), "\"ordeal 1\" as the first line");
    if (std::string_view version = line.Take(); version != "1") line.Fail("version " + Quoted(version), "1");
    line.TakeEnd();
    has_header_ = true;
  }

  template <class Body>
  void Once(Line& line, bool& seen, std::string_view what, Body body) {
    if (std::exchange(seen, true)) return line.Fail("a second " + std::string(what), "one");
    body();
    line.TakeEnd();
  }

  void Bug(Line& line) {
    std::string name = line.TakeName("a bug");
    line.TakeEnd();
    if (r_.bugs.size() == kMaxBugs) line.Fail("one more bug", absl::StrFormat("at most %u", kMaxBugs));
    if (std::count(r_.bugs.begin(), r_.bugs.end(), name) != 0) line.Fail("bug " + name + " again", "each once");
    r_.bugs.push_back(std::move(name));
  }

  void ReadGeometry(Line& line) {
    if (!r_.program.ops.empty() || !r_.decisions.empty()) return line.Fail("geometry", "it before the first op and decision");
    Once(line, has_geometry_, "geometry", [&] { r_.program.geometry = ParseGeometry(line); });
  }

  void ReadOp(Line& line) {
    const Op op = ParseOp(line, r_.program.geometry);
    if (r_.program.ops.size() == kMaxOps) line.Fail("one more op", absl::StrFormat("at most %d", kMaxOps));
    if (ids_.test(op.id)) line.Fail(absl::StrFormat("op %d again", op.id), "each id once");
    ids_.set(op.id);
    r_.program.ops.push_back(op);
  }

  void ReadDecision(Line& line) {
    const Decision d = ParseDecision(line, r_.program.geometry);
    if (r_.decisions.size() == kMaxDecisions) line.Fail("one more decision", absl::StrFormat("at most %u", kMaxDecisions));
    if (!decided_.insert({d.at, d.kind}).second && d.kind != DecisionKind::kSwitch) {
      line.Fail(absl::StrFormat("decision %d.%d %s again", d.at.op, d.at.k, DecisionKindName(d.kind)), "one");
    }
    r_.decisions.push_back(d);
  }

  void Expect(Line& line) {
    const std::string_view key = line.Take();
    std::string* const values[] = {&r_.expect.violation, &r_.expect.headline, &r_.expect.owner};
    const auto at = std::find(kExpectKeys.begin(), kExpectKeys.end(), key);
    if (at == kExpectKeys.end()) return line.Fail(Quoted(key), Listed(kExpectKeys) + DidYouMean(key, kExpectKeys));
    std::string& value = *values[at - kExpectKeys.begin()];
    if (!value.empty()) line.Fail("expect " + std::string(key) + " again", "each once");
    value = line.TakeName("a name");
    line.TakeEnd();
  }

  Reproducer r_;
  bool has_header_ = false, has_allocator_ = false, has_model_ = false, has_geometry_ = false;
  std::bitset<kInitOp> ids_;
  std::set<std::pair<AccessKey, DecisionKind>> decided_;
};

}  // namespace

absl::StatusOr<Reproducer> Parse(std::string_view text, std::string_view file_name) {
  const std::string file = absl::Utf8SafeCHexEscape(absl::string_view(file_name.data(), file_name.size()));
  const auto at = [&](int line, std::string_view message) { return absl::InvalidArgumentError(absl::StrFormat("%s:%d: %s", file, line, message)); };
  if (text.size() > kMaxTextBytes) return at(1, absl::StrFormat("got %u bytes, expected at most %u", text.size(), kMaxTextBytes));
  Parser parser;
  int line = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    ++line;
    if (std::string error = parser.Read(rest.substr(0, end)); !error.empty()) return at(line, error);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (!parser.has_header()) return at(std::max(line, 1), "got end of file, expected \"ordeal 1\" as the first line");
  Reproducer r = parser.Release();
  if (absl::Status s = Validate(r); !s.ok()) return at(line, std::string(s.message()));
  return r;
}

}  // namespace ordeal
