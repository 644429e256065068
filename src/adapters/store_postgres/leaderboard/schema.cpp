#include "adapters/store_postgres/leaderboard/schema.hpp"

#include <array>

namespace liveops::adapters::store_postgres::leaderboard {

namespace {

// Times are microseconds since 1970. Enumerations are stored by number: their order in the code is part of the schema.
// Names are compared byte by byte (collation "C"), as in the program and in every other store.
//
// standings: an event touches all of its player's rows, which are neighbours in the one index. There is no index by
// score: it would turn every update into a write of the index as well, for a sort that is needed once a period. The
// room that `fillfactor` leaves keeps a row's next version on its page, so that an update writes no index at all.
//
// inbox: the event id alone is unique, whatever the day. Old rows are found by walking through the table as it lies on
// disk, about in order of arrival, so that no second index has to be kept up.
//
// Vacuum has to follow the steady removal closely, or the tables grow instead of using their free room again.
constexpr std::array kMigrations{postgres::Migration{1, R"sql(
CREATE TABLE leaderboard.standings_tables(
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  board text COLLATE "C" NOT NULL,
  time_window smallint NOT NULL,       -- core::Window
  period text COLLATE "C" NOT NULL,
  operator smallint NOT NULL,          -- core::BoardOperator
  direction smallint NOT NULL,         -- core::BoardOrder
  max_score bigint NOT NULL,
  opens_at bigint NOT NULL,
  closes_at bigint NOT NULL,
  state smallint NOT NULL DEFAULT 0,   -- ports::StandingsState
  purged boolean NOT NULL DEFAULT false,
  UNIQUE(board, time_window, period));

CREATE TABLE leaderboard.standings(
  score bigint NOT NULL,
  achieved_at bigint NOT NULL,
  table_id integer NOT NULL,
  version integer NOT NULL,
  player text COLLATE "C" NOT NULL,
  event uuid,                          -- boards of operator `last`
  PRIMARY KEY(player, table_id)) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05);

CREATE TABLE leaderboard.inbox(
  event_id uuid PRIMARY KEY,
  noted_day integer NOT NULL) WITH (autovacuum_vacuum_scale_factor = 0.03);

CREATE TABLE leaderboard.blocks(
  player text COLLATE "C" PRIMARY KEY,
  version bigint NOT NULL,
  blocked boolean NOT NULL,
  until bigint,
  changed_at bigint NOT NULL,
  reason text NOT NULL);
CREATE INDEX blocks_by_time ON leaderboard.blocks(changed_at);

CREATE TABLE leaderboard.sealing_hidden(
  table_id integer NOT NULL,
  player text COLLATE "C" NOT NULL,
  PRIMARY KEY(table_id, player));

-- The rows of a table that is being sealed, in rank order, are the table leaderboard.ranking_<number>.
CREATE SEQUENCE leaderboard.ranking_number;
CREATE TABLE leaderboard.rankings(
  table_id integer PRIMARY KEY,
  number bigint NOT NULL,
  direction smallint NOT NULL,
  opens_at bigint NOT NULL,
  tie_step bigint NOT NULL,
  rows bigint NOT NULL);

CREATE TABLE leaderboard.snapshots(
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text COLLATE "C" UNIQUE,        -- NULL: given up, its rows are being removed
  complete boolean NOT NULL DEFAULT false,
  begun_at timestamptz NOT NULL DEFAULT now(),
  board text COLLATE "C", time_window smallint, period text COLLATE "C",
  opens_at bigint, closes_at bigint, taken_at bigint,
  sealed boolean, revision integer, rows bigint, total bigint,
  sha256 text, signature text);
CREATE INDEX snapshots_by_table ON leaderboard.snapshots(board, time_window, period, taken_at) WHERE complete;
CREATE INDEX snapshots_by_time ON leaderboard.snapshots(taken_at) WHERE complete;
CREATE INDEX snapshots_unfinished ON leaderboard.snapshots(id) WHERE NOT complete;

CREATE TABLE leaderboard.snapshot_rows(
  snapshot bigint NOT NULL,
  rank bigint NOT NULL,
  score bigint NOT NULL,
  achieved_at bigint NOT NULL,
  player text COLLATE "C" NOT NULL,
  PRIMARY KEY(snapshot, rank));

CREATE TABLE leaderboard.leases(
  name text COLLATE "C" PRIMARY KEY,
  holder text NOT NULL,
  expires_at timestamptz NOT NULL);
)sql"},
                                 postgres::Migration{2, R"sql(
-- The number of revision_clock when being disqualified last changed: who holds the clock's row commits before the next.
ALTER TABLE leaderboard.blocks ADD COLUMN disqualified_since bigint, ADD COLUMN disqualified_for text,
  ADD COLUMN disqualified_number bigint NOT NULL DEFAULT 0;
CREATE INDEX blocks_by_disqualification ON leaderboard.blocks(disqualified_number) WHERE disqualified_number > 0;
CREATE TABLE leaderboard.revision_clock(one boolean PRIMARY KEY CHECK(one), number bigint NOT NULL);
INSERT INTO leaderboard.revision_clock VALUES(true, 0);

ALTER TABLE leaderboard.standings_tables
  ADD COLUMN looked_at bigint NOT NULL DEFAULT 0,    -- disqualifications up to this number
  ADD COLUMN revision integer NOT NULL DEFAULT 1,
  ADD COLUMN planned integer;                        -- the revision that is being written

-- Whoever is, or was once, not simply where the first revision has him.
CREATE TABLE leaderboard.left_out(
  table_id integer NOT NULL,
  player text COLLATE "C" NOT NULL,
  score bigint NOT NULL,
  achieved_at bigint NOT NULL,
  in_first boolean NOT NULL,     -- false: left out when the table was sealed
  block_version bigint,          -- of the block that he was left out for; NULL: none, or it was overturned
  sealed_at bigint NOT NULL,
  shown boolean NOT NULL,        -- in the latest revision
  planned boolean,               -- in the one that is being written
  planned_reason text,           -- of the change that led to it
  PRIMARY KEY(table_id, player));
CREATE INDEX left_out_by_player ON leaderboard.left_out(player);
INSERT INTO leaderboard.left_out
  SELECT h.table_id, h.player, s.score, s.achieved_at, false, coalesce(b.version, 0), 0, false, NULL, NULL
  FROM leaderboard.sealing_hidden h JOIN leaderboard.standings s USING (table_id, player)
  LEFT JOIN leaderboard.blocks b USING (player);
DROP TABLE leaderboard.sealing_hidden;
CREATE TABLE leaderboard.revision_queue(table_id integer PRIMARY KEY, number bigint NOT NULL);

ALTER TABLE leaderboard.snapshot_rows ADD COLUMN previous_rank bigint;
CREATE TABLE leaderboard.revisions(
  table_id integer NOT NULL,
  revision integer NOT NULL,
  previous_sha256 text NOT NULL,
  promoted bigint NOT NULL,
  signature text NOT NULL,
  PRIMARY KEY(table_id, revision));
CREATE TABLE leaderboard.revision_players(
  table_id integer NOT NULL,
  revision integer NOT NULL,
  player text COLLATE "C" NOT NULL,
  returned boolean NOT NULL,
  rank bigint NOT NULL,
  score bigint NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY(table_id, revision, player));
)sql"}};

}  // namespace

std::span<const postgres::Migration> leaderboard_migrations() {
  return kMigrations;
}

}  // namespace liveops::adapters::store_postgres::leaderboard
