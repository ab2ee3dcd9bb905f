#include "memory/litmus/rest_text.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace ordeal::litmus {
namespace {

using model::Standing;
using Words = std::vector<std::string>;

enum Flag : u32 { kCut = 1, kLeftOut = 2, kBuffers = 4, kGrew = 8, kSymmetry = 16, kFlags = 32 };

Words Split(const std::string& text, char by) {
  if (text.empty()) return {};
  return absl::StrSplit(text, by);
}

// What stands between two '/', each less than its limit.
bool ParseNumbers(const std::string& text, const std::vector<u64>& limits, std::vector<u64>* numbers) {
  const Words words = Split(text, '/');
  numbers->assign(limits.size(), 0);
  bool good = words.size() == limits.size();
  for (size_t k = 0; good && k < words.size(); ++k) good = absl::SimpleHexAtoi(words[k], &(*numbers)[k]) && (*numbers)[k] <= limits[k];
  return good;
}

bool ParseAtoms(const std::string& text, Standing* s) {
  std::vector<u64> n;
  for (const std::string& atom : Split(text, '.')) {
    if (!ParseNumbers(atom, {0xffffffff, 0xff}, &n)) return false;
    s->atoms.push_back({static_cast<u32>(n[0]), static_cast<u8>(n[1])});
  }
  return true;
}

bool ParseValues(const std::string& text, Standing* s) {
  std::vector<u64> n;
  for (const std::string& value : Split(text, '.')) {
    if (!ParseNumbers(value, {0xffffffff, kMaxCpus - 1, ~u64{0}, 0xffff}, &n)) return false;
    s->values.push_back({static_cast<u32>(n[0]), static_cast<int>(n[1]), n[2], static_cast<int>(n[3])});
  }
  return true;
}

bool ParseAnswers(const std::string& text, Standing* s) {
  for (const std::string& answer : Split(text, '.')) {
    u32 n = 0;
    if (!absl::SimpleAtoi(answer, &n) || n >= 256) return false;
    s->answers.push_back(static_cast<u16>(n));
  }
  return true;
}

}  // namespace

std::string RestText(const Rest& rest) {
  const Standing& s = rest.at;
  const u32 flags =
      (s.cut ? kCut : 0u) | (s.left_out ? kLeftOut : 0u) | (s.buffers ? kBuffers : 0u) | (s.grew ? kGrew : 0u) | (rest.symmetry ? kSymmetry : 0u);
  const auto atom = [](std::string* out, const Standing::Atom& a) { absl::StrAppend(out, absl::Hex(a.granule), "/", absl::Hex(a.bytes)); };
  const auto value = [](std::string* out, const Standing::Value& v) {
    absl::StrAppend(out, absl::Hex(v.atom), "/", absl::Hex(v.cpu), "/", absl::Hex(v.value), "/", absl::Hex(v.round));
  };
  return absl::StrCat(s.bound, ":", s.counted, ":", flags, ":", absl::StrJoin(s.answers, "."), ":", s.round, ":", s.longest, ":",
                      absl::StrJoin(s.atoms, ".", atom), ":", absl::StrJoin(s.values, ".", value));
}

absl::StatusOr<Rest> ParseRest(const std::string& text) {
  Rest rest;
  Standing& s = rest.at;
  u32 flags = 0;
  const Words fields = absl::StrSplit(text, ':');
  const bool good = fields.size() == 8 && absl::SimpleAtoi(fields[0], &s.bound) && absl::SimpleAtoi(fields[1], &s.counted) &&
                    absl::SimpleAtoi(fields[2], &flags) && flags < kFlags && ParseAnswers(fields[3], &s) && absl::SimpleAtoi(fields[4], &s.round) &&
                    absl::SimpleAtoi(fields[5], &s.longest) && ParseAtoms(fields[6], &s) && ParseValues(fields[7], &s);
  if (!good) {
    return absl::InvalidArgumentError(
        absl::StrCat("got ", text, ", expected what an interrupted search printed, BOUND:COUNTED:FLAGS:ANSWERS:ROUND:LONGEST:ATOMS:VALUES"));
  }
  s.cut = (flags & kCut) != 0;
  s.left_out = (flags & kLeftOut) != 0;
  s.buffers = (flags & kBuffers) != 0;
  s.grew = (flags & kGrew) != 0;
  rest.symmetry = (flags & kSymmetry) != 0;
  return rest;
}

}  // namespace ordeal::litmus
