// Which random numbers does a part of a night get, and which nights may be put together?
#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "memory/order.h"

namespace ordeal::stress {

// The seed of a scenario's batch in one epoch on one shard: nothing is shared between shards, and an epoch that is run again is run alike.
constexpr u64 BatchSeed(u64 campaign_seed, std::string_view scenario, u64 shard, u64 epoch) {
  RollingHash h;
  for (const u64 part : {campaign_seed, HashBytes(scenario), shard, epoch}) h.Add(part);
  return h.value();
}

// Of all that makes rounds comparable: the binary (a hash of it) and those flags that say what a round is, in any order.
inline u64 PlanHash(std::vector<std::string> flags, u64 binary) {
  std::sort(flags.begin(), flags.end());
  RollingHash h;
  h.Add(binary);
  for (const std::string& flag : flags) h.Add(HashBytes(flag));
  return h.value();
}

}  // namespace ordeal::stress
