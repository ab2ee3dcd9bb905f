// What is a shared access to exact mode? Internal to memory/model/.
#pragma once
#include "memory/model/engine.h"

namespace ordeal::model {

// One shared access, as engine.h's functions hand it over.
struct Access {
  enum class Kind : u8 { kLoad, kStore, kRmw, kCas, kAddUnless, kLock, kTryLock, kUnlock };
  Kind kind;
  Addr address;
  u8 bytes;
  Order order;
  At at;
  Dep addr_dep = 0, data_dep = 0;
  RmwOp op = RmwOp::kXchg;
  u64 operand[2] = {};   // by granule, in place: what to store, add, exchange for
  u64 expected[2] = {};  // of a cmpxchg; what add_unless fails on

  bool reads() const { return kind != Kind::kStore && kind != Kind::kUnlock; }
  bool writes_always() const { return kind == Kind::kStore || kind == Kind::kUnlock || kind == Kind::kRmw || kind == Kind::kLock; }
  // Given what was read: what it writes, in place by granule. False: nothing.
  bool Modify(const u64 old[2], u64 out[2]) const;
};

}  // namespace ordeal::model
