#include "adapters/redis/client/greeting.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/redis/client/reply_error.hpp"

namespace liveops::adapters::redis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

core::Result<Reply> error(std::string_view text) {
  return std::unexpected(to_error(text));
}

TEST(RedisGreeting, SaysNoMoreThanIsNeeded) {
  EXPECT_THAT(Greeting({.host = "h"}, "").commands(), ElementsAre(Command{"PING"}));
  EXPECT_THAT(Greeting({.host = "h", .user = "anna", .password = "s3cret", .database = 4}, "gateway").commands(),
              ElementsAre(Command{"AUTH", "anna", "s3cret"}, Command{"CLIENT", "SETNAME", "gateway"},
                          Command{"SELECT", "4"}, Command{"PING"}));
  EXPECT_THAT(Greeting({.host = "h", .password = "s3cret"}, "").commands(),
              ElementsAre(Command{"AUTH", "s3cret"}, Command{"PING"}));
}

TEST(RedisGreeting, NamesAreMadeFitForRedis) {
  EXPECT_EQ(Greeting({.host = "h"}, "my gate\nway").commands().front(), (Command{"CLIENT", "SETNAME", "my-gate-way"}));
}

TEST(RedisGreeting, FinishesWithTheLastReply) {
  Greeting greeting({.host = "h", .database = 1}, "");
  EXPECT_EQ(greeting.take(Reply{}), std::nullopt);
  EXPECT_FALSE(greeting.finished());
  EXPECT_EQ(greeting.take(Reply{}), std::nullopt);
  EXPECT_TRUE(greeting.finished());
}

TEST(RedisGreeting, ARefusedPasswordIsNamedAsSuchAndNeverQuoted) {
  Greeting greeting({.host = "h", .user = "anna", .password = "s3cret"}, "");
  const auto why = greeting.take(error("ERR unknown command 'AUTH', with args beginning with: 'anna' 's3cret'"));
  ASSERT_TRUE(why);
  EXPECT_THAT(*why, HasSubstr("refused the user or the password"));
  EXPECT_THAT(*why, Not(HasSubstr("s3cret")));
}

TEST(RedisGreeting, APasswordTooManyAndOneTooFewAreToldApart) {
  Greeting too_many({.host = "h", .password = "s3cret"}, "");
  EXPECT_THAT(too_many.take(error("ERR AUTH <password> called without any password configured for the default user"))
                  .value_or(""),
              HasSubstr("wants none"));
  Greeting too_few({.host = "h"}, "name");
  EXPECT_THAT(too_few.take(error("NOAUTH Authentication required.")).value_or(""), HasSubstr("wants a password"));
}

TEST(RedisGreeting, AServerThatLoadsIsOfNoUseYet) {
  Greeting greeting({.host = "h"}, "");
  EXPECT_THAT(greeting.take(error("LOADING Redis is loading the dataset in memory")).value_or(""),
              HasSubstr("loading"));
}

TEST(RedisGreeting, AnAclThatForbidsTheNameOrThePingIsNoHindrance) {
  Greeting greeting({.host = "h"}, "name");
  EXPECT_EQ(greeting.take(error("NOPERM this user has no permissions to run 'client|setname'")), std::nullopt);
  EXPECT_EQ(greeting.take(error("NOPERM this user has no permissions to run 'ping'")), std::nullopt);
  EXPECT_TRUE(greeting.finished());
}

TEST(RedisGreeting, ADatabaseThatIsNotThereIsNamed) {
  Greeting greeting({.host = "h", .database = 99}, "");
  EXPECT_THAT(greeting.take(error("ERR DB index is out of range")).value_or(""), HasSubstr("database 99"));
}

}  // namespace
}  // namespace liveops::adapters::redis
