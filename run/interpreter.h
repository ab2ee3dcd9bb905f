// How does one CPU of a program run? Op by op, against an allocator on a Memory, telling the observer what it does.
//
// The same template serves every allocator and every memory. It owns nothing: registers live in arrays, so a fiber may be abandoned anywhere.
#pragma once
#include <utility>

#include "memory/geometry.h"
#include "program/cache_end.h"
#include "program/interrupts.h"
#include "program/ops.h"
#include "program/program.h"
#include "run/hand_over.h"
#include "run/object_link.h"
#include "run/slots.h"
#include "run/tasks.h"
#include "run/user_sites.h"
#include "shadow/event.h"

namespace ordeal {

// Observer: tells the shadow, and the engine where ops begin.
//   void BeginOp(const Op&); void InterruptAt(u16 access, handler, self); void RunInterrupt(); void BeginInterrupt(const Op&), EndInterrupt(const Op&);
//   void Emit(ShadowEvent); void InAllocator(bool, ObjectId);
//   void Allocated(Val<u64> address, ObjectId), Freeing(Val<u64> address, ObjectId);
//   ObjectId NewObject(int cpu); ObjectId ObjectOf(MessageId); void Publish(MessageId, ObjectId); u64 Offset(u64 address);
template <class M, class A, class Observer>
class Interpreter {
 public:
  template <class T>
  using Val = typename M::template Val<T>;
  using Word = typename M::template Word<u64>;

  Interpreter(const Program& program, A& allocator, SharedSlots<M>& slots, Observer& observer)
      : program_(program), interrupted_(InterruptedOps(program)), allocator_(allocator), slots_(slots), tasks_(program, slots), observer_(observer) {}

  // What the users share, before anything runs.
  void Format() {
    if (const int users = CacheUsers(program_); users > 0) M::poke(slots_.users, static_cast<u64>(users));
  }

  // The ops of one CPU: a task, which begins there and may move.
  void RunCpu(int cpu) {
    bool begun = false;
    for (Register& r : registers_[cpu]) r = Register();
    Pending& pending = pending_[cpu];
    pending = Pending();
    for (size_t i = 0; i < program_.ops.size(); ++i) {
      const Op& op = program_.ops[i];
      if (op.cpu != cpu) continue;
      if (interrupted_[i] != i) {
        pending.op[pending.n++] = &op;
        continue;
      }
      observer_.BeginOp(op);
      if (tasks_.move() && !std::exchange(begun, true)) Schedule([&] { tasks_.Begin(cpu); });
      if (pending.n > 0) observer_.InterruptAt(pending.op[0]->irq, &Interpreter::Interrupt, this);
      Perform(op);
      while (pending.next < pending.n) observer_.RunInterrupt();  // those that found no access to come before
      pending = Pending();
    }
    if (begun) Schedule([&] { tasks_.End(cpu); });
  }

 private:
  using Link = ObjectLink<M>;
  static constexpr ObjectId kTheCache = kMaxOps + 1;  // no alloc has this number
  struct Register {
    Val<u64> address = 0;
    ObjectId object = 0;    // 0: empty
    MessageId message = 0;  // by which it came; 0: by an alloc
  };

  // The interrupts of the op that a CPU is busy with.
  struct alignas(128) Pending {  // a line a CPU: threads write here
    const Op* op[kMaxInterrupts] = {};
    int n = 0, next = 0;
  };

  static void Interrupt(void* self, int cpu) { static_cast<Interpreter*>(self)->Interrupt(cpu); }
  void Interrupt(int cpu) {
    Pending& pending = pending_[cpu];
    const Op& op = *pending.op[pending.next++];
    observer_.BeginInterrupt(op);
    Perform(op);
    observer_.EndInterrupt(op);
    if (pending.next < pending.n) observer_.InterruptAt(pending.op[pending.next]->irq, &Interpreter::Interrupt, this);
  }

