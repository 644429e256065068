#include "adapters/bus_local/schema.hpp"

#include <array>

#include "adapters/sqlite/migrations.hpp"

namespace liveops::adapters::bus_local {

namespace {

// A log a topic, so that offsets are dense and inserts go to the end of the tree. `frames` comes last: the small
// columns are read without its overflow pages.
constexpr std::array kMigrations{sqlite::Migration{1, R"sql(
CREATE TABLE events_log (
  first_offset INTEGER PRIMARY KEY,
  count        INTEGER NOT NULL,
  appended_us  INTEGER NOT NULL,
  only_group   TEXT,
  frames       BLOB NOT NULL);
CREATE INDEX events_log_addressed ON events_log (first_offset, only_group) WHERE only_group IS NOT NULL;
CREATE TABLE verdicts_log (
  first_offset INTEGER PRIMARY KEY,
  count        INTEGER NOT NULL,
  appended_us  INTEGER NOT NULL,
  only_group   TEXT,
  frames       BLOB NOT NULL);
CREATE INDEX verdicts_log_addressed ON verdicts_log (first_offset, only_group) WHERE only_group IS NOT NULL;
CREATE TABLE positions (
  topic          INTEGER NOT NULL,
  consumer_group TEXT NOT NULL,
  position       INTEGER NOT NULL,
  PRIMARY KEY (topic, consumer_group)) WITHOUT ROWID;
CREATE TABLE dead_letters (
  id                INTEGER PRIMARY KEY AUTOINCREMENT,
  topic             INTEGER NOT NULL,
  consumer_group    TEXT NOT NULL,
  reason            TEXT NOT NULL,
  attempts          INTEGER NOT NULL,
  dead_us           INTEGER NOT NULL,
  redrive_requested INTEGER NOT NULL DEFAULT 0,
  frame             BLOB NOT NULL);
CREATE INDEX dead_letters_requested ON dead_letters (id) WHERE redrive_requested = 1;
CREATE TABLE probe (data BLOB NOT NULL);
)sql"}};

/// Free pages can only be given back where the file was made for it, and that must be said before the first table.
core::Status make_shrinkable(sqlite::Database& database) {
  {
    auto statement =
        database.prepare("SELECT (SELECT count(*) FROM sqlite_schema), auto_vacuum FROM pragma_auto_vacuum");
    const auto row = statement.step();
    if (!row) return std::unexpected(row.error());
    if (statement.int64(0) > 0 || statement.int64(1) == 2) return {};
  }
  return database.exec("PRAGMA auto_vacuum=INCREMENTAL; VACUUM");
}

}  // namespace

core::Status prepare_schema(sqlite::Database& database) {
  if (auto done = make_shrinkable(database); !done) return done;
  return sqlite::migrate(database, kMigrations);
}

}  // namespace liveops::adapters::bus_local
