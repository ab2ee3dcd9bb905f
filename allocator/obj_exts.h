// Where is an object's accounting record, and when is it there?
//
// It is found by arithmetic: obj_exts + stride * index, both fields of the slab's descriptor (the kernel's slab_obj_ext()). A vector of records
// is made late, by the first charge of its slab, while other CPUs may be freeing objects of that slab; or it is there before anyone sees the slab;
// or the records are the tails of the objects.
#pragma once
#include "allocator/accounting_sites.h"
#include "allocator/hooks.h"
#include "memory/geometry.h"
#include "memory/memory.h"

namespace ordeal {

inline constexpr u32 kExtBytes = 16;  // a record, as in the kernel

// What an object leaves to its user.
inline u32 UsableBytesOf(const Geometry& g) { return g.exts == Exts::kInObject ? g.object_bytes - kExtBytes : g.object_bytes; }

// The part of a slab's descriptor that accounting needs: derive the descriptor from it.
template <class M>
struct SlabExts {
  typename M::template Word<u64> obj_exts;  // address of the first object's record, 0: no records yet
  typename M::template Word<u32> stride;    // from one record to the next, if it is here
  u32 unused;
  static constexpr u64 kFieldStride = sizeof(u64);  // where it is, from the descriptor's address
};

template <class M>
class ObjExts {
 public:
  template <class T>
  using Val = typename M::template Val<T>;
  template <class T>
  using Word = typename M::template Word<T>;
  struct Ext {
    Word<u64> bytes;  // charged for the object, 0: nothing
    Word<u64> objcg;  // address of the obj_cgroup that pays, if bytes is not 0; unused without cgroups
  };
  static_assert(sizeof(Ext) == kExtBytes);

  static u64 Footprint(const Geometry& g) { return HasVectors(g) ? u64{g.cpus} * g.slabs_per_cpu * VectorBytes(g) : 0; }
  // `area` (Footprint bytes, aligned to 64) holds the vectors of slabs that start at `slabs`. `stride_at`: where a descriptor has its stride.
  ObjExts(u64 area, u64 slabs, const Geometry& g, const Hooks& tell, u64 stride_at)
      : area_(area), slabs_(slabs), stride_at_(stride_at), g_(g), shift_(__builtin_ctz(g.slab_bytes())), tell_(tell) {}

  void FormatSlab(SlabExts<M>* slab, int number);
  // Its pages are given back, and so is its vector, if it was made late. Nobody has an object of the slab.
  void Forget(Val<SlabExts<M>*> slab) {
    if (g_.exts == Exts::kLate) slab->obj_exts.write_once(0, accounting_site::exts_forget);
  }
  // The address of the record, there for sure once its slab was charged for.
  Val<u64> ForCharge(int cpu, Val<SlabExts<M>*> slab, Val<u64> object);
  // False if the slab has none. (Not an address of 0: a test of the address would be a control dependency on all that it was computed from.)
  bool ForUncharge(int cpu, Val<SlabExts<M>*> slab, Val<u64> object, Val<u64>* ext);
  static Val<Ext*> At(Val<u64> ext) { return M::template at<Ext>(ext); }

 private:
  static bool HasVectors(const Geometry& g) { return g.exts == Exts::kLate || g.exts == Exts::kEarly; }
  static u64 VectorBytes(const Geometry& g) { return u64{g.objects_per_slab()} * kExtBytes; }
  // The planted truncation is here, where the width of the field would be.
  static u32 AsStored(u32 stride) { return M::changed(accounting_change::stride_u16) ? static_cast<u16>(stride) : stride; }

  // A stride in the packed counters is there before anyone shares the slab: later it would want the lock of that word.
  bool StrideIsLate() const { return stride_at_ == SlabExts<M>::kFieldStride || M::changed(accounting_change::stride_subword); }
  Val<Word<u32>*> StrideOf(Val<SlabExts<M>*> slab) const { return M::template at<Word<u32>>(M::template cast<u64>(slab) + stride_at_); }
  u64 VectorOf(u64 slab_number) const { return area_ + slab_number * VectorBytes(g_); }
  Val<u64> IndexOf(Val<u64> object) const { return ((object - slabs_) & (g_.slab_bytes() - 1)) / g_.object_bytes; }
  Val<u64> MakeVector(Val<SlabExts<M>*> slab, Val<u64> object);
  Val<u64> Lookup(int cpu, u16 site, Val<u64> object, Val<u64> exts, Val<u32> stride) const;

