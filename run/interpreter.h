// How does one CPU of a program run? Op by op, against an allocator on a Memory, telling the observer what it does.
//
// The same template serves every allocator and every memory. It owns nothing: registers live in arrays, so a fiber may be abandoned anywhere.
#pragma once
#include "memory/geometry.h"
#include "program/program.h"
#include "run/hand_over.h"
#include "run/user_sites.h"
#include "shadow/event.h"

namespace ordeal {

// A published value: the object's address, and in the upper bits the number of the publish, so that reads-from is known on any memory.
inline constexpr int kMessageShift = 48;
inline constexpr u64 kAddressMask = (u64{1} << kMessageShift) - 1;

// How often a consumer looks again at an empty slot before it gives up.
inline constexpr int kConsumeTries = 6;

template <class M>
struct SharedSlots {
  struct alignas(64) Slot {
    typename M::template Word<u64> word;
  };
  Slot slot[kSlots];
};

// Observer: tells the shadow, and the engine where ops begin.
//   void BeginOp(const Op&); void Emit(ShadowEvent); void InAllocator(bool, ObjectId);
//   void Allocated(Val<u64> address, ObjectId), Freeing(Val<u64> address, ObjectId);
//   ObjectId NewObject(int cpu); ObjectId ObjectOf(MessageId); void Publish(MessageId, ObjectId); u64 Offset(u64 address);
template <class M, class A, class Observer>
class Interpreter {
 public:
  template <class T>
  using Val = typename M::template Val<T>;
  using Word = typename M::template Word<u64>;

  Interpreter(const Program& program, A& allocator, SharedSlots<M>& slots, Observer& observer)
      : program_(program), allocator_(allocator), slots_(slots), observer_(observer) {}

  void RunCpu(int cpu) {
    for (Register& r : registers_[cpu]) r = Register();
    for (const Op& op : program_.ops) {
      if (op.cpu != cpu) continue;
      observer_.BeginOp(op);
      Perform(op);
    }
  }

 private:
  struct Register {
    Val<u64> address = 0;
    ObjectId object = 0;  // 0: empty
  };

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
    }
  }

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
    const Val<u64> address = allocator_.Alloc(op.cpu, op.charge);
    observer_.InAllocator(false, id);
    const u64 raw = M::untracked(address);
    ShadowEvent e = Event(EventKind::kAlloc, op, raw != 0 ? id : 0);
    e.offset = raw != 0 ? observer_.Offset(raw) : 0;
    e.bytes = allocator_.UsableBytes();
    r = raw != 0 ? Register{address, id} : Register();
    if (raw != 0) observer_.Allocated(address, id);
    observer_.Emit(e);
  }

  void Free(const Op& op, Register& r) {
    if (r.object == 0) return;
    const int times = M::changed(user_site::kDoubleFree) ? 2 : 1;
    for (int i = 0; i < times; ++i) {
      ShadowEvent e = Event(EventKind::kFree, op, r.object);
      e.offset = observer_.Offset(M::untracked(r.address));
      observer_.Emit(e);
      observer_.Freeing(r.address, r.object);
      observer_.InAllocator(true, r.object);
      allocator_.Free(op.cpu, r.address);
      observer_.InAllocator(false, r.object);
      observer_.Emit(Event(EventKind::kFreed, op, r.object));
    }
    r = Register();
  }

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
    StorePointer(op, slots_.slot[op.slot].word, r);
    r = Register();
  }

  void StorePointer(const Op& op, Word& slot, const Register& r) {
    observer_.UserAccess(0);
    const MessageId message = MessageOf(op);
    observer_.Publish(message, r.object);
    ShadowEvent e = Event(EventKind::kPublish, op, r.object);
    e.message = message;
    const Val<u64> value = r.address | u64{message} << kMessageShift;
    namespace at = user_site;
    switch (op.publish) {
      case Publish::kPlain:
        slot.set_plain(value);
        break;
      case Publish::kOnce:
        slot.write_once(value, at::publish_once);
        break;
      case Publish::kWmb:
        M::wmb(at::publish_wmb);
        slot.write_once(value, at::publish_once);
        break;
      case Publish::kRelease:
        slot.store_release(value, at::publish_release);
        break;
      case Publish::kMb:
        M::mb(at::publish_mb);
        slot.write_once(value, at::publish_once);
        break;
      case Publish::kXchg:
        slot.xchg(value, at::publish_xchg);
        break;
    }
    e.a = static_cast<u32>(PublishInForce(op.publish));
    observer_.Emit(e);
  }

  Register ConsumeFrom(const Op& op) {
    observer_.UserAccess(0);
    Word& slot = slots_.slot[op.slot].word;
    Val<u64> value = 0;
    for (int i = 0; i < kConsumeTries; ++i) {
      value = LoadPointer(op, slot);
      if (value) break;  // what follows depends on it by control, too
      M::spin();
    }
    if (op.consume == Consume::kRmb) M::rmb(user_site::consume_rmb);
    const MessageId message = static_cast<MessageId>(M::untracked(value) >> kMessageShift);
    const ObjectId object = message != 0 ? observer_.ObjectOf(message) : 0;
    ShadowEvent e = Event(EventKind::kConsume, op, object);
    e.message = message;
    e.a = static_cast<u32>(ConsumeInForce(op.consume));
    observer_.Emit(e);
    return {value & kAddressMask, object};
  }

  Val<u64> LoadPointer(const Op& op, Word& slot) {
    namespace at = user_site;
    switch (op.consume) {
      case Consume::kPlain: return slot.plain();
      case Consume::kOnce:
      case Consume::kRmb: return slot.read_once(at::consume_once);
      case Consume::kAcquire: return slot.load_acquire(at::consume_acquire);
      case Consume::kXchg: return slot.xchg(0, at::consume_xchg);
      case Consume::kXchgAcquire: return slot.xchg(0, at::consume_xchg_acquire);
      case Consume::kXchgRelaxed: return slot.xchg(0, at::consume_xchg_relaxed);
    }
    return 0;
  }

  void Forward(const Op& op) {
    const Register passed = ConsumeFrom(op);
    if (passed.object != 0) StorePointer(op, slots_.slot[op.slot2].word, passed);
  }

  const Program& program_;
  A& allocator_;
  SharedSlots<M>& slots_;
  Observer& observer_;
  Register registers_[kMaxCpus][kRegisters];
};

}  // namespace ordeal
