#include "memory/refcount.h"

#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "memory/native/native.h"

namespace ordeal {
namespace {

inline constexpr Site<Order::kOnce> kSet{kTestSites}, kGet{kTestSites + 1}, kRead{kTestSites + 2}, kCas{kTestSites + 3};
inline constexpr Site<Order::kRelease> kPut{kTestSites + 4};
inline constexpr Site<Order::kMb> kLast{kTestSites + 5};

template <class M>
class RefcountTest : public testing::Test {};
using Memories = testing::Types<Native, NativePlanted>;
TYPED_TEST_SUITE(RefcountTest, Memories);

TYPED_TEST(RefcountTest, TheLastPutIsTold) {
  Refcount<TypeParam> count;
  count.set(1, kSet);
  count.get(kGet);
  EXPECT_TRUE(count.get_unless_zero(kRead, kCas));
  EXPECT_EQ(count.peek(), 3u);
  EXPECT_FALSE(count.put(kPut, kLast));
  EXPECT_FALSE(count.put(kPut, kLast));
  EXPECT_TRUE(count.put(kPut, kLast));
  EXPECT_FALSE(count.get_unless_zero(kRead, kCas));
  EXPECT_EQ(count.peek(), 0u);
}

// Two threads put the two references of many objects: each object has one last holder, who sees what the other wrote.
TYPED_TEST(RefcountTest, OneLastHolderEach) {
#ifdef ORDEAL_TSAN
  GTEST_SKIP() << "ThreadSanitizer knows no fences, and the last put has one";
#endif
  constexpr int kObjects = 50'000;
  struct Object {
    Refcount<TypeParam> count;
    u32 written[2] = {0, 0};
    u32 freed = 0;
  };
  std::vector<Object> objects(kObjects);
  for (Object& o : objects) o.count.poke(2);
  int unseen[2] = {};
  const auto work = [&](int me) {
    for (Object& o : objects) {
      o.written[me] = 1;
      if (!o.count.put(kPut, kLast)) continue;
      unseen[me] += o.written[1 - me] != 1;
      ++o.freed;
    }
  };
  std::thread other([&] { work(1); });
  work(0);
  other.join();
  EXPECT_EQ(unseen[0] + unseen[1], 0);
  for (const Object& o : objects) ASSERT_EQ(o.freed, 1u);
}

}  // namespace
}  // namespace ordeal