  u64 area_, slabs_, stride_at_;
  Geometry g_;
  int shift_;
  Hooks tell_;
};

template <class M>
void ObjExts<M>::FormatSlab(SlabExts<M>* slab, int number) {
  constexpr u64 kNotZeroed = 0x5a5a5a5a5a5a5a5a;
  const u64 first = slabs_ + u64(number) * g_.slab_bytes();
  const bool in_object = g_.exts == Exts::kInObject, early = in_object || g_.exts == Exts::kEarly;
  const u64 exts = in_object ? first + g_.object_bytes - kExtBytes : VectorOf(number);
  const u32 stride = in_object ? g_.object_bytes : kExtBytes;
  M::poke(slab->obj_exts, early ? exts : u64{0});
  M::poke(*reinterpret_cast<Word<u32>*>(reinterpret_cast<u64>(slab) + stride_at_), early || !StrideIsLate() ? AsStored(stride) : u32{0});
  for (u32 i = 0; i < g_.objects_per_slab() && g_.exts != Exts::kNone; ++i) {
    Ext* ext = reinterpret_cast<Ext*>(exts + u64{i} * stride);
    M::poke(ext->bytes, early ? u64{0} : kNotZeroed);
    if (g_.cgroups > 0) M::poke(ext->objcg, kNotZeroed);  // looked at only where something was charged
  }
}

// The late path (alloc_slab_obj_exts): the vector is ready before anyone can see it.
template <class M>
auto ObjExts<M>::MakeVector(Val<SlabExts<M>*> slab, Val<u64> object) -> Val<u64> {
  namespace at = accounting_site;
  const Val<u64> exts = ((object - slabs_) >> shift_) * VectorBytes(g_) + VectorOf(0);
  for (u32 i = 0; i < g_.objects_per_slab(); ++i) At(exts + i * kExtBytes)->bytes.write_once(0, at::ext_zero);
  if (StrideIsLate()) StrideOf(slab)->write_once(AsStored(kExtBytes), at::stride_write);
  slab->obj_exts.store_release(exts, at::exts_publish);
  return exts;
}

template <class M>
auto ObjExts<M>::Lookup(int cpu, u16 site, Val<u64> object, Val<u64> exts, Val<u32> stride) const -> Val<u64> {
  const Val<u64> ext = exts + IndexOf(object) * stride;
  tell_({.kind = HookKind::kExtLookup,
         .cpu = static_cast<u8>(cpu),
         .site = site,
         .object = M::untracked(object),
         .address = M::untracked(ext),
         .bytes = kExtBytes});
  return ext;
}

template <class M>
auto ObjExts<M>::ForCharge(int cpu, Val<SlabExts<M>*> slab, Val<u64> object) -> Val<u64> {
  namespace at = accounting_site;
  Val<u64> exts = slab->obj_exts.read_once(at::exts_check);
  if (!exts) exts = MakeVector(slab, object);
  const Val<u32> stride = StrideOf(slab)->read_once(at::stride_read);
  return Lookup(cpu, at::ext_write.id, object, exts, stride);
}

template <class M>
bool ObjExts<M>::ForUncharge(int cpu, Val<SlabExts<M>*> slab, Val<u64> object, Val<u64>* ext) {
  namespace at = accounting_site;
  const bool stride_first = M::changed(accounting_change::exts_reader_order);  // planted: the reader of the mail's diagram
  Val<u32> stride = 0;
  if (stride_first) stride = StrideOf(slab)->read_once(at::stride_read);
  const Val<u64> exts = slab->obj_exts.load_acquire(at::exts_read);
  if (!exts) return false;
  if (!stride_first) stride = StrideOf(slab)->read_once(at::stride_read);
  *ext = Lookup(cpu, at::exts_read.id, object, exts, stride);
  return true;
}

}  // namespace ordeal
