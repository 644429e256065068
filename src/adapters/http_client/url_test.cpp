#include "adapters/http_client/url.hpp"

#include <gtest/gtest.h>

namespace liveops::adapters::http_client {
namespace {

TEST(Url, IsReadInItsParts) {
  const auto url = Url::parse("http://127.0.0.1:8080/events?x=1#frag").value();
  EXPECT_FALSE(url.tls);
  EXPECT_EQ(url.host, "127.0.0.1");
  EXPECT_EQ(url.port, 8080);
  EXPECT_EQ(url.target, "/events?x=1");
  EXPECT_EQ(url.authority(), "127.0.0.1:8080");
}

TEST(Url, DefaultsFollowTheScheme) {
  const auto plain = Url::parse("http://game.example").value();
  EXPECT_EQ(plain.port, 80);
  EXPECT_EQ(plain.target, "/");
  EXPECT_EQ(plain.authority(), "game.example");
  const auto secure = Url::parse("https://[::1]?q").value();
  EXPECT_TRUE(secure.tls);
  EXPECT_EQ(secure.port, 443);
  EXPECT_EQ(secure.host, "::1");
  EXPECT_EQ(secure.target, "/?q");
  EXPECT_EQ(secure.authority(), "[::1]");
}

TEST(Url, OthersAreRefused) {
  for (const auto* bad : {"", "ftp://a", "http://", "http://:80", "http://a:0", "http://a:65536", "http://a:x",
                          "http://u:p@a/", "http://a/b c", "http://[::1", "http://[::1]x", "http://a\r\n"}) {
    EXPECT_EQ(Url::parse(bad).error().code, core::Errc::invalid_argument) << bad;
  }
}

TEST(HostPort, IsReadAndOthersRefused) {
  EXPECT_EQ(HostPort::parse("0.0.0.0:0").value().host, "0.0.0.0");
  EXPECT_EQ(HostPort::parse("[::1]:8080").value().port, 8080);
  EXPECT_EQ(HostPort::parse("[::1]:8080").value().host, "::1");
  for (const auto* bad : {"", "8080", "host", "host:", ":80", "host:x", "host:70000", "::1:80"}) {
    EXPECT_FALSE(HostPort::parse(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace liveops::adapters::http_client
