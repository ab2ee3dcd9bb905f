#include "memory/model/history.h"

namespace ordeal::model {

u64 History::Compose(int position, u8 mask) const {
  u64 value = 0;
  for (int i = position; mask != 0; --i) {
    const u8 here = stores[i].mask & mask;  // stores[0] has every byte, so this ends
    value |= stores[i].value & BitsOf(here);
    mask &= ~here;
  }
  return value;
}

int History::Floor(u8 mask, const Clock& view, const Clock* more) const {
  int floor = 0;
  for (int i = n_stores - 1; i > 0; --i) {
    const StoreRecord& s = stores[i];
    if ((s.mask & mask) && (s.seq <= view.stores.at[s.cpu] || (more && s.seq <= more->stores.at[s.cpu]))) {
      floor = i;
      break;
    }
  }
  for (int i = 0; i < n_reads; ++i) {
    const ReadRecord& r = reads[i];
    if (r.position > floor && (r.mask & mask) && (r.seq <= view.loads.at[r.cpu] || (more && r.seq <= more->loads.at[r.cpu]))) floor = r.position;
  }
  return floor;
}

void History::NoteRead(u8 cpu, u8 mask, int position, Seq seq) {
  for (int i = n_reads - 1; i >= 0; --i) {
    const ReadRecord& r = reads[i];
    if (r.cpu == cpu && r.position == position && r.mask == mask) return;  // the earlier note says more
  }
  if (n_reads == kReads) {  // forget the one that bounds least
    int drop = 0;
    for (int i = 1; i < n_reads; ++i)
      if (reads[i].position < reads[drop].position) drop = i;
    reads[drop] = reads[--n_reads];
  }
  reads[n_reads++] = {seq, cpu, mask, static_cast<u8>(position)};
}

void History::Insert(int position, const StoreRecord& s) {
  for (int i = 0; i < n_reads; ++i)
    if (reads[i].position >= position) ++reads[i].position;
  any_plain |= s.plain;
  std::memmove(&stores[position + 1], &stores[position], (n_stores - position) * sizeof s);
  stores[position] = s;
  ++n_stores;
}

void History::Fold() {
  const int k = kStores / 2;
  const u64 value = ValueAt(k, 0xff);
  std::memmove(&stores[0], &stores[k], (n_stores - k) * sizeof stores[0]);
  n_stores -= k;
  stores[0].value = value;
  stores[0].mask = 0xff;
  int kept = 0;
  for (int i = 0; i < n_reads; ++i) {
    if (reads[i].position <= k) continue;
    reads[kept] = reads[i];
    reads[kept++].position -= k;
  }
  n_reads = kept;
}

}  // namespace ordeal::model
