#include "adapters/postgres/slots.hpp"

#include <gtest/gtest.h>

namespace liveops::adapters::postgres {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A book of two places and two waiters, and what a pool does with it.
class SlotsTest : public ::testing::Test {
 protected:
  static std::unique_ptr<Connection> connection() { return std::make_unique<Connection>(nullptr, false); }

  std::shared_ptr<Slots::Waiter> waiter() {
    auto made = std::make_shared<Slots::Waiter>();
    made->wake = [this] { ++woken_; };
    return made;
  }
  auto ask() { return slots_.ask(now_, waiter()); }
  bool gets_empty_grant() {
    const auto asked = ask();
    return asked && *asked && (*asked)->connection == nullptr;
  }
  /// Two connections, both in use.
  void use_all() {
    for (int i = 0; i < 2; ++i) {
      ASSERT_TRUE(gets_empty_grant());
      slots_.connected();
    }
  }

  Slots slots_{{.max_connections = 2, .max_waiting = 2, .connect_timeout = seconds(3)}};
  Slots::Clock::time_point now_{seconds(1000)};
  core::Error away_{core::Errc::unavailable, "away", "refused"};
  int woken_ = 0;
};

TEST_F(SlotsTest, ConnectionThatCameBackIsUsedAgain) {
  use_all();
  auto made = connection();
  const auto* same = made.get();
  slots_.give_back(std::move(made), now_);
  EXPECT_EQ(slots_.counts().idle, 1U);
  const auto asked = ask();
  EXPECT_EQ((*asked)->connection.get(), same);
}

TEST_F(SlotsTest, NeverMoreConnectionsThanAllowedAndTheNextInLineGetsWhatComesBack) {
  use_all();
  const auto first = waiter();
  const auto second = waiter();
  EXPECT_FALSE(slots_.ask(now_, first)->has_value());
  EXPECT_FALSE(slots_.ask(now_, second)->has_value());
  EXPECT_EQ(slots_.counts().waiting, 2U);
  slots_.give_back(connection(), now_);
  EXPECT_EQ(woken_, 1);
  EXPECT_TRUE(first->answer && *first->answer && (*first->answer)->connection);
  EXPECT_FALSE(second->answer);
  EXPECT_EQ(slots_.counts().busy, 2U);
}

TEST_F(SlotsTest, QueueIsBounded) {
  use_all();
  EXPECT_TRUE(ask());
  EXPECT_TRUE(ask());
  const auto refused = ask();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, core::Errc::unavailable);
}

TEST_F(SlotsTest, WhoLeavesTheQueueGetsNothing) {
  use_all();
  const auto impatient = waiter();
  EXPECT_TRUE(slots_.ask(now_, impatient));
  EXPECT_FALSE(slots_.leave(*impatient));
  slots_.give_back(connection(), now_);
  EXPECT_EQ(woken_, 0);
  EXPECT_EQ(slots_.counts().idle, 1U);
}

TEST_F(SlotsTest, LostConnectionMakesRoomForTheNextInLineToConnect) {
  use_all();
  const auto next = waiter();
  EXPECT_TRUE(slots_.ask(now_, next));
  slots_.give_back(nullptr, now_);
  ASSERT_TRUE(next->answer && *next->answer);
  EXPECT_EQ((*next->answer)->connection, nullptr);
}

TEST_F(SlotsTest, AfterAFailureNobodyConnectsUntilThePauseIsOver) {
  EXPECT_TRUE(gets_empty_grant());
  EXPECT_TRUE(slots_.not_connected(away_, now_));
  const auto refused = ask();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().detail, "refused");
  now_ += milliseconds(50);
  EXPECT_TRUE(gets_empty_grant());
  EXPECT_FALSE(slots_.not_connected(away_, now_));
  now_ += milliseconds(50);
  EXPECT_FALSE(ask());
  now_ += milliseconds(50);
  EXPECT_TRUE(gets_empty_grant());
}

TEST_F(SlotsTest, PauseNeverGrowsBeyondASecond) {
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(gets_empty_grant());
    slots_.not_connected(away_, now_);
    now_ += seconds(1);
  }
}

TEST_F(SlotsTest, AfterAFailureOneTriesAndTheOthersWaitForHim) {
  EXPECT_TRUE(gets_empty_grant());
  slots_.not_connected(away_, now_);
  now_ += seconds(1);
  EXPECT_TRUE(gets_empty_grant());
  const auto other = waiter();
  EXPECT_FALSE(slots_.ask(now_, other)->has_value());
  EXPECT_TRUE(slots_.connected());
  slots_.give_back(connection(), now_);
  EXPECT_TRUE(other->answer && *other->answer);
}

TEST_F(SlotsTest, WhoWaitsForAConnectionThatCannotBeMadeIsToldAtOnce) {
  EXPECT_TRUE(gets_empty_grant());
  slots_.not_connected(away_, now_);
  now_ += seconds(1);
  EXPECT_TRUE(gets_empty_grant());
  const auto other = waiter();
  EXPECT_FALSE(slots_.ask(now_, other)->has_value());
  slots_.not_connected(away_, now_);
  ASSERT_TRUE(other->answer);
  EXPECT_EQ(other->answer->error().detail, "refused");
  EXPECT_EQ(slots_.counts().busy, 0U);
}

TEST_F(SlotsTest, WithOthersOpenAFailureToConnectIsNoReasonToRefuse) {
  EXPECT_TRUE(gets_empty_grant());
  slots_.connected();
  EXPECT_TRUE(gets_empty_grant());
  slots_.not_connected(away_, now_);
  const auto patient = waiter();
  const auto asked = slots_.ask(now_, patient);
  ASSERT_TRUE(asked);
  EXPECT_FALSE(asked->has_value());
  slots_.give_back(connection(), now_);
  EXPECT_TRUE(patient->answer && *patient->answer);
}

}  // namespace
}  // namespace liveops::adapters::postgres
