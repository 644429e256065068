#pragma once

#include <string>
#include <vector>

#include "adapters/redis/client/reply.hpp"
#include "core/error.hpp"
#include "ports/rank_index.hpp"

/// Reading of what the scripts answer. Errors of all: `corrupt` (an answer of another shape).
namespace liveops::adapters::redis::leaderboard {

/// 16 random bytes in hex: an id never used before.
[[nodiscard]] std::string random_id();

/// What a failed call is to the users of the port. A timeout becomes `unavailable`: every call is safe to repeat.
/// Other than those two: `internal`.
[[nodiscard]] std::unexpected<core::Error> index_error(const core::Error& error);

/// Two words.
[[nodiscard]] core::Result<std::vector<std::string>> read_words(const Reply& reply);

enum class Condition : std::uint8_t { none, whole, damaged };

/// The table as a script met it.
struct TableLife {
  Condition condition = Condition::none;
  std::string born;  // empty: `none`
};
[[nodiscard]] core::Result<TableLife> read_life(const Reply& reply);

/// Of scripts::page and scripts::around. Errors: `not_found` (around, of somebody who is not there).
[[nodiscard]] core::Result<ports::RankPage> read_page(Reply reply);

/// Of scripts::lookup, for these players.
[[nodiscard]] core::Result<ports::RankLookup> read_lookup(const Reply& reply, std::vector<core::PlayerId> players);

}  // namespace liveops::adapters::redis::leaderboard
