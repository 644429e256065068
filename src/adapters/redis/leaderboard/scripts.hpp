#pragma once

#include "adapters/redis/client/client.hpp"

/// The scripts by which tables are read and written, each atomic and of one table or of the epoch alone.
///
/// Those of tables take table_keys() and answer {condition, born, ...}: `condition` is "whole", "none" (no such table)
/// or "damaged" (not held by this server process since it was filled, or keys of it are missing: nothing was done).
namespace liveops::adapters::redis::leaderboard::scripts {

/// ARGV: id for the table if it is new, then player, -rank_key, EntryValue of each entry, at most kMaxEntries.
[[nodiscard]] const Script& put();
/// ARGV: players.
[[nodiscard]] const Script& remove();
/// ARGV: first, count. -> total, first, players, EntryValues.
[[nodiscard]] const Script& page();
/// ARGV: player, radius. -> as `page`; total -1: the player is not there.
[[nodiscard]] const Script& around();
/// ARGV: players. -> total, ranks from 0 (nil: not there), EntryValues.
[[nodiscard]] const Script& lookup();

/// ARGV: id for the table if it is new, who rebuilds, "1" when what the table holds may be an old copy. -> as above.
[[nodiscard]] const Script& begin_rebuild();
/// ARGV: who rebuilds, entries as in `put`. -> 1; 0: somebody else rebuilds, or nobody.
[[nodiscard]] const Script& put_rebuild();
/// ARGV: who rebuilds. -> as put_rebuild.
[[nodiscard]] const Script& finish_rebuild();

/// KEYS: the epoch. -> id, "lost", "loading" or "complete".
[[nodiscard]] const Script& epoch_state();
/// ARGV: who loads, id for a new epoch, lease in ms. -> "busy"; "fresh", id; or "beside", id.
[[nodiscard]] const Script& begin_load();
/// ARGV: who loads, id, lease in ms. -> 1; 0: the load is not his any more, or its work was lost.
[[nodiscard]] const Script& renew_load();
/// ARGV: who loads, id. -> as renew_load.
[[nodiscard]] const Script& finish_load();
/// ARGV: id. The index is lost, if the epoch is this one.
[[nodiscard]] const Script& end_epoch();

/// Of one call: what a server may spend on it before others have their turn, about two milliseconds.
inline constexpr std::size_t kMaxEntries = 500;

}  // namespace liveops::adapters::redis::leaderboard::scripts
