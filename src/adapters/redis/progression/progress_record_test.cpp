#include "adapters/redis/progression/progress_record.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace liveops::adapters::redis {
namespace {

const auto kPlayer = core::PlayerId::trusted("p-1");

ports::Progress full() {
  ports::Progress out;
  out.player_id = kPlayer;
  out.xp = 9'007'199'254'740'993;
  out.season_xp = {{core::SeasonId::trusted("s1"), 10}, {core::SeasonId::trusted("s2"), 20}};
  out.boss_kills = {{core::BossId::trusted("dragon"), 3}};
  out.version = 0x0102030405060708;
  out.updated_at = core::Timestamp(std::chrono::microseconds(1'795'000'000'123'456));
  return out;
}

TEST(ProgressRecord, GivesBackWhatWasWritten) {
  EXPECT_EQ(ProgressRecord::decode(ProgressRecord::encode(full()), kPlayer), full());
  for (const std::int64_t version : {std::int64_t{0}, std::int64_t{255}, std::numeric_limits<std::int64_t>::max()}) {
    const ports::Progress plain{.player_id = kPlayer, .version = version};
    EXPECT_EQ(ProgressRecord::decode(ProgressRecord::encode(plain), kPlayer), plain);
  }
}

TEST(ProgressRecord, BeginsWithTheVersionBigEndFirst) {
  EXPECT_EQ(ProgressRecord::encode(full()).substr(0, 8), "\x01\x02\x03\x04\x05\x06\x07\x08");
}

TEST(ProgressRecord, WhatCannotBeReadIsNone) {
  const auto whole = ProgressRecord::encode(full());
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_EQ(ProgressRecord::decode(whole.substr(0, length), kPlayer), std::nullopt) << length;
  }
  const std::string version(8, '\0');
  for (const auto* rest : {"[]", "{}", R"({"xp":"1","seasons":{},"kills":{},"updated_us":0})",
                           R"({"xp":1,"seasons":[],"kills":{},"updated_us":0})",
                           R"({"xp":1,"seasons":{},"kills":{"d":1.5},"updated_us":0})"}) {
    EXPECT_EQ(ProgressRecord::decode(version + rest, kPlayer), std::nullopt) << rest;
  }
}

}  // namespace
}  // namespace liveops::adapters::redis
