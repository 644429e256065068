#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"
#include "ports/rank_index.hpp"

namespace liveops::adapters::redis::leaderboard {

/// What a table's HASH keeps of an entry: version (4 bytes), rank_key (8), achieved_at in microseconds (8), big-endian.
inline constexpr std::size_t kEntryBytes = 20;

[[nodiscard]] std::string pack(const ports::RankEntry& entry);

/// The entry as it stands on `rank`. Errors: `corrupt` (not made by `pack`).
[[nodiscard]] core::Result<ports::Ranked> unpack(std::uint64_t rank, std::string player, std::string_view value);

}  // namespace liveops::adapters::redis::leaderboard
