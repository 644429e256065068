#include "adapters/bus_nats/session.hpp"

#include <gtest/gtest.h>

namespace liveops::adapters::bus_nats {

TEST(Session, MessagesNameTheServerWithoutItsSecrets) {
  EXPECT_EQ(without_secrets("nats://127.0.0.1:4222"), "nats://127.0.0.1:4222");
  EXPECT_EQ(without_secrets("tls://user:pa@ss@one:4222, nats://token@two"), "tls://one:4222, nats://two");
  EXPECT_EQ(without_secrets("host"), "host");
  EXPECT_EQ(without_secrets("user:secret@host"), "host");
}

TEST(Session, AServerThatIsNotThereIsUnavailableAndTheMessageHasNoPassword) {
  const auto opened = Session::open({.url = "nats://user:secret@127.0.0.1:1"}, {});
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, core::Errc::unavailable);
  EXPECT_NE(opened.error().message.find("127.0.0.1:1"), std::string::npos);
  EXPECT_EQ((opened.error().message + opened.error().detail).find("secret"), std::string::npos);
}

TEST(Session, AUrlOrFileThatCannotBeReadIsSaid) {
  EXPECT_FALSE(Session::open({.url = ""}, {}).has_value());
  EXPECT_FALSE(Session::open({.url = "tls://127.0.0.1:1", .ca_file = "/nowhere/ca.pem"}, {}).has_value());
}

}  // namespace liveops::adapters::bus_nats
