#include "fairness/rhythm_check.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace liveops::fairness {
namespace {

TEST(RhythmCheck, PutsChangesIntoTheirBins) {
  EXPECT_EQ(RhythmCheck::bin_of(0), 0U);
  EXPECT_EQ(RhythmCheck::bin_of(0.1F), 1U);
  EXPECT_EQ(RhythmCheck::bin_of(0.3F), 3U);
  EXPECT_EQ(RhythmCheck::bin_of(5), kChanges - 1);
}

class RhythmTest : public ::testing::Test {
 protected:
  RhythmTest() {
    population_.tempo[0].ready = 1;
    population_.tempo[0].slow = 3;
    population_.tempo[0].longest_s = 60;
    population_.velocity.ready = 1;
    population_.velocity.usual = 1;
    for (std::size_t i = 0; i < kShares.size(); ++i) {
      population_.tempo[0].log_change_share[i] = std::log(kShares[i]);
    }
    player_.events = 100;
    player_.last_us = kNow - 2'000'000;
    player_.velocity = 10;
    terms_.min_own_events = 20;
  }

  [[nodiscard]] Scene scene() const {
    return {terms_, population_, player_, event_, core::Timestamp(std::chrono::microseconds(kNow))};
  }
  /// The player's latest interval was `times` as long as the one under way.
  void remember(float times) {
    PlayerState before = player_;
    before.last_us = kNow - static_cast<std::int64_t>(times * 2'000'000);
    const Scene earlier(terms_, population_, before, event_, core::Timestamp(std::chrono::microseconds(kNow)));
    player_.last_interval = earlier.kept_interval() & 255U;
  }

  static constexpr std::int64_t kNow = 1'790'000'000'000'000;
  static constexpr std::array<float, kChanges> kShares{0.06F, 0.06F, 0.11F, 0.2F, 0.57F};
  core::FairnessRules rules_;
  Terms terms_{rules_};
  Population population_;
  PlayerState player_{};
  Observation event_;
};

TEST_F(RhythmTest, AnIntervalLikeTheOneBeforeSpeaksAgainstThePlayerAndAnotherForHim) {
  remember(1.02F);
  EXPECT_TRUE(RhythmCheck::applies(scene()));
  EXPECT_GT(RhythmCheck::weigh(scene(), player_), 1);
  remember(3);
  EXPECT_LT(RhythmCheck::weigh(scene(), player_), -2);
}

TEST_F(RhythmTest, TheRatioIsAFairBetOnHonestPlay) {
  double mean = 0;
  for (std::size_t bin = 0; bin < kChanges; ++bin) {
    remember(std::exp(bin == 0 ? 0.0F : kChangeBounds[bin - 1] + 0.03F));
    ASSERT_EQ(RhythmCheck::bin_of(scene().change), bin);
    mean += static_cast<double>(kShares[bin] * std::exp(RhythmCheck::weigh(scene(), player_)));
  }
  EXPECT_LE(mean, 1.0);
  EXPECT_GT(mean, 0.9);
}

TEST_F(RhythmTest, WhoWinsLittleOrIsSlowIsIdling) {
  remember(1);
  player_.velocity = 0.2F;
  EXPECT_FALSE(RhythmCheck::applies(scene()));
  player_.velocity = 10;
  population_.tempo[0].slow = 0.5F;
  EXPECT_FALSE(RhythmCheck::applies(scene()));
}

TEST_F(RhythmTest, WhereManyPlayLikeAClockItIsTheGamesWay) {
  remember(1);
  population_.tempo[0].steady = 1;
  EXPECT_FALSE(RhythmCheck::applies(scene()));
}

}  // namespace
}  // namespace liveops::fairness
