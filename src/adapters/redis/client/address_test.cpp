#include "adapters/redis/client/address.hpp"

#include <gtest/gtest.h>

namespace liveops::adapters::redis {
namespace {

Address parsed(std::string_view url) {
  const auto address = Address::parse(url);
  EXPECT_TRUE(address) << url << ": " << address.error().message;
  return address.value_or(Address{});
}

std::string refusal(std::string_view url) {
  const auto address = Address::parse(url);
  EXPECT_FALSE(address) << url;
  if (address) return {};
  EXPECT_EQ(address.error().code, core::Errc::invalid_argument);
  return address.error().message;
}

TEST(RedisAddress, HostAloneHasThePortAndTheDatabaseOfRedis) {
  const auto address = parsed("redis://cache");
  EXPECT_EQ(address.kind, Address::Kind::tcp);
  EXPECT_EQ(address.host, "cache");
  EXPECT_EQ(address.port, 6379);
  EXPECT_EQ(address.database, 0);
  EXPECT_TRUE(address.user.empty());
  EXPECT_TRUE(address.password.empty());
}

TEST(RedisAddress, EveryPartIsRead) {
  const auto address = parsed("redis://anna:s3cret@10.0.0.7:7000/12");
  EXPECT_EQ(address.user, "anna");
  EXPECT_EQ(address.password, "s3cret");
  EXPECT_EQ(address.host, "10.0.0.7");
  EXPECT_EQ(address.port, 7000);
  EXPECT_EQ(address.database, 12);
}

TEST(RedisAddress, PasswordAloneWorksWithAndWithoutColon) {
  for (const auto* url : {"redis://:s3cret@h", "redis://s3cret@h"}) {
    const auto address = parsed(url);
    EXPECT_TRUE(address.user.empty());
    EXPECT_EQ(address.password, "s3cret");
    EXPECT_EQ(address.host, "h");
  }
}

TEST(RedisAddress, CredentialsArePercentDecodedAndMayHoldDelimiters) {
  const auto address = parsed("redis://a%3Ab:p%40ss%2fw:rd@h/1");
  EXPECT_EQ(address.user, "a:b");
  EXPECT_EQ(address.password, "p@ss/w:rd");
  EXPECT_EQ(parsed("redis://:pa/ss@h:1").password, "pa/ss");
}

TEST(RedisAddress, Ipv6StandsInBrackets) {
  const auto address = parsed("redis://[::1]:7001/3");
  EXPECT_EQ(address.host, "::1");
  EXPECT_EQ(address.port, 7001);
  EXPECT_EQ(address.display(), "[::1]:7001/3");
}

TEST(RedisAddress, UnixSocketsHaveAPathAndTheDatabaseAsParameter) {
  const auto address = parsed("unix:///run/redis/redis.sock?db=2");
  EXPECT_EQ(address.kind, Address::Kind::unix_socket);
  EXPECT_EQ(address.path, "/run/redis/redis.sock");
  EXPECT_EQ(address.database, 2);
  EXPECT_EQ(parsed("unix://anna:s3cret@/run/r.sock").password, "s3cret");
}

TEST(RedisAddress, TlsIsAKindOfItsOwn) {
  EXPECT_EQ(parsed("rediss://h:6380").kind, Address::Kind::tls);
}

TEST(RedisAddress, WhatCannotBeReadIsRefusedWithTheReason) {
  EXPECT_NE(refusal("http://h").find("must start with redis://"), std::string::npos);
  EXPECT_NE(refusal("redis://").find("host is missing"), std::string::npos);
  EXPECT_NE(refusal("redis://h:0").find("port"), std::string::npos);
  EXPECT_NE(refusal("redis://h:66000").find("port"), std::string::npos);
  EXPECT_NE(refusal("redis://h:").find("port"), std::string::npos);
  EXPECT_NE(refusal("redis://[::1").find("bracket"), std::string::npos);
  EXPECT_NE(refusal("redis://h/x").find("database"), std::string::npos);
  EXPECT_NE(refusal("redis://h/-1").find("database"), std::string::npos);
  EXPECT_NE(refusal("redis://h?timeout=3").find("?db="), std::string::npos);
  EXPECT_NE(refusal("redis://anna@h:1:2").find("port"), std::string::npos);
  EXPECT_NE(refusal("redis://anna:@h").find("password"), std::string::npos);
  EXPECT_NE(refusal("redis://a%zz:b@h").find("percent"), std::string::npos);
  EXPECT_NE(refusal("unix://run/r.sock").find("unix:///path"), std::string::npos);
}

TEST(RedisAddress, NoMessageHoldsThePassword) {
  for (const auto* url : {"redis://anna:s3cret@h:0", "http://anna:s3cret@h", "anna:s3cret@h", "redis://:s3@cret@h/x",
                          "redis://anna:s3cret@", "unix://anna:s3cret@h/p"}) {
    const auto message = refusal(url);
    EXPECT_EQ(message.find("s3"), std::string::npos) << message;
    EXPECT_NE(message.find("***"), std::string::npos) << message;
  }
  EXPECT_EQ(parsed("redis://anna:s3cret@h:1/2").display(), "h:1/2");
}

}  // namespace
}  // namespace liveops::adapters::redis
