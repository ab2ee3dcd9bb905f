// Where does the code state an order, and which of those statements is planted wrong in this run?
//
// A Site is a named place where an order or a barrier is stated. The order is part of its type, so that the operation
// (`load_acquire`) and the table that documents it ("exts_read is an acquire") cannot disagree: the compiler compares them.
// A Change is a named operation that can be replaced by a wrong one.
//
// A planted bug is a Site with another order, or a Change that is on: run-time data, never a fork of the code.
#pragma once
#include <span>
#include <string_view>

#include "memory/order.h"

namespace ordeal {

inline constexpr int kMaxSites = 256;
inline constexpr int kMaxChanges = 32;

template <Order O>
struct Site {
  u16 id;
  static constexpr Order as_written = O;
};

struct Change {
  u16 id;
};

// Ids are given by table, so that two tables of one program never share one. Id 0 is "no Site" (plain accesses).
enum SiteBase : u16 {
  kNoSite = 0,
  kUserSites = 1,
  kAccountingSites = 32,
  kSlubSites = 64,
  kLockedSites = 112,
  kTestSites = 192,
};

// One line of an allocator's table: the documentation that `ordeal bugs` and `ordeal explain` print.
struct SiteInfo {
  u16 id;
  const char* table;    // "slub"
  const char* name;     // "remote_push"
  Order order;          // as written
  const char* partner;  // the Site that it pairs with, or "-"
  const char* why;      // what breaks without it
};

// The orders in force. Written between executions only (not thread-safe against a running one); read at every access.
class SiteTable {
 public:
  SiteTable();
  bool any_planted() const { return any_planted_; }
  Order order(u16 id) const { return order_[id]; }
  bool changed(Change c) const { return changes_ >> c.id & 1; }

  void Plant(u16 id, Order wrong);
  void Plant(Change c);
  void Unplant(Change c) { changes_ &= ~(1u << (c.id % kMaxChanges)); }
  // A barrier that the code does not state, right before or right after every access of the Site: a repair to be tried, or a band-aid.
  void PlantBarrier(u16 id, Order barrier, bool after);
  bool any_barriers() const { return any_barriers_; }
  Order barrier(u16 id, bool after) const { return barrier_[after][id]; }
  void Clear();

 private:
  // kNone is a legal planted order, so "as written" needs a value of its own: see site.cc.
  Order order_[kMaxSites];
  Order barrier_[2][kMaxSites];  // before, after; kNone: none
  u32 changes_ = 0;
  bool any_planted_ = false, any_barriers_ = false;
};
extern SiteTable g_sites;

// "As written": the Site's own order is used. Never a member of Order that code states.
inline constexpr Order kAsWritten = static_cast<Order>(0xff);

template <Order O>
[[gnu::always_inline]] inline Order OrderInForce(Site<O> s) {
  if (!g_sites.any_planted()) [[likely]]
    return O;
  const Order planted = g_sites.order(s.id);
  return planted == kAsWritten ? O : planted;
}

// Every SiteInfo of the binary, by id; null where no table has claimed the id. Tables register themselves once.
void RegisterSites(std::span<const SiteInfo> table);
const SiteInfo* FindSite(u16 id);
const SiteInfo* FindSite(std::string_view table, std::string_view name);

}  // namespace ordeal