  void Perform(const Op& op) {
    Register& r = registers_[op.cpu][op.reg];
    switch (op.kind) {
      case OpKind::kAlloc: return Alloc(op, r);
      case OpKind::kFree: return Free(op, r);
      case OpKind::kWrite: return Touch(op, r, true);
      case OpKind::kRead: return Touch(op, r, false);
      case OpKind::kPublish: return PublishFrom(op, r);
      case OpKind::kConsume: r = ConsumeFrom(op); return;
      case OpKind::kForward: return Forward(op);
      case OpKind::kShare: return Share(op, r);
      case OpKind::kPut: return PutBack(op, r);
      case OpKind::kLend: return Lend(op, r);
      case OpKind::kLink: return LinkTo(op, r, registers_[op.cpu][op.reg2]);
      case OpKind::kTakeNext: return TakeNext(op, r, registers_[op.cpu][op.reg2]);
      case OpKind::kDrain:
      case OpKind::kOffline:
      case OpKind::kStats:
      case OpKind::kShrink:
      case OpKind::kFlush: return Beside(op);
      case OpKind::kDestroy: return GiveUpCache(op);
      case OpKind::kMigrate: return Schedule([&] { tasks_.Migrate(op.cpu, op.to); });
    }
  }

  // Of tasks among CPUs: no edge of the users'.
  template <class F>
  void Schedule(F f) {
    observer_.InAllocator(true, 0);
    f();
    observer_.InAllocator(false, 0);
  }
  typename M::ThisCpu Here(const Op& op) const { return tasks_.CpuOf(op.cpu); }

  ShadowEvent Event(EventKind kind, const Op& op, ObjectId object) const {
    ShadowEvent e{kind};
    e.cpu = op.cpu;
    e.op = op.id;
    e.object = object;
    return e;
  }

  void Alloc(const Op& op, Register& r) {
    const ObjectId id = observer_.NewObject(op.cpu);
    observer_.InAllocator(true, id);
    const Val<u64> address = allocator_.Alloc(Here(op), op.charge);
    observer_.InAllocator(false, id);
    const u64 raw = M::untracked(address);
    ShadowEvent e = Event(EventKind::kAlloc, op, raw != 0 ? id : 0);
    e.offset = raw != 0 ? observer_.Offset(raw) : 0;
    e.bytes = allocator_.UsableBytes();
    r = raw != 0 ? Register{address, id} : Register();
    if (raw != 0) observer_.Allocated(address, id);
    observer_.Emit(e);
    if (op.counted && r.object != 0 && HasLink()) {
      observer_.UserAccess(0);
      Link::CountOf(r.address)->set(user_site::count_init);
    }
  }

  void Free(const Op& op, Register& r) {
    if (r.object == 0) return;
    const int times = M::changed(user_site::kDoubleFree) ? 2 : 1;
    for (int i = 0; i < times; ++i) {
      ShadowEvent e = Event(EventKind::kFree, op, r.object);
      e.offset = observer_.Offset(M::untracked(r.address));
      e.message = r.message;
      observer_.Emit(e);
      observer_.Freeing(r.address, r.object);
      observer_.InAllocator(true, r.object);
      Return(op, r.address);
      observer_.InAllocator(false, r.object);
      observer_.Emit(Event(EventKind::kFreed, op, r.object));
    }
    r = Register();
  }

  void Return(const Op& op, Val<u64> address) {
    if constexpr (requires { allocator_.FreeLater(int{}, address); }) {
      if (op.later) return allocator_.FreeLater(Here(op), address);
    }
    allocator_.Free(Here(op), address);
  }

  bool HasLink() const { return ordeal::HasLink(allocator_.UsableBytes()); }

  // By place in the program, not by id: ids may be any number.
  MessageId MessageOf(const Op& publish) const { return static_cast<MessageId>(&publish - program_.ops.data()) + 1; }

  // What a write puts there: never an address, and different for every op and lifetime.
  static u64 Token(const Op& op, ObjectId object) { return u64{0xC0DE} << 48 | u64{object & 0xffff} << 16 | (op.id + 1u); }

  void Touch(const Op& op, Register& r, bool write) {
    if (r.object == 0 || 8u * (op.field + 1u) > allocator_.UsableBytes()) return;
    observer_.UserAccess(r.object);
    const Val<Word*> field = M::template at<Word>(r.address + u64{8} * op.field);
    ShadowEvent e = Event(EventKind::kTouch, op, r.object);
    e.a = op.field;
    e.b = write;
    if (write) {
      e.value = Token(op, r.object);
      field->set_plain(e.value);  // plain, as users write objects: ordered by what publishes them
    } else {
      e.value = M::untracked(field->plain());
    }
    observer_.Emit(e);
  }

