// What could be changed so that a program stops failing, how is it spelled, and what does it cost?
#pragma once
#include <string>
#include <vector>

#include "memory/order.h"
#include "program/program.h"

namespace ordeal {

// One change of the code under test or of its user. Applied inside the engine, at run time, so that the whole bound can be run with it.
struct Repair {
  enum class Kind : u8 {
    kPublish,        // op `op` publishes by `publish`
    kConsume,        // op `op` consumes by `consume`
    kOrder,          // the Site's order becomes `order`
    kBarrierBefore,  // the barrier `order` right before the access of the Site
    kBarrierAfter,   // and right after it
    kUndo,           // the planted Change is taken back; says what the code would do instead
    kLock,           // ops `op` and `other_op` run under one lock
  };
  Kind kind = Kind::kOrder;
  bool user = false;  // the user's side
  u16 op = 0, other_op = 0;
  ordeal::Publish publish = ordeal::Publish::kRelease;
  ordeal::Consume consume = ordeal::Consume::kAcquire;
  u16 site = 0;  // also: the id of the Change
  Order order = Order::kOnce;

  // ---- For people.
  std::string where;            // "op 2 (user.publish_release)", "accounting.exts_publish (allocator/accounting.h:121)"
  std::string kernel;           // "smp_store_release() instead of WRITE_ONCE()"
  std::string c11;              // "store(..., memory_order_release) instead of memory_order_relaxed"; "" if C11 has nothing of the kind
  std::string x86, arm, power;  // what it costs there: "nothing", "stlr", "lwsync"
  int weight = 0;               // weaker is smaller

  bool operator==(const Repair& o) const {
    return kind == o.kind && op == o.op && other_op == o.other_op && publish == o.publish && consume == o.consume && site == o.site &&
           order == o.order;
  }
};

// How much was looked at. Only kAll proves absence.
enum class Proof : u8 {
  kNotSearched,
  kAll,              // every execution of the program
  kAllButChains,     // every execution with at most one load that reads what is stored after it (po | rf has a cycle)
  kAllButBuffering,  // every execution without such a load, and of the others as many as the bound allowed
  kBounded,          // as many as the bound allowed, fewest deviations first
  kSampled,          // random executions, ended at the first failing one
};
inline bool SearchedWell(Proof p) { return p == Proof::kAll || p == Proof::kAllButChains || p == Proof::kAllButBuffering; }

// Repairs that together make every execution within the bound pass.
struct Cure {
  std::vector<Repair> repairs;
  u64 executions = 0, failing = 0;  // with the repairs in force
  Proof proof = Proof::kNotSearched;
  bool keeps_contract = false;  // no breach of the contract is left in any of them

  int weight() const {
    int sum = 0;
    for (const Repair& r : repairs) sum += r.weight;
    return sum;
  }
};

std::string RepairText(const Repair& r);  // one line: where, kernel spelling
std::string ProofText(const Cure& c);     // "0 of 12 executions fail, all of them"
std::string CureText(const Cure& c);      // its repairs, joined by " and ", and the proof

}  // namespace ordeal
