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

constexpr std::array kMigrations{sqlite::Migration{1, kTables}};

}  // namespace

std::span<const sqlite::Migration> migrations() {
  return kMigrations;
}

}  // namespace liveops::adapters::store_sqlite::fairness
