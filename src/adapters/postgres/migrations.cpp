#include "adapters/postgres/migrations.hpp"

#include <chrono>
#include <string>

namespace liveops::adapters::postgres {

using core::Errc;

namespace {

constexpr std::chrono::minutes kPatience{10};  // for a step on large tables, and for another replica that is at it

core::Error newer(const std::string& schema, std::int64_t found, int known) {
  return {Errc::conflict,
          "schema " + schema + " of the database has version " + std::to_string(found) + ", this release knows " +
              std::to_string(known) + ": start the release that wrote it, or a newer one",
          {}};
}

ports::Task<void> require_utf8(Session& session) {
  const auto encoding = co_await session.run_text("SHOW server_encoding");
  if (!encoding) co_return std::unexpected(encoding.error());
  if (encoding->text(0, 0) == "UTF8") co_return core::Status();
  co_return core::fail(Errc::invalid_argument, "the database has the encoding " + std::string(encoding->text(0, 0)) +
                                                   ": make one with CREATE DATABASE ... ENCODING 'UTF8'");
}

/// Takes the schema for this transaction alone and says how far it is.
ports::Task<std::int64_t> lock_version(Session& session, std::string schema) {
  if (auto set = co_await session.set_statement_timeout(kPatience); !set) co_return std::unexpected(set.error());
  const auto locked =
      co_await session.run_text("SELECT pg_advisory_xact_lock(hashtextextended('liveops migrates " + schema + "', 0))");
  if (!locked) co_return std::unexpected(locked.error());
  const auto made = co_await session.run_text(
      "CREATE SCHEMA IF NOT EXISTS " + schema + "; CREATE TABLE IF NOT EXISTS " + schema +
      ".schema_version(number integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());"
      "SELECT coalesce(max(number), 0) FROM " +
      schema + ".schema_version");
  if (!made) co_return std::unexpected(made.error());
  co_return made->int64(0, 0);
}

ports::Task<void> apply(Session& session, std::string schema, std::span<const Migration> migrations) {
  if (auto fits = co_await require_utf8(session); !fits) co_return fits;
  const auto version = co_await lock_version(session, schema);
  if (!version) co_return std::unexpected(version.error());
  const int newest = migrations.empty() ? 0 : migrations.back().number;
  if (*version > newest) co_return std::unexpected(newer(schema, *version, newest));
  for (const Migration& migration : migrations) {
    if (migration.number <= *version) continue;
    const auto done =
        co_await session.run_text(std::string(migration.sql) + ";INSERT INTO " + schema +
                                  ".schema_version(number) VALUES(" + std::to_string(migration.number) + ")");
    if (!done) co_return std::unexpected(done.error());
  }
  co_return core::Status();
}

}  // namespace

ports::Task<void> migrate(Pool& pool, std::string_view schema, std::span<const Migration> migrations) {
  co_return co_await pool.transaction<void>(
      [name = std::string(schema), migrations](Session& session) { return apply(session, name, migrations); });
}

}  // namespace liveops::adapters::postgres
