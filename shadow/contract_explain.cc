// Whose fault is it that an access was not ordered before the free? The reasons that ContractClock::Free reports.
#include "shadow/contract.h"
#include "shadow/contract_strength.h"

namespace ordeal {

using contract_detail::IsMarked, contract_detail::kMaxHops, contract_detail::OneSideLocks;

// The accessor has put its reference: was that too weak, or the last put? False: it has not, or used the object again.
bool ContractClock::ExplainPut(int accessor, i16 access, Report& r) const {
  const Count* count = counts_.Find(r.object);
  if (count == nullptr) return false;
  const Count::OfCpu& its = count->of[accessor];
  if (its.op == kNoOp || access > its.offered.of[accessor]) return false;
  const bool carried = access <= its.carried.of[accessor] || access <= its.chained.of[accessor];
  r.detail = carried ? Detail::kLastPutTooWeak : Detail::kPutTooWeak;
  r.hand_op = carried ? r.op : its.op;
  r.hand_cpu = carried ? r.cpu : static_cast<u8>(accessor);
  r.publish = its.strength;
  return true;
}

// Walks from the free back along the messages that brought the object, to the first hand-over that let the access escape.
void ContractClock::Explain(int accessor, i16 access, MessageId via, Report& r) const {
  int holder = r.cpu;
  r.detail = Detail::kNoHandOver;
  for (int hops = 0; hops < kMaxHops; ++hops) {
    const Message* m = messages_.Find(via);
    if (m == nullptr) return;
    const Taken& taken = m->taken[holder];
    const bool own = m->cpu == holder;
    const bool carried = access <= m->carried.of[accessor] || access <= m->chained.of[accessor];
    if (own ? !IsMarked(taken.strength) : carried) {
      r.detail = OneSideLocks(m->strength, taken.strength) ? Detail::kOneSideLocks : Detail::kConsumeTooWeak;
      r.hand_op = taken.op;
      r.hand_cpu = static_cast<u8>(holder);
      r.consume = taken.strength;
      return;
    }
    if (own ? !IsMarked(m->strength) : access <= m->offered.of[accessor] || m->cpu == accessor) {
      r.detail = access <= m->offered.of[accessor] || own ? Detail::kPublishTooWeak : Detail::kAfterHandOver;
      r.hand_op = m->op;
      r.hand_cpu = m->cpu;
      r.publish = m->strength;
      return;
    }
    holder = m->cpu;
    via = m->via;
  }
}

}  // namespace ordeal