  void PublishFrom(const Op& op, Register& r) {
    if (r.object == 0) return;
    StorePointer(op, op.publish, r);
    r = Register();
  }

  // Told before it is done: who takes the message must find it known.
  u64 TellPublish(const Op& op, Publish in_force, const Register& r) {
    const MessageId message = MessageOf(op);
    observer_.Publish(message, r.object);
    ShadowEvent e = Event(EventKind::kPublish, op, r.object);
    e.message = message;
    e.a = static_cast<u32>(in_force);
    e.b = r.message;
    observer_.Emit(e);
    return u64{message} << kMessageShift;
  }

  void StorePointer(const Op& op, Publish how, const Register& r) {
    observer_.UserAccess(0);
    const u64 message = TellPublish(op, PublishInForce(how), r);
    slots_.slot[Target(op)].Store(how, r.address | message);
  }

  // What `load` sees, once there is something; an empty register if nothing comes.
  template <class Load>
  Register Wait(const Op& op, Consume in_force, Load load) {
    observer_.UserAccess(0);
    Val<u64> value = 0;
    for (int i = 0; i < M::kPatience; ++i) {
      value = load();
      if (value) break;  // what follows depends on it by control, too
      M::spin_a_little();
    }
    if (op.kind != OpKind::kTakeNext && op.consume == Consume::kRmb) M::rmb(user_site::consume_rmb);
    const MessageId message = static_cast<MessageId>(M::untracked(value) >> kMessageShift);
    const ObjectId object = message != 0 ? observer_.ObjectOf(message) : 0;
    ShadowEvent e = Event(EventKind::kConsume, op, object);
    e.message = message;
    e.a = static_cast<u32>(in_force);
    observer_.Emit(e);
    return {value & kAddressMask, object, message};
  }

  Register ConsumeFrom(const Op& op) {
    SharedSlot<M>& slot = slots_.slot[op.slot];
    return Wait(op, ConsumeInForce(op.consume), [&] { return slot.Load(op.consume); });
  }

  void Forward(const Op& op) {
    const Register passed = ConsumeFrom(op);
    if (passed.object != 0) StorePointer(op, M::changed(user_site::kForwardOnce) ? Publish::kOnce : op.publish, passed);
  }

  // ---- References.
  void Share(const Op& op, Register& r) {
    if (r.object == 0 || !HasLink()) return;
    observer_.UserAccess(0);
    Link::CountOf(r.address)->get(user_site::get);
    StorePointer(op, op.publish, r);
  }

  void PutBack(const Op& op, Register& r) {
    if (r.object != 0 && HasLink() && IsLastPut(op, r)) return Free(op, r);
    r = Register();
  }

  // By place among the program's puts; 0 for those that come late.
  u64 BitOf(const Op& put) const {
    int n = 0;
    for (const Op* op = program_.ops.data(); op != &put; ++op) n += op->kind == OpKind::kPut;
    return n < Link::Count::kPuts ? u64{1} << n : 0;
  }

  bool IsLastPut(const Op& op, const Register& r) {
    namespace at = user_site;
    observer_.UserAccess(0);
    typename Link::Count::Seen seen;
    if (op.put == Put::kShortcut) seen = Link::CountOf(r.address)->only_one(at::put_check);
    const bool alone = seen.last;
    if (!alone) {
      const u64 bit = BitOf(op);
      ShadowEvent e = Event(EventKind::kPut, op, r.object);  // told before it is done, as a publish
      e.message = r.message;
      e.a = static_cast<u32>(PutInForce(op.put));
      e.value = bit;
      observer_.Emit(e);
      seen = op.put == Put::kRefcount ? Link::CountOf(r.address)->put(bit, at::put_release, at::put_last)
                                      : Link::CountOf(r.address)->dec_and_test(bit, at::put_full);
      if (!seen.last) return false;
    }
    ShadowEvent e = Event(EventKind::kLastPut, op, r.object);
    e.a = static_cast<u32>(LastPutInForce(op.put, alone));
    e.value = seen.puts;
    observer_.Emit(e);
    return true;
  }

