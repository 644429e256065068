#include "adapters/postgres/connection_options.hpp"

#include <gtest/gtest.h>

namespace liveops::adapters::postgres {
namespace {

ConnectionOptions parsed(const std::string& url) {
  return ConnectionOptions::parse(url).value();
}

TEST(ConnectionOptions, EveryOptionOfLibpqIsKept) {
  const auto options = parsed("postgresql://u:p@db:6432/game?sslmode=verify-full&sslrootcert=/ca.pem");
  EXPECT_EQ(options.get("sslmode"), "verify-full");
  EXPECT_EQ(options.get("sslrootcert"), "/ca.pem");
  EXPECT_EQ(options.get("password"), "p");
  EXPECT_EQ(options.where(), "db:6432/game");
}

TEST(ConnectionOptions, WhatIsNoConnectionStringIsRefusedWithoutRepeatingIt) {
  const auto refused = ConnectionOptions::parse("postgresql://u:secret@host/db?sslmod=require");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, core::Errc::invalid_argument);
  EXPECT_EQ((refused.error().message + refused.error().detail).find("secret"), std::string::npos);
}

TEST(ConnectionOptions, OnlyNamesNeedALookup) {
  EXPECT_TRUE(needs_lookup({.name = "db.example", .port = "", .address = ""}));
  EXPECT_FALSE(needs_lookup({.name = "db.example", .port = "", .address = "10.0.0.1"}));
  EXPECT_FALSE(needs_lookup({.name = "127.0.0.1", .port = "", .address = ""}));
  EXPECT_FALSE(needs_lookup({.name = "::1", .port = "", .address = ""}));
  EXPECT_FALSE(needs_lookup({.name = "/run/postgresql", .port = "", .address = ""}));
  EXPECT_FALSE(needs_lookup({.name = "", .port = "", .address = ""}));
}

TEST(ConnectionOptions, SeveralHostsKeepTheirPortsWhenAddressesAreAdded) {
  auto options = parsed("postgresql://a:1,b:2/db");
  auto hosts = options.hosts();
  ASSERT_EQ(hosts.size(), 2U);
  EXPECT_EQ(hosts[1].name, "b");
  EXPECT_EQ(hosts[1].port, "2");
  hosts[0].address = "10.0.0.1";
  hosts.insert(hosts.begin() + 1, hosts[0]);
  hosts[1].address = "10.0.0.2";
  options.set_hosts(hosts);
  EXPECT_EQ(options.get("host"), "a,a,b");
  EXPECT_EQ(options.get("port"), "1,1,2");
  EXPECT_EQ(options.get("hostaddr"), "10.0.0.1,10.0.0.2,");
}

TEST(ConnectionOptions, OnePortServesEveryHost) {
  const auto hosts = parsed("host=a,b port=7 dbname=x").hosts();
  ASSERT_EQ(hosts.size(), 2U);
  EXPECT_EQ(hosts[0].port, "7");
  EXPECT_EQ(hosts[1].port, "7");
}

}  // namespace
}  // namespace liveops::adapters::postgres
