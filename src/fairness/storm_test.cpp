#include <gtest/gtest.h>

#include "fairness/storm_alarm.hpp"
#include "fairness/storm_watch.hpp"

namespace liveops::fairness {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kWindow = 300 * kSecond;
constexpr std::int64_t kStart = 1000 * kWindow;

Sample sample_of(float score, std::uint8_t kind = 0) {
  Sample sample;
  sample.judged = true;
  sample.kind = kind;
  sample.x[0] = 5;
  sample.score[0] = score;
  return sample;
}

void meet(StormAlarm& alarm, int players, std::int64_t from_us) {
  for (int i = 0; i < players; ++i) alarm.met(from_us + i * kSecond, kWindow);
}

TEST(StormAlarm, IsRaisedWhenAFifthOfThePlayersComeUnderSuspicion) {
  StormAlarm alarm;
  meet(alarm, 25, kStart);
  for (int i = 0; i < 4; ++i) alarm.suspected(lane_alarm(0), kStart + 30 * kSecond, kWindow);
  EXPECT_EQ(alarm.at(kStart + 30 * kSecond), 0) << "fewer";
  alarm.suspected(lane_alarm(0), kStart + 40 * kSecond, kWindow);
  EXPECT_EQ(alarm.at(kStart + 41 * kSecond), lane_alarm(0)) << "and no other lane";
  EXPECT_EQ(alarm.at(kStart + 60 * kSecond), 0) << "the watch has taken over by then";
}

TEST(StormAlarm, TakesThreePlayersForNoStorm) {
  StormAlarm alarm;
  meet(alarm, 3, kStart);
  for (int i = 0; i < 3; ++i) alarm.suspected(kTempoAlarm, kStart + kSecond, kWindow);
  EXPECT_EQ(alarm.at(kStart + kSecond), 0);
}

TEST(StormAlarm, SuspicionsFarApartAreNoStorm) {
  StormAlarm alarm;
  for (int i = 0; i < 20; ++i) {
    const std::int64_t now = kStart + i * 2 * kWindow;
    meet(alarm, 8, now);
    alarm.suspected(lane_alarm(0), now, kWindow);
    EXPECT_EQ(alarm.at(now), 0);
  }
}

class StormWatchTest : public ::testing::Test {
 protected:
  void turn(int samples, float score, Alarm alarm = 0) {
    for (int i = 0; i < samples; ++i) watch_.add(sample_of(score + (++sampled_ % 2 == 0 ? 0.5F : -0.5F)));
    (void)watch_.turn(population_, alarm);
  }
  [[nodiscard]] bool storm() const { return population_.awards[0][0].storm != 0; }

  StormWatch watch_;
  Population population_;
  int sampled_ = 0;
};

TEST_F(StormWatchTest, ManyHighScoresAreAStormUntilScoresAreUsualAgain) {
  turn(50, 0);
  EXPECT_FALSE(storm());
  turn(100, 1.5F);
  EXPECT_TRUE(storm());
  EXPECT_TRUE(watch_.began());
  for (int i = 0; i < 60; ++i) turn(20, 0);
  EXPECT_FALSE(storm());
}

TEST_F(StormWatchTest, WhenEverybodyFallsTheGameHasChangedToo) {
  turn(50, 0);
  turn(100, -1.5F);
  EXPECT_TRUE(storm());
  for (int i = 0; i < 60; ++i) turn(20, 0);
  EXPECT_FALSE(storm());
}

TEST_F(StormWatchTest, AnAlarmIsAStormEvenWhereFewPlay) {
  turn(2, 1.5F);
  turn(1, 1.5F, lane_alarm(0));
  EXPECT_TRUE(storm());
  for (int i = 0; i < 5; ++i) turn(1, 0);
  EXPECT_TRUE(storm()) << "five samples do not say that it is over";
  for (int i = 0; i < 60; ++i) turn(2, 0);
  EXPECT_FALSE(storm());
}

TEST_F(StormWatchTest, KindsThatNobodyMeetsKnowNoStorm) {
  turn(5, 0, lane_alarm(0));
  EXPECT_TRUE(storm());
  EXPECT_EQ(population_.awards[7][0].storm, 0);
}

}  // namespace
}  // namespace liveops::fairness
