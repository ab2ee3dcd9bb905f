// Where do bytes wait that were paid for by the page? In the stock of each CPU, for one obj_cgroup at a time, as in the kernel's memcg: most charges
// and uncharges touch nothing that another CPU does.
//
// At any time the pages of an obj_cgroup are the bytes of its objects, what stocks hold for it, and its residue; but only when all is quiet can
// anyone look at all of that at once. The same goes for the statistic: each CPU keeps a batch of what it has not added yet, which may be below zero
// where objects are freed that others allocated.
//
// A stock is its CPU's own, plain and without locks, and its interrupts are off while it changes; but anyone may look at the batch.
#pragma once
#include "allocator/objcg.h"

namespace ordeal {

template <class M>
class Stocks {
 public:
  template <class T>
  using Val = typename M::template Val<T>;
  template <class T>
  using Word = typename M::template Word<T>;
  using Cpu = typename M::ThisCpu;

  static u64 Footprint(const Geometry& g) { return g.cgroups == 0 ? 0 : sizeof(Statistic) + g.cpus * sizeof(Stock); }
  // `area`: Footprint bytes, aligned to 64.
  Stocks(u64 area, const Geometry& g, const ObjCgroups<M>& objcgs, const Hooks& tell)
      : statistic_(reinterpret_cast<Statistic*>(area)),
        stocks_(reinterpret_cast<Stock*>(area + sizeof(Statistic))),
        cpus_(g.cpus),
        page_bytes_(g.page_bytes),
        objcgs_(objcgs),
        tell_(tell) {}

  void Format();
  // By a holder of a reference (obj_cgroup_charge, obj_cgroup_uncharge).
  void Charge(Cpu cpu, Val<u64> objcg, u64 bytes);
  void Uncharge(Cpu cpu, Val<u64> objcg, Val<u64> bytes);
  // What this CPU has becomes everybody's.
  void Drain(Cpu cpu);
  // A look at the statistic while it changes. A sum of such looks is no balance: nothing may be concluded from it.
  void Look() const;
  void TellHeldBack() const;
  void TellStatistic() const;

 private:
  struct alignas(64) Stock {
    Word<u64> cached;  // the obj_cgroup whose bytes they are: its address, 0: none. The stock holds a reference
    Word<u64> nr_bytes;
    Word<u64> batch;  // bytes charged here less bytes uncharged here, not yet in the statistic
  };
  struct alignas(64) Statistic {
    Word<u64> bytes;
  };
  bool Consume(Stock& stock, Val<u64> objcg, u64 bytes);
  void Refill(int cpu, Val<u64> objcg, Val<u64> bytes, bool give_back);
  void Flush(int cpu, Stock& stock);
  void Count(Stock& stock, Val<u64> bytes);
  void FlushBatch(Stock& stock);

