// A double-word RMW in several parts, one of which reads an old store: judged as a whole, and taken back as a whole.
#include <set>

#include "memory/model/engine_testing.h"
#include "memory/model/exact.h"

namespace ordeal::model {
namespace {

// Its halves are also written by themselves, so that it has several parts; another CPU keeps it from reading the newest of both.
TEST(ExactDoubleWord, EveryExecutionIsAllowedAndMet) {
  static u64 seen[2];
  const Threads t{{[] {
                     At(4104)->write_once(1, kOnce);
                     At(4096)->write_once(1, kOnce);
                   },
                   [] {
                     auto* d = At<Model::DoubleWord>(4096);
                     Tracked<u64> lo = 0, hi = 0;
                     while (!Model::branch_on(d->cmpxchg(lo, hi, lo + u64{2}, hi + u64{2}, kRelease))) {
                     }
                     seen[0] = lo.raw();
                     seen[1] = hi.raw();
                   },
                   [] { At(4104)->write_once(4, kOnce); }}};
  std::set<std::pair<u64, u64>> read;
  const auto body = [](void* self, int cpu) {
    BeginOp(static_cast<u16>(cpu));
    static_cast<const Threads*>(self)->body[cpu]();
  };
  const ExactResult r = Explore(3, body, const_cast<Threads*>(&t), {}, [&](const Execution& x) {
    EXPECT_TRUE(Judge(x.graph, false).allowed());
    read.insert({seen[0], seen[1]});
  });
  EXPECT_TRUE(r.complete);
  EXPECT_EQ(r.refused_late, 0u);
  // Stores without order may be seen in any order: each word has each of its values.
  for (const u64 lo : {0, 1})
    for (const u64 hi : {0, 1, 4}) EXPECT_TRUE(read.contains({lo, hi})) << lo << " " << hi;
}

}  // namespace
}  // namespace ordeal::model
