#include <gmock/gmock.h>

#include "tests/integration/redis/fixture.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::test {
namespace {

using core::Errc;
using testing::HasSubstr;
using testing::Not;

/// On a server that wants to know who comes: the default user, and anna with a password full of delimiters.
class RedisLogin : public RedisTest {
 protected:
  static RedisServer& guarded() {
    static RedisServer server({.arguments = {"--requirepass", "s3cret"}, .password = "s3cret"});
    static const auto anna = server.command({"ACL", "SETUSER", "anna", "on", ">p@ss:w/rd?", "~*", "+@all"});
    return server;
  }
  static std::string url(const std::string& user_information, int database = 0) {
    return "redis://" + user_information + guarded().url(database).substr(8);
  }
  std::string refusal(const std::string& of_url) {
    const auto client = connect(of_url);
    const auto checked = run(client->check());
    EXPECT_FALSE(checked);
    if (checked) return {};
    EXPECT_EQ(checked.error().code, Errc::unavailable);
    return checked.error().message;
  }
};

TEST_F(RedisLogin, AUserOfTheAclComesInWithPasswordNameAndDatabase) {
  const auto client = connect(url("anna:p%40ss%3Aw%2Frd%3F@", 3));
  EXPECT_EQ(run(client->run({"ACL", "WHOAMI"}))->text, "anna");
  const auto info = run(client->run({"CLIENT", "INFO"}))->text;
  EXPECT_THAT(info, HasSubstr("name=test "));
  EXPECT_THAT(info, HasSubstr("db=3 "));
}

TEST_F(RedisLogin, APasswordAloneIsTheDefaultUsers) {
  const auto client = connect(url(":s3cret@"));
  EXPECT_EQ(run(client->run({"ACL", "WHOAMI"}))->text, "default");
}

TEST_F(RedisLogin, AWrongPasswordIsNamedButNeverShown) {
  EXPECT_THAT(refusal(url("anna:wr0ng@")), HasSubstr("refused the user or the password"));
  EXPECT_THAT(log_.text(), HasSubstr("refused the user or the password"));
  EXPECT_THAT(refusal(url("anna:wr0ng@")), Not(HasSubstr("wr0ng")));
  EXPECT_THAT(log_.text(), Not(HasSubstr("wr0ng")));
  EXPECT_THAT(log_.text(), Not(HasSubstr("anna")));
}

TEST_F(RedisLogin, AMissingPasswordIsSaidToBeMissing) {
  EXPECT_THAT(refusal(url("")), HasSubstr("wants a password"));
}

TEST_F(RedisLogin, APasswordThatNobodyAskedForIsRefusedWithTheReason) {
  EXPECT_THAT(refusal("redis://:s3cret@" + server().url().substr(8)), HasSubstr("Redis wants none"));
}

TEST_F(RedisLogin, ADatabaseThatIsNotThereIsNamed) {
  EXPECT_THAT(refusal(server().url(99)), HasSubstr("database 99"));
}

TEST_F(RedisLogin, AUnixSocketServesAsWell) {
  const auto client = connect("unix://" + server().socket_path() + "?db=5");
  EXPECT_THAT(run(client->run({"CLIENT", "INFO"}))->text, HasSubstr("db=5 "));
  EXPECT_THAT(refusal("unix:///nowhere/redis.sock"), HasSubstr("/nowhere/redis.sock"));
}

TEST_F(RedisLogin, AHostIsLookedUpAndAllItsAddressesTried) {
  // localhost may be ::1 first, where this server does not listen.
  const auto client = connect("redis://localhost:" + std::to_string(server().port()));
  await_connection(*client);
}

TEST_F(RedisLogin, AnAddressWhereNobodyListensIsNamed) {
  const auto port = std::to_string(free_port());
  const auto message = refusal("redis://127.0.0.1:" + port);
  EXPECT_THAT(message, HasSubstr("127.0.0.1:" + port));
  EXPECT_THAT(message, HasSubstr("refused"));
}

TEST_F(RedisLogin, ABadUrlMakesNoClient) {
  const auto client =
      Client::create(network_.io().get_executor(), {.url = "redis://anna:s3cret@h:0", .name = "test"}, log_, metrics_);
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().code, Errc::invalid_argument);
  EXPECT_THAT(client.error().message, Not(HasSubstr("s3cret")));
}

}  // namespace
}  // namespace liveops::test