  Statistic* statistic_;
  Stock* stocks_;
  int cpus_;
  u64 page_bytes_;
  ObjCgroups<M> objcgs_;
  Hooks tell_;
};

template <class M>
void Stocks<M>::Format() {
  M::poke(statistic_->bytes, u64{0});
  for (int cpu = 0; cpu < cpus_; ++cpu) {
    M::poke(stocks_[cpu].cached, u64{0});
    M::poke(stocks_[cpu].nr_bytes, u64{0});
    M::poke(stocks_[cpu].batch, u64{0});
  }
}

template <class M>
void Stocks<M>::Charge(Cpu cpu, Val<u64> objcg, u64 bytes) {
  M::irqs_off();
  objcgs_.TellUse(cpu, objcg);
  if (!Consume(stocks_[cpu], objcg, bytes)) {
    const u64 pages = (bytes + page_bytes_ - 1) / page_bytes_, rest = pages * page_bytes_ - bytes;
    objcgs_.ChargePages(objcg, pages);
    if (rest != 0) Refill(cpu, objcg, rest, false);
  }
  Count(stocks_[cpu], bytes);
  M::irqs_on();
}

template <class M>
void Stocks<M>::Uncharge(Cpu cpu, Val<u64> objcg, Val<u64> bytes) {
  M::irqs_off();
  objcgs_.TellUse(cpu, objcg);
  Refill(cpu, objcg, bytes, true);
  Count(stocks_[cpu], u64{0} - bytes);
  M::irqs_on();
}

template <class M>
bool Stocks<M>::Consume(Stock& stock, Val<u64> objcg, u64 bytes) {
  const Val<u64> cached = stock.cached.plain();
  if (cached != objcg) return false;
  const Val<u64> held = stock.nr_bytes.plain();
  if (held < bytes) return false;
  stock.nr_bytes.set_plain(held - bytes);
  return true;
}

// refill_obj_stock. After a charge less than a page comes in, and is worth keeping; after an uncharge (and with a residue) whole pages go back.
template <class M>
void Stocks<M>::Refill(int cpu, Val<u64> objcg, Val<u64> bytes, bool give_back) {
  Stock& stock = stocks_[cpu];
  const Val<u64> cached = stock.cached.plain();
  Val<u64> held = 0;
  if (cached == objcg) {
    held = stock.nr_bytes.plain();
  } else {
    Flush(cpu, stock);
    objcgs_.Get(objcg);
    held = objcgs_.TakeResidue(objcg);
    stock.cached.set_plain(objcg);
    give_back = true;
  }
  held += bytes;
  if (give_back && held > page_bytes_) {
    objcgs_.UnchargePages(objcg, held / page_bytes_);
    held = held % page_bytes_;
  }
  stock.nr_bytes.set_plain(held);
}

// drain_obj_stock.
template <class M>
void Stocks<M>::Flush(int cpu, Stock& stock) {
  const Val<u64> old = stock.cached.plain();
  if (!old) return;
  objcgs_.TellUse(cpu, old);
  const Val<u64> held = stock.nr_bytes.plain();
  const Val<u64> pages = held / page_bytes_, rest = held % page_bytes_;
  if (pages) objcgs_.UnchargePages(old, pages);
  if (rest) objcgs_.AddResidue(old, rest);
  stock.nr_bytes.set_plain(0);
  stock.cached.set_plain(0);
  objcgs_.Put(cpu, old);
}

template <class M>
void Stocks<M>::Drain(Cpu cpu) {
  M::irqs_off();
  const bool all = M::changed(accounting_change::stock_remote);  // planted: in place, where the kernel has each CPU do its own
  for (int k = all ? 0 : int{cpu}; k <= (all ? cpus_ - 1 : int{cpu}); ++k) {
    Flush(cpu, stocks_[k]);
    FlushBatch(stocks_[k]);
  }
  M::irqs_on();
}

// More than a page either way goes to the statistic.
template <class M>
void Stocks<M>::Count(Stock& stock, Val<u64> bytes) {
  const Val<u64> before = stock.batch.plain();
  stock.batch.write_once(before + bytes, accounting_site::batch_write);
  if (before + bytes + page_bytes_ > 2 * page_bytes_) FlushBatch(stock);
}

template <class M>
void Stocks<M>::FlushBatch(Stock& stock) {
  const Val<u64> batch = stock.batch.plain();
  if (!batch) return;
  statistic_->bytes.fetch_add(batch, accounting_site::statistic_add);
  stock.batch.write_once(0, accounting_site::batch_write);
}

template <class M>
void Stocks<M>::Look() const {
  for (int cpu = 0; cpu < cpus_; ++cpu) stocks_[cpu].batch.read_once(accounting_site::stats_read);
  statistic_->bytes.read_once(accounting_site::stats_read);
}

template <class M>
void Stocks<M>::TellHeldBack() const {
  for (int cpu = 0; cpu < cpus_; ++cpu) {
    const u8 cgroup = objcgs_.NumberOf(M::peek(stocks_[cpu].cached));
    tell_({.kind = HookKind::kHeldBack, .cpu = static_cast<u8>(cpu), .cgroup = cgroup, .value = M::peek(stocks_[cpu].nr_bytes)});
  }
}

template <class M>
void Stocks<M>::TellStatistic() const {
  u64 sum = M::peek(statistic_->bytes);
  for (int cpu = 0; cpu < cpus_; ++cpu) sum += M::peek(stocks_[cpu].batch);
  tell_({.kind = HookKind::kStatistic, .value = sum});
}

}  // namespace ordeal
