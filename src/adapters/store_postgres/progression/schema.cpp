#include "adapters/store_postgres/progression/schema.hpp"

#include <array>

namespace liveops::adapters::store_postgres::progression {

namespace {

// Times are microseconds since 1970. A season of '' means: not tied to a season. Ids collate by their bytes, as the
// program sorts them.
//
// player: the key is the id itself, which needs one index where a surrogate would need two. All sums of a player are in
// one row, so that a batch reads and writes one row for each player; no column that changes is indexed and pages keep
// room, so that the new version of a row lands on the same page (HOT) and costs no index entry.
// inbox: unique by event id alone, for a retry must be known for as long as the id is kept. Its index on time is
// appended to at one end and swept from the other.
// ledger: partitioned by the month in which events were applied, which only moves on: LedgerMonths makes the
// partitions.
constexpr std::string_view kTables = R"sql(
CREATE TABLE progression.player(
  player_id text COLLATE "C" PRIMARY KEY,
  xp bigint NOT NULL,
  version bigint NOT NULL,
  updated_at bigint NOT NULL,
  season_xp jsonb NOT NULL,        -- {season: xp}
  boss_kills jsonb NOT NULL        -- {boss: kills}
) WITH (fillfactor = 75);

CREATE TABLE progression.inbox(
  event_id uuid PRIMARY KEY,
  applied_at bigint NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);
CREATE INDEX inbox_applied_at ON progression.inbox(applied_at);

CREATE TABLE progression.ledger(
  event_id uuid NOT NULL,
  occurred_at bigint NOT NULL,
  received_at bigint NOT NULL,
  applied_at bigint NOT NULL,
  xp bigint NOT NULL,
  score bigint,
  type smallint NOT NULL,          -- 0 progression, 1 boss_kill, 2 drop_claimed
  drop_refused boolean NOT NULL,   -- another event had been granted this drop
  player_id text COLLATE "C" NOT NULL,
  payload text NOT NULL
) PARTITION BY RANGE (applied_at);

CREATE TABLE progression.drops(
  drop_id text COLLATE "C" PRIMARY KEY,
  player_id text COLLATE "C" NOT NULL,
  event_id uuid NOT NULL);

CREATE TABLE progression.inventory(
  player_id text COLLATE "C" NOT NULL,
  item_id text COLLATE "C" NOT NULL,
  quantity bigint NOT NULL,
  PRIMARY KEY(player_id, item_id)) WITH (fillfactor = 85);

CREATE TABLE progression.earned(
  player_id text COLLATE "C" NOT NULL,
  reward_id text COLLATE "C" NOT NULL,
  season text COLLATE "C" NOT NULL,
  earned_at bigint NOT NULL,
  PRIMARY KEY(player_id, reward_id, season));

CREATE TABLE progression.claim(
  player_id text COLLATE "C" NOT NULL,
  reward_id text COLLATE "C" NOT NULL,
  season text COLLATE "C" NOT NULL,
  receipt_id text COLLATE "C" NOT NULL,
  claimed_at bigint NOT NULL,
  PRIMARY KEY(player_id, reward_id, season));

CREATE TABLE progression.receipt(
  receipt_id text COLLATE "C" PRIMARY KEY,
  token text NOT NULL,
  json text NOT NULL,
  redeemed_at bigint);
)sql";

// Who is disqualified since when (NULL: not), as the newest change of standing has it, and receipts that this revoked.
constexpr std::string_view kRevocations = R"sql(
ALTER TABLE progression.receipt ADD COLUMN revoked_at bigint;
CREATE TABLE progression.judged(
  player_id text COLLATE "C" PRIMARY KEY,
  version bigint NOT NULL,
  since bigint,
  changed_at bigint NOT NULL);
CREATE INDEX judged_changed_at ON progression.judged(changed_at) WHERE since IS NULL;
)sql";

constexpr std::array kMigrations{postgres::Migration{1, kTables}, postgres::Migration{2, kRevocations}};

}  // namespace

std::span<const postgres::Migration> migrations() {
  return kMigrations;
}

}  // namespace liveops::adapters::store_postgres::progression
