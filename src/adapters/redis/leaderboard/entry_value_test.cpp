#include "adapters/redis/leaderboard/entry_value.hpp"

#include <gtest/gtest.h>

namespace liveops::adapters::redis::leaderboard {
namespace {

TEST(EntryValue, BeginsWithTheVersionAsTheScriptsReadIt) {
  const core::Timestamp at(std::chrono::microseconds(3));
  EXPECT_EQ(pack({core::PlayerId::trusted("a"), 0x0102, at, 0x00A0B0C0}),
            std::string("\x00\xA0\xB0\xC0\0\0\0\0\0\0\1\2\0\0\0\0\0\0\0\3", kEntryBytes));
}

TEST(EntryValue, LeadsBackToTheEntry) {
  const core::Timestamp at(std::chrono::microseconds(1'795'000'000'123'457));
  const std::int64_t key = (std::int64_t{1} << 53) - 1;
  const auto ranked = unpack(7, "a", pack({core::PlayerId::trusted("a"), key, at, 0xFFFFFFFF}));
  EXPECT_EQ(*ranked, (ports::Ranked{7, core::PlayerId::trusted("a"), key, at}));
}

TEST(EntryValue, OfAnotherLengthIsCorrupt) {
  EXPECT_EQ(unpack(1, "a", "short").error().code, core::Errc::corrupt);
  EXPECT_EQ(unpack(1, "a", "").error().code, core::Errc::corrupt);
}

}  // namespace
}  // namespace liveops::adapters::redis::leaderboard
