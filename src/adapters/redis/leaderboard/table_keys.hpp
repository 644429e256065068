#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/standings_id.hpp"

namespace liveops::adapters::redis::leaderboard {

/// "board:window:period", with '%' before the colons inside a name, so that no two tables share one.
[[nodiscard]] std::string table_name(const core::StandingsId& table);
/// nullopt: not such a name.
[[nodiscard]] std::optional<core::StandingsId> parse_table_name(std::string_view name);

/// The keys of one table, in the order that the scripts expect. All lie in one slot of a cluster, because the table's
/// name is their hash tag:
///
///   lb:{T}            ZSET  player -> -rank_key, so that ascending is rank order, equal keys by player id
///   lb:{T}:entries    HASH  player -> EntryValue
///   lb:{T}:meta       HASH  born: id of this life of the table; server: run_id of the process that has held it since;
///                           rebuild: who fills the fresh copy
///   lb:{T}:next, lb:{T}:next:entries   the fresh copy
[[nodiscard]] std::vector<std::string> table_keys(std::string_view prefix, const core::StandingsId& table);

/// HASH: id, server, state ("loading", "complete"), loader, until (ms). See Epoch.
[[nodiscard]] std::string epoch_key(std::string_view prefix);
/// SET of the names of all tables. Same slot as the epoch.
[[nodiscard]] std::string tables_key(std::string_view prefix);

}  // namespace liveops::adapters::redis::leaderboard
