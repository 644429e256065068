#include "adapters/bus_servicebus/lock_token.hpp"

#include <gtest/gtest.h>

namespace liveops::adapters::bus_servicebus {

namespace {

constexpr LockToken kToken{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

}  // namespace

TEST(LockToken, IsAUuidOnceItsFirstFieldsAreTurned) {
  EXPECT_EQ(to_tag(to_uuid(kToken)),
            "03020100050407060809"
            "0a0b0c0d0e0f");
  EXPECT_EQ(to_uuid(to_uuid(kToken)), kToken);
}

TEST(LockToken, ReadsBackFromItsText) {
  EXPECT_EQ(to_tag(kToken), "000102030405060708090a0b0c0d0e0f");
  EXPECT_EQ(parse_tag(to_tag(kToken)), kToken);
  EXPECT_EQ(parse_tag("never-heard-of"), std::nullopt);
  EXPECT_EQ(parse_tag("0001"), std::nullopt);
  EXPECT_EQ(parse_tag(""), std::nullopt);
}

}  // namespace liveops::adapters::bus_servicebus
