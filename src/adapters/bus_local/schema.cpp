#include "adapters/bus_local/schema.hpp"

#include <array>

#include "adapters/sqlite/migrations.hpp"

namespace liveops::adapters::bus_local {

namespace {

constexpr std::array kMigrations{// The messages themselves were in tables here, too.
                                 sqlite::Migration{1, R"sql(
CREATE TABLE events_log (first_offset INTEGER PRIMARY KEY);
CREATE TABLE verdicts_log (first_offset INTEGER PRIMARY KEY);
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
)sql"},
                                 sqlite::Migration{2, R"sql(
DROP TABLE events_log;
DROP TABLE verdicts_log;
CREATE TABLE addressed (
  topic          INTEGER NOT NULL,
  message        INTEGER NOT NULL,
  consumer_group TEXT NOT NULL,
  PRIMARY KEY (topic, message)) WITHOUT ROWID;
)sql"}};

core::Result<std::int64_t> number(sqlite::Database& database, const std::string& sql) {
  auto statement = database.prepare(sql);
  const auto row = statement.step();
  if (!row) return std::unexpected(row.error());
  return *row ? statement.int64(0) : 0;
}

/// Free pages can only be given back where the file was made for it, and that must be said before the first table.
core::Status make_shrinkable(sqlite::Database& database) {
  const auto tables = number(database, "SELECT count(*) FROM sqlite_schema");
  if (!tables) return std::unexpected(tables.error());
  const auto mode = number(database, "PRAGMA auto_vacuum");
  if (!mode) return std::unexpected(mode.error());
  constexpr std::int64_t kIncremental = 2;
  if (*tables > 0 || *mode == kIncremental) return {};
  return database.exec("PRAGMA auto_vacuum=INCREMENTAL; VACUUM");
}

core::Status refuse_messages_in_tables(sqlite::Database& database) {
  const auto version = number(database, "PRAGMA user_version");
  if (!version) return std::unexpected(version.error());
  if (*version != 1) return {};
  const auto rows = number(database, "SELECT (SELECT count(*) FROM events_log) + (SELECT count(*) FROM verdicts_log)");
  if (!rows) return std::unexpected(rows.error());
  if (*rows == 0) return {};
  return core::fail(core::Errc::conflict,
                    "bus.db holds messages in the form of an older build: let that build run until all is consumed,"
                    " then start this one");
}

}  // namespace

core::Status prepare_schema(sqlite::Database& database) {
  if (auto done = make_shrinkable(database); !done) return done;
  if (auto done = refuse_messages_in_tables(database); !done) return done;
  return sqlite::migrate(database, kMigrations);
}

}  // namespace liveops::adapters::bus_local
