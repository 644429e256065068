#pragma once

#include "adapters/postgres/session.hpp"

/// Statements that more than one part sends.
namespace liveops::adapters::store_postgres::progression {

/// Player id -> a row for `progress_at`, or none.
inline constexpr postgres::Statement kReadPlayer{
    "progression_read_player",
    "SELECT player_id, xp, version, updated_at, season_xp, boss_kills FROM progression.player "
    "WHERE player_id = $1::text"};

/// Player ids -> a row for `progress_at` of each there is, by id, locked. Who holds it may change all that belongs to
/// the player.
inline constexpr postgres::Statement kLockPlayers{
    "progression_lock_players",
    "SELECT player_id, xp, version, updated_at, season_xp, boss_kills FROM progression.player "
    "WHERE player_id = ANY($1::text[]) ORDER BY player_id FOR NO KEY UPDATE"};

/// Player ids, item ids, quantities -> the quantities there are now, which stop at ports::kMaxSum (2^53).
inline constexpr postgres::Statement kAddItems{
    "progression_add_items",
    "INSERT INTO progression.inventory(player_id, item_id, quantity) "
    "SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[]) ON CONFLICT (player_id, item_id) DO UPDATE "
    "SET quantity = least(inventory.quantity + excluded.quantity, 9007199254740992) RETURNING quantity"};

}  // namespace liveops::adapters::store_postgres::progression
