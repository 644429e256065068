#include "adapters/redis/leaderboard/entry_value.hpp"

namespace liveops::adapters::redis::leaderboard {

namespace {

constexpr std::size_t kVersionBytes = 4;
constexpr std::size_t kNumberBytes = 8;

void append_number(std::string& out, std::uint64_t number, std::size_t bytes) {
  for (std::size_t i = bytes; i-- > 0;) out += static_cast<char>(number >> (8 * i) & 0xFFU);
}

std::int64_t read_number(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char c : bytes) number = number << 8U | static_cast<unsigned char>(c);
  return static_cast<std::int64_t>(number);
}

}  // namespace

std::string pack(const ports::RankEntry& entry) {
  std::string value;
  value.reserve(kEntryBytes);
  append_number(value, entry.version, kVersionBytes);
  append_number(value, static_cast<std::uint64_t>(entry.rank_key), kNumberBytes);
  append_number(value, static_cast<std::uint64_t>(entry.achieved_at.time_since_epoch().count()), kNumberBytes);
  return value;
}

core::Result<ports::Ranked> unpack(std::uint64_t rank, std::string player, std::string_view value) {
  if (value.size() != kEntryBytes) {
    return core::fail(core::Errc::corrupt, "an entry of the rank index cannot be read: rebuild it", player);
  }
  const auto key = read_number(value.substr(kVersionBytes, kNumberBytes));
  const auto achieved = read_number(value.substr(kVersionBytes + kNumberBytes));
  return ports::Ranked{rank, core::PlayerId::trusted(std::move(player)), key,
                       core::Timestamp(std::chrono::microseconds(achieved))};
}

}  // namespace liveops::adapters::redis::leaderboard
