#include "adapters/redis/progression/progress_cache.hpp"

#include <optional>

#include "tests/integration/redis/fixture.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::test {
namespace {

using adapters::redis::ProgressCache;

ports::Progress progress(const std::string& player, std::int64_t version) {
  return {.player_id = core::PlayerId::trusted(player), .xp = version, .version = version};
}

class RedisProgressCache : public RedisTest {
 protected:
  /// Milliseconds that the key still has.
  static long long left(const std::string& key) { return std::stoll(server().command({"PTTL", key})); }

  std::unique_ptr<Client> client_ = connect(server().url());
  ProgressCache cache_{*client_, {}};
};

TEST_F(RedisProgressCache, EntriesEndWithinAMinuteOfTheirVersionsFirstPut) {
  ASSERT_TRUE(run(cache_.put({progress("ends", 1)})));
  EXPECT_GT(left("progress:ends"), 0);
  EXPECT_LE(left("progress:ends"), 60'000);
  server().command({"PEXPIRE", "progress:ends", "20000"});
  ASSERT_TRUE(run(cache_.put({progress("ends", 1)})));
  EXPECT_LE(left("progress:ends"), 20'000) << "the same version again may be as old as the first";
  ASSERT_TRUE(run(cache_.put({progress("ends", 2)})));
  EXPECT_GT(left("progress:ends"), 20'000);
}

TEST_F(RedisProgressCache, AnEntryThatCannotBeReadCountsAsNoneUntilANewerOneComes) {
  server().command({"SET", "progress:odd", "odd"});
  EXPECT_EQ(run(cache_.get(core::PlayerId::trusted("odd"))).value(), std::nullopt);
  ASSERT_TRUE(run(cache_.put({progress("odd", 1)})));
  EXPECT_EQ(run(cache_.get(core::PlayerId::trusted("odd"))).value(), progress("odd", 1));
}

TEST_F(RedisProgressCache, WithoutServerItIsUnavailable) {
  const auto lost = connect("redis://127.0.0.1:" + std::to_string(free_port()));
  ProgressCache cache(*lost, {});
  EXPECT_EQ(run(cache.get(core::PlayerId::trusted("a"))).error().code, core::Errc::unavailable);
  EXPECT_EQ(run(cache.put({progress("a", 1)})).error().code, core::Errc::unavailable);
}

}  // namespace
}  // namespace liveops::test
