#include "adapters/redis/client/inbox.hpp"

#include <gtest/gtest.h>

#include <string>

namespace liveops::adapters::redis {
namespace {

Request request(const std::string& name = "PING") {
  const Command command{name};
  return Request({&command, 1});
}

TEST(RedisInbox, TellsOnceUntilSomebodyTakes) {
  Inbox inbox(1000);
  auto one = request();
  auto two = request();
  auto three = request();
  EXPECT_TRUE(inbox.push(one).value());
  EXPECT_FALSE(inbox.push(two).value());
  EXPECT_EQ(inbox.take().size(), 2U);
  EXPECT_TRUE(inbox.push(three).value());
}

TEST(RedisInbox, CountsWhatIsTakenUntilItIsAnswered) {
  auto first = request();
  auto second = request();
  const auto bytes = first.queued_bytes();
  Inbox inbox(2 * bytes - 1);
  ASSERT_TRUE(inbox.push(first));
  ASSERT_EQ(inbox.take().size(), 1U);
  const auto refused = inbox.push(second);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, core::Errc::unavailable);
  inbox.answered(bytes);
  EXPECT_TRUE(inbox.push(second));
}

TEST(RedisInbox, RefusesForEverWhatWillNeverFit) {
  Inbox inbox(1000);
  auto large = request(std::string(1001, 'x'));
  EXPECT_EQ(inbox.push(large).error().code, core::Errc::invalid_argument);
}

TEST(RedisInbox, ClosedItRefusesWithTheReasonUntilItIsOpened) {
  Inbox inbox(1000);
  auto one = request();
  inbox.close({core::Errc::unavailable, "gone", "why"});
  EXPECT_EQ(inbox.push(one).error().message, "gone");
  inbox.open();
  EXPECT_TRUE(inbox.push(one));
}

}  // namespace
}  // namespace liveops::adapters::redis
