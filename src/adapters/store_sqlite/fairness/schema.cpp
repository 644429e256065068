#include "adapters/store_sqlite/fairness/schema.hpp"

#include <array>

namespace liveops::adapters::store_sqlite::fairness {
namespace {

// Times are microseconds since 1970; states are names, as in VerdictAction. `until` NULL: no end.
constexpr std::string_view kTables = R"sql(
CREATE TABLE standings(
  player TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  until INTEGER,
  version INTEGER NOT NULL,
  reason TEXT NOT NULL,
  rule TEXT NOT NULL,
  policy TEXT NOT NULL,
  decision TEXT NOT NULL,
  at INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE decisions(
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  player TEXT NOT NULL,
  event_id BLOB NOT NULL,
  action TEXT NOT NULL,
  rule TEXT NOT NULL,
  mode TEXT NOT NULL,
  observed REAL NOT NULL,
  expected REAL NOT NULL,
  evidence REAL NOT NULL,
  explanation TEXT NOT NULL,
  policy TEXT NOT NULL,
  at INTEGER NOT NULL);
CREATE INDEX decisions_by_player ON decisions(player, number);

CREATE TABLE flagged(
  player TEXT PRIMARY KEY,
  latest INTEGER NOT NULL UNIQUE,
  count INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE audit(
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  player TEXT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  reason TEXT NOT NULL,
  until INTEGER,
  at INTEGER NOT NULL);
CREATE INDEX audit_by_player ON audit(player, number);
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_is_never_shortened BEFORE DELETE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;

CREATE TABLE outbox(
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  player TEXT NOT NULL,
  blocked INTEGER NOT NULL,
  until INTEGER,
  version INTEGER NOT NULL,
  at INTEGER NOT NULL,
  reason TEXT NOT NULL);
)sql";

// What a line of audit carries (ports/audit_chain.hpp), who is disqualified, and reviews. Lines from before have no
// link until the store is opened (AuditWriter::adopt); `outcome` NULL: undecided.
constexpr std::string_view kUndo = R"sql(
ALTER TABLE standings ADD COLUMN disqualified_since INTEGER;
ALTER TABLE standings ADD COLUMN disqualified_for TEXT;
ALTER TABLE outbox ADD COLUMN disqualified_since INTEGER;
ALTER TABLE outbox ADD COLUMN disqualified_for TEXT;
ALTER TABLE outbox ADD COLUMN overturned_since INTEGER;

ALTER TABLE audit ADD COLUMN since INTEGER;
ALTER TABLE audit ADD COLUMN position INTEGER;
ALTER TABLE audit ADD COLUMN previous TEXT;
ALTER TABLE audit ADD COLUMN hash TEXT;
CREATE UNIQUE INDEX audit_by_position ON audit(position) WHERE position IS NOT NULL;
CREATE INDEX audit_loose ON audit(number) WHERE position IS NULL;
DROP TRIGGER audit_is_never_changed;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit WHEN OLD.hash IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TABLE audit_head(
  one INTEGER PRIMARY KEY CHECK(one = 1),
  lines INTEGER NOT NULL,
  hash TEXT NOT NULL,
  signature TEXT NOT NULL);

CREATE TABLE reviews(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  player TEXT NOT NULL,
  rule TEXT NOT NULL,
  action TEXT NOT NULL,
  evidence REAL NOT NULL,
  summary TEXT NOT NULL,
  remark TEXT NOT NULL,
  at INTEGER NOT NULL,
  remarks INTEGER NOT NULL,
  opened_at INTEGER NOT NULL,
  worker TEXT,
  claimed_until INTEGER,
  outcome INTEGER,                 -- ports::ReviewOutcome
  decided_by TEXT,
  reason TEXT,
  decided_at INTEGER,
  carried_out INTEGER);
CREATE UNIQUE INDEX reviews_undecided ON reviews(player, rule) WHERE outcome IS NULL;
CREATE INDEX reviews_of_player ON reviews(player, id);
CREATE INDEX reviews_decided ON reviews(decided_at) WHERE outcome IS NOT NULL;
CREATE INDEX reviews_to_carry_out ON reviews(id) WHERE carried_out = 0;
CREATE TABLE review_outcomes(
  rule TEXT PRIMARY KEY,
  upheld INTEGER NOT NULL,
  overturned INTEGER NOT NULL) WITHOUT ROWID;
)sql";

// What a judgement rested on, so that it can be made again.
constexpr std::string_view kDetail = "ALTER TABLE decisions ADD COLUMN detail TEXT NOT NULL DEFAULT ''";

constexpr std::array kMigrations{sqlite::Migration{1, kTables}, sqlite::Migration{2, kUndo},
                                 sqlite::Migration{3, kDetail}};

}  // namespace

std::span<const sqlite::Migration> migrations() {
  return kMigrations;
}

}  // namespace liveops::adapters::store_sqlite::fairness
