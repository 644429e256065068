#include "adapters/store_sqlite/progression/schema.hpp"

#include <array>

namespace liveops::adapters::store_sqlite::progression {

namespace {

// Times are microseconds since 1970. `player` columns hold player.key. A season of '' means: not tied to a season.
// The inbox has no index on time: it is swept along the ledger, whose row order is the order of application.
constexpr std::string_view kTables = R"sql(
CREATE TABLE player(
  key INTEGER PRIMARY KEY,
  player_id TEXT NOT NULL UNIQUE,
  xp INTEGER NOT NULL,
  version INTEGER NOT NULL,
  updated_at INTEGER NOT NULL);

CREATE TABLE season_xp(
  player INTEGER NOT NULL,
  season TEXT NOT NULL,
  xp INTEGER NOT NULL,
  PRIMARY KEY(player, season)) WITHOUT ROWID;

CREATE TABLE boss_kills(
  player INTEGER NOT NULL,
  boss TEXT NOT NULL,
  kills INTEGER NOT NULL,
  PRIMARY KEY(player, boss)) WITHOUT ROWID;

CREATE TABLE inbox(event_id BLOB PRIMARY KEY) WITHOUT ROWID;

CREATE TABLE ledger(
  id INTEGER PRIMARY KEY,
  event_id BLOB NOT NULL,
  player INTEGER NOT NULL,
  type INTEGER NOT NULL,           -- 0 progression, 1 boss_kill, 2 drop_claimed
  occurred_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  applied_at INTEGER NOT NULL,
  xp INTEGER NOT NULL,
  score INTEGER,
  drop_refused INTEGER NOT NULL,   -- 1: another event had been granted this drop
  payload TEXT NOT NULL);

CREATE TABLE inbox_sweep(one INTEGER PRIMARY KEY CHECK(one = 1), ledger_id INTEGER NOT NULL);
INSERT INTO inbox_sweep VALUES(1, 0);

CREATE TABLE drops(
  drop_id TEXT PRIMARY KEY,
  player INTEGER NOT NULL,
  event_id BLOB NOT NULL) WITHOUT ROWID;

CREATE TABLE inventory(
  player INTEGER NOT NULL,
  item_id TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  PRIMARY KEY(player, item_id)) WITHOUT ROWID;

CREATE TABLE earned(
  player INTEGER NOT NULL,
  reward_id TEXT NOT NULL,
  season TEXT NOT NULL,
  earned_at INTEGER NOT NULL,
  PRIMARY KEY(player, reward_id, season)) WITHOUT ROWID;

CREATE TABLE claim(
  player INTEGER NOT NULL,
  reward_id TEXT NOT NULL,
  season TEXT NOT NULL,
  receipt_id TEXT NOT NULL,
  claimed_at INTEGER NOT NULL,
  PRIMARY KEY(player, reward_id, season)) WITHOUT ROWID;

CREATE TABLE receipt(
  receipt_id TEXT PRIMARY KEY,
  token TEXT NOT NULL,
  json TEXT NOT NULL,
  redeemed_at INTEGER) WITHOUT ROWID;
)sql";

// Who is disqualified since when (NULL: not), as the newest change of standing has it, and receipts that this revoked.
constexpr std::string_view kRevocations = R"sql(
ALTER TABLE receipt ADD COLUMN revoked_at INTEGER;
CREATE TABLE judged(
  player_id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  since INTEGER,
  changed_at INTEGER NOT NULL) WITHOUT ROWID;
)sql";

constexpr std::array kMigrations{sqlite::Migration{1, kTables}, sqlite::Migration{2, kRevocations}};

}  // namespace

std::span<const sqlite::Migration> migrations() {
  return kMigrations;
}

}  // namespace liveops::adapters::store_sqlite::progression
