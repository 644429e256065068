#include "adapters/bus_servicebus/connection_string.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace liveops::adapters::bus_servicebus {

using core::Errc;
using testing::HasSubstr;
using testing::Not;

TEST(ConnectionString, IsReadAsAzureShowsIt) {
  const auto read = parse_connection_string(
      "Endpoint=sb://game.servicebus.windows.net/;SharedAccessKeyName=RootManageSharedAccessKey;"
      "SharedAccessKey=kEyWithPadding+/8=;EntityPath=events");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(*read, (ConnectionString{.host = "game.servicebus.windows.net",
                                     .port = 5671,
                                     .tls = true,
                                     .key_name = "RootManageSharedAccessKey",
                                     .key = "kEyWithPadding+/8=",
                                     .signature = {},
                                     .entity_path = "events"}));
}

TEST(ConnectionString, OfTheEmulatorHasNoTlsAndMayHaveAPort) {
  const auto read = parse_connection_string(
      "endpoint=sb://localhost:5673;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;"
      "UseDevelopmentEmulator=True;");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->host, "localhost");
  EXPECT_EQ(read->port, 5673);
  EXPECT_FALSE(read->tls);
  EXPECT_EQ(
      parse_connection_string("Endpoint=sb://h;SharedAccessKeyName=n;SharedAccessKey=k;UseDevelopmentEmulator=true")
          ->port,
      5672);
}

TEST(ConnectionString, MayCarryATokenInThePlaceOfAKey) {
  const auto read = parse_connection_string(
      "Endpoint=sb://h/;SharedAccessSignature=SharedAccessSignature sr=sb%3a%2f%2fh&sig=a%3d&se=1&skn=n");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->signature, "SharedAccessSignature sr=sb%3a%2f%2fh&sig=a%3d&se=1&skn=n");
}

TEST(ConnectionString, WhatIsMissingIsSaidWithoutTheSecret) {
  for (const auto* text : {"", "SharedAccessKeyName=n;SharedAccessKey=hush", "Endpoint=https://h;SharedAccessKey=hush",
                           "Endpoint=sb://h/;SharedAccessKey=hush", "Endpoint=sb://h:x/;SharedAccessKey=hush",
                           "Endpoint=sb:///;SharedAccessKeyName=n;SharedAccessKey=hush"}) {
    const auto read = parse_connection_string(text);
    ASSERT_FALSE(read.has_value()) << text;
    EXPECT_EQ(read.error().code, Errc::invalid_argument);
    EXPECT_THAT(read.error().message + read.error().detail, Not(HasSubstr("hush")));
  }
}

}  // namespace liveops::adapters::bus_servicebus
