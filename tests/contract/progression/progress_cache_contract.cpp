#include <gtest/gtest.h>

#include <thread>

#include "tests/contract/progression/caches.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::test {
namespace {

ports::Progress progress(const std::string& player, std::int64_t version) {
  return {.player_id = core::PlayerId::trusted(player),
          .xp = version * 10,
          .season_xp = {{core::SeasonId::trusted("s1"), version}, {core::SeasonId::trusted("s2"), 1}},
          .boss_kills = {{core::BossId::trusted("dragon"), version % 7}},
          .version = version,
          .updated_at = core::Timestamp(std::chrono::microseconds(1'795'000'000'123'456))};
}

class ProgressCacheContract : public testing::TestWithParam<CacheCase> {
 protected:
  void put(std::vector<ports::Progress> list) { ASSERT_TRUE(run(cache_->put(std::move(list)))); }
  std::optional<ports::Progress> get(const std::string& player) {
    return run(cache_->get(core::PlayerId::trusted(player))).value();
  }
  std::unique_ptr<ports::ProgressCache> cache_ = GetParam().make();
};

TEST_P(ProgressCacheContract, GivesBackWholeWhatWasPut) {
  EXPECT_EQ(get("a"), std::nullopt);
  put({progress("a", 1), progress("b", 2)});
  EXPECT_EQ(get("a"), progress("a", 1));
  EXPECT_EQ(get("b"), progress("b", 2));
  EXPECT_EQ(get("c"), std::nullopt);
}

TEST_P(ProgressCacheContract, PutsOfNothingAndOfManyAreTaken) {
  put({});
  std::vector<ports::Progress> many;
  for (int n = 0; n < 500; ++n) many.push_back(progress("p" + std::to_string(n), n));
  put(many);
  for (int n = 0; n < 500; n += 50) EXPECT_EQ(get("p" + std::to_string(n)), many[static_cast<std::size_t>(n)]);
}

TEST_P(ProgressCacheContract, ANewerVersionReplacesAndAnOlderDoesNot) {
  put({progress("a", 2)});
  put({progress("a", 1)});
  EXPECT_EQ(get("a"), progress("a", 2));
  put({progress("a", 3)});
  put({progress("a", 3)});
  EXPECT_EQ(get("a"), progress("a", 3));
}

TEST_P(ProgressCacheContract, TheNewestOfOneCallWins) {
  put({progress("a", 2), progress("a", 3), progress("a", 1)});
  EXPECT_EQ(get("a"), progress("a", 3));
}

TEST_P(ProgressCacheContract, VersionsAreComparedAsWholeNumbers) {
  constexpr std::int64_t kBeyondDoubles = std::int64_t{1} << 53U;
  const std::vector<std::int64_t> ascending{
      9, 10, 255, 256, 0xffffffff, 0x100000000, kBeyondDoubles, kBeyondDoubles + 1};
  for (std::size_t n = 1; n < ascending.size(); ++n) {
    const auto player = "v" + std::to_string(n);
    const auto older = progress(player, ascending[n - 1]);
    const auto newer = progress(player, ascending[n]);
    put({older});
    put({newer});
    EXPECT_EQ(get(player), newer);
    put({older});
    EXPECT_EQ(get(player), newer);
  }
}

TEST_P(ProgressCacheContract, TheNewestOfManyThreadsStays) {
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([this, t] {
        for (int n = 0; n < 50; ++n) EXPECT_TRUE(run(cache_->put({progress("a", n * 4 + t)})));
      });
    }
  }
  EXPECT_EQ(get("a"), progress("a", 199));
}

INSTANTIATE_TEST_SUITE_P(All, ProgressCacheContract, testing::ValuesIn(all_caches()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace liveops::test
