#include "adapters/redis/client/backoff.hpp"

#include <gtest/gtest.h>

namespace liveops::adapters::redis {
namespace {

using std::chrono::milliseconds;

TEST(RedisBackoff, DoublesToItsCeilingWithAtLeastHalfOfEachWait) {
  for (std::uint32_t seed = 0; seed < 50; ++seed) {
    Backoff backoff(seed);
    for (const int most : {50, 100, 200, 400, 800, 1600, 2000, 2000}) {
      const auto wait = backoff.next();
      EXPECT_GE(wait, milliseconds(most / 2));
      EXPECT_LE(wait, milliseconds(most));
    }
    backoff.reset();
    EXPECT_LE(backoff.next(), milliseconds(50));
  }
}

}  // namespace
}  // namespace liveops::adapters::redis
