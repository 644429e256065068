#include "adapters/store_sqlite/leaderboard/schema.hpp"

#include <array>

namespace liveops::adapters::store_sqlite::leaderboard {

namespace {

// Times are microseconds since 1970. Enumerations are stored by number: their order in the code is part of the schema.
// Standings carry two small numbers instead of names, as there are board x window rows for every active player. They
// lie player by player: an event touches all of its player's rows, on one page instead of one page a table, and pages
// are what a commit writes.
constexpr std::array kMigrations{sqlite::Migration{1, R"sql(
CREATE TABLE players(
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE);

CREATE TABLE standings_tables(
  id INTEGER PRIMARY KEY,
  board TEXT NOT NULL,
  time_window INTEGER NOT NULL,  -- core::Window
  period TEXT NOT NULL,
  operator INTEGER NOT NULL,     -- core::BoardOperator
  direction INTEGER NOT NULL,    -- core::BoardOrder
  max_score INTEGER NOT NULL,
  opens_at INTEGER NOT NULL,
  closes_at INTEGER NOT NULL,
  state INTEGER NOT NULL DEFAULT 0,  -- ports::StandingsState
  purged INTEGER NOT NULL DEFAULT 0, -- 1: its rows are being removed, 2: they are gone
  UNIQUE(board, time_window, period));

CREATE TABLE standings(
  player INTEGER NOT NULL,
  table_id INTEGER NOT NULL,
  score INTEGER NOT NULL,
  achieved_at INTEGER NOT NULL,
  version INTEGER NOT NULL,
  event BLOB,                    -- boards of operator `last`
  PRIMARY KEY(player, table_id)) WITHOUT ROWID;

CREATE TABLE inbox(
  event_id BLOB PRIMARY KEY,
  noted_day INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE blocks(
  player TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  blocked INTEGER NOT NULL,
  until INTEGER,
  changed_at INTEGER NOT NULL,
  reason TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE sealing_hidden(
  table_id INTEGER NOT NULL,
  player INTEGER NOT NULL,
  PRIMARY KEY(table_id, player)) WITHOUT ROWID;

CREATE TABLE snapshots(
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  complete INTEGER NOT NULL DEFAULT 0,
  board TEXT, time_window INTEGER, period TEXT,
  opens_at INTEGER, closes_at INTEGER, taken_at INTEGER,
  sealed INTEGER, revision INTEGER, rows INTEGER, total INTEGER,
  sha256 TEXT, signature TEXT);
CREATE INDEX snapshots_by_table ON snapshots(board, time_window, period, taken_at) WHERE complete = 1;
CREATE INDEX snapshots_by_time ON snapshots(taken_at) WHERE complete = 1;

CREATE TABLE snapshot_rows(
  snapshot INTEGER NOT NULL,
  rank INTEGER NOT NULL,
  player INTEGER NOT NULL,
  score INTEGER NOT NULL,
  achieved_at INTEGER NOT NULL,
  PRIMARY KEY(snapshot, rank)) WITHOUT ROWID;
)sql"},
                                 sqlite::Migration{2, R"sql(
ALTER TABLE blocks ADD COLUMN disqualified_since INTEGER;
ALTER TABLE blocks ADD COLUMN disqualified_for TEXT;
ALTER TABLE blocks ADD COLUMN disqualified_number INTEGER NOT NULL DEFAULT 0;  -- of revision_clock, at its last change
CREATE INDEX blocks_by_disqualification ON blocks(disqualified_number) WHERE disqualified_number > 0;
CREATE TABLE revision_clock(one INTEGER PRIMARY KEY CHECK(one = 1), number INTEGER NOT NULL);
INSERT INTO revision_clock VALUES(1, 0);

ALTER TABLE standings_tables ADD COLUMN looked_at INTEGER NOT NULL DEFAULT 0;  -- disqualifications up to this number
ALTER TABLE standings_tables ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE standings_tables ADD COLUMN planned INTEGER;                       -- the revision that is being written

-- Whoever is, or was once, not simply where the first revision has him.
CREATE TABLE left_out(
  table_id INTEGER NOT NULL,
  player INTEGER NOT NULL,
  score INTEGER NOT NULL,
  achieved_at INTEGER NOT NULL,
  in_first INTEGER NOT NULL,     -- 0: left out when the table was sealed
  block_version INTEGER,         -- of the block that he was left out for; NULL: none, or it was overturned
  sealed_at INTEGER NOT NULL,
  shown INTEGER NOT NULL,        -- in the latest revision
  planned INTEGER,               -- in the one that is being written
  planned_reason TEXT,           -- of the change that led to it
  PRIMARY KEY(table_id, player)) WITHOUT ROWID;
CREATE INDEX left_out_by_player ON left_out(player);
INSERT INTO left_out SELECT h.table_id, h.player, s.score, s.achieved_at, 0, coalesce(b.version, 0), 0, 0, NULL, NULL
  FROM sealing_hidden h JOIN standings s ON s.table_id = h.table_id AND s.player = h.player
  JOIN players p ON p.id = h.player LEFT JOIN blocks b ON b.player = p.name;
DROP TABLE sealing_hidden;
CREATE TABLE revision_queue(table_id INTEGER PRIMARY KEY);

ALTER TABLE snapshot_rows ADD COLUMN previous_rank INTEGER;
CREATE TABLE revisions(
  table_id INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  previous_sha256 TEXT NOT NULL,
  promoted INTEGER NOT NULL,
  signature TEXT NOT NULL,
  PRIMARY KEY(table_id, revision)) WITHOUT ROWID;
CREATE TABLE revision_players(
  table_id INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  player INTEGER NOT NULL,
  returned INTEGER NOT NULL,
  rank INTEGER NOT NULL,
  score INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY(table_id, revision, player)) WITHOUT ROWID;
)sql"}};

}  // namespace

std::span<const sqlite::Migration> leaderboard_migrations() {
  return kMigrations;
}

}  // namespace liveops::adapters::store_sqlite::leaderboard