  // ---- Lists.
  void Lend(const Op& op, Register& r) {
    if (r.object == 0 || !HasLink()) return;
    observer_.UserAccess(0);
    Link::NextOf(r.address)->write_once(0, user_site::next_init);
    StorePointer(op, op.publish, r);
  }

  // Who makes the list longer looks whether this is its end: nobody else stores there, so the load is plain. It is the last thing done
  // to an object that may be freed as soon as the link is seen.
  void LinkTo(const Op& op, Register& tail, Register& next) {
    if (tail.object != 0 && next.object != 0 && HasLink()) {
      observer_.UserAccess(0);
      Link::NextOf(next.address)->write_once(0, user_site::next_init);
      observer_.UserAccess(tail.object);
      Link::NextOf(tail.address)->plain();
      observer_.Emit(Event(EventKind::kNext, op, tail.object));
      observer_.UserAccess(0);
      const u64 message = TellPublish(op, LinkInForce(), next);
      Link::NextOf(tail.address)->store_release(next.address | message, user_site::next_release);
    }
    tail = Register();
  }

  // Nothing linked yet: the other CPU still has its tail, so neither object is there to be used.
  void TakeNext(const Op& op, Register& head, Register& next) {
    Register taken;
    if (head.object != 0 && HasLink()) {
      const Val<u64> address = head.address;
      taken = Wait(op, TakeNextInForce(), [&] { return Link::NextOf(address)->load_acquire(user_site::next_acquire); });
    }
    if (taken.object == 0) head = Register();
    next = taken;
  }

  // ---- Without objects: where the allocator has such a thing.
  void Beside(const Op& op) {
    observer_.InAllocator(true, 0);
    switch (op.kind) {
      case OpKind::kDrain:
        if constexpr (requires { allocator_.Drain(int{}); }) allocator_.Drain(Here(op));
        break;
      case OpKind::kOffline:
        if constexpr (requires { allocator_.Offline(int{}, int{}); }) allocator_.Offline(Here(op), op.cgroup);
        break;
      case OpKind::kStats:
        if constexpr (requires { allocator_.Stats(int{}); }) allocator_.Stats(Here(op));
        break;
      case OpKind::kFlush:
        if constexpr (requires { allocator_.Flush(int{}, int{}); }) allocator_.Flush(Here(op), op.to);
        break;
      default:
        if constexpr (requires { allocator_.Shrink(int{}); }) allocator_.Shrink(Here(op));
    }
    observer_.InAllocator(false, 0);
  }

  // The last user destroys the cache: what the others did with it is over, as kmem_cache_destroy() wants it.
  void GiveUpCache(const Op& op) {
    observer_.UserAccess(0);
    ShadowEvent put = Event(EventKind::kCachePut, op, 0);
    put.a = static_cast<u32>(CachePutInForce());
    observer_.Emit(put);
    // To the axioms the cache is an object that every user has, and the last one frees.
    const Val<u64> cache = reinterpret_cast<u64>(&slots_.users);
    observer_.Allocated(cache, kTheCache);
    const bool last = static_cast<bool>(slots_.users.fetch_sub(1, user_site::cache_put) == u64{1});
    if (!last) return;
    ShadowEvent end = Event(EventKind::kCacheEnd, op, 0);
    end.a = static_cast<u32>(CacheEndInForce());
    observer_.Emit(end);
    observer_.Freeing(cache, kTheCache);
    observer_.InAllocator(true, 0);
    if constexpr (requires { allocator_.Destroy(int{}); }) allocator_.Destroy(Here(op));
    observer_.InAllocator(false, 0);
  }

  const Program& program_;
  const std::vector<size_t> interrupted_;
  A& allocator_;
  SharedSlots<M>& slots_;
  Tasks<M> tasks_;
  Observer& observer_;
  alignas(128) Register registers_[kMaxCpus][kRegisters];
  Pending pending_[kMaxCpus];
};

}  // namespace ordeal
