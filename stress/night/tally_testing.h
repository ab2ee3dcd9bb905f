// What could a night have come to? Random tallies, as tests need them.
#pragma once
#include <string>
#include <string_view>

#include "base/random.h"
#include "stress/night/tally.h"

namespace ordeal::stress {

// Of any length, with all that has to be escaped somewhere.
inline std::string RandomText(Rng& rng, std::string_view letters = "abcxyz09_.-/ \"\\<>&'\n\t\r\x01%{}[],:\x7f") {
  std::string text;
  for (u64 n = rng.Below(12); n > 0; --n) text += letters[rng.Below(letters.size())];
  if (rng.Percent(10)) text += "\u00e9\u2603";
  return text;
}

// Small and large ones, the largest too.
inline u64 RandomCount(Rng& rng) { return rng.Next() >> rng.Below(65 - 1) >> rng.Below(2); }

inline TickHistogram RandomHistogram(Rng& rng) {
  TickHistogram h;
  for (u64 n = rng.Below(6); n > 0; --n) h.bucket[rng.Below(h.bucket.size())] = RandomCount(rng);
  return h;
}

inline Meters RandomMeters(Rng& rng) {
  Meters m;
  for (u64* n : {&m.rounds, &m.overlapped, &m.ops, &m.undecided, &m.drifted, &m.starved, &m.remote_frees}) *n = RandomCount(rng);
  m.seconds = static_cast<double>(rng.Below(1 << 20)) / 64;  // of which sums are exact
  m.skew = RandomHistogram(rng);
  return m;
}

// Few different names, so that two tallies have some in common.
inline NightTally RandomTally(Rng& rng) {
  NightTally t;
  for (u64 n = rng.Below(5); n > 0; --n) {
    ScenarioTally& s = t.scenarios.emplace_back();
    s.name = "scenario" + std::to_string(rng.Below(4));
    if (rng.Percent(30)) s.not_run = RandomText(rng);
    for (u64 k = rng.Below(4); k > 0; --k) s.outcomes[rng.Percent(50) ? "fine" : RandomText(rng)] = RandomCount(rng);
    if (rng.Percent(50)) s.wanted = RandomText(rng);
    if (rng.Percent(50)) s.model_allows = RandomText(rng);
    for (u64 k = rng.Below(3); k > 0; --k) s.findings.push_back("signature" + std::to_string(rng.Below(5)));
    s.meters = RandomMeters(rng);
  }
  for (u64 n = rng.Below(4); n > 0; --n)
    t.canaries.push_back({"SB" + std::to_string(rng.Below(3)), rng.Percent(50), RandomCount(rng), RandomCount(rng)});
  return t;
}

}  // namespace ordeal::stress
