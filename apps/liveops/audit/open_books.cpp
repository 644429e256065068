#include "apps/liveops/audit/open_books.hpp"

#include <filesystem>
#include <utility>

#include "adapters/store_postgres/leaderboard/standing_books.hpp"
#include "adapters/store_postgres/progression/progress_books.hpp"
#include "adapters/store_sqlite/leaderboard/standing_books.hpp"
#include "adapters/store_sqlite/progression/progress_books.hpp"
#include "apps/host/build_info.hpp"

namespace liveops::apps {

using adapters::config::Settings;

namespace {

constexpr std::size_t kConnections = 2;  // one for each service's books

}  // namespace

OpenBooks::OpenBooks() : log_(clock_, "audit", ports::LogLevel::error), metrics_(kVersion, kCommit) {}

core::Status OpenBooks::open(const Settings& settings) {
  const bool files = settings.database_kind() == adapters::config::DatabaseKind::sqlite;
  return files ? open_files(settings) : open_postgres(settings);
}

core::Status OpenBooks::open_files(const Settings& settings) {
  namespace stores = adapters::store_sqlite;
  const std::filesystem::path directory = settings.sqlite_dir();
  auto progress = stores::progression::ProgressBooks::open(directory);
  if (!progress) return std::unexpected(progress.error());
  auto standings = stores::leaderboard::StandingBooks::open(directory);
  if (!standings) return std::unexpected(standings.error());
  progress_ = std::move(*progress);
  standings_ = std::move(*standings);
  return {};
}

core::Status OpenBooks::open_postgres(const Settings& settings) {
  namespace stores = adapters::store_postgres;
  // Not prepared: a few statements, and they work behind any PgBouncer.
  auto pool = adapters::postgres::Pool::create(
      {.url = settings.db_url, .name = "audit", .max_connections = kConnections, .prepare = false}, log_, metrics_);
  if (!pool) return std::unexpected(pool.error());
  pool_ = std::move(*pool);
  progress_ = std::make_unique<stores::progression::ProgressBooks>(*pool_);
  standings_ = std::make_unique<stores::leaderboard::StandingBooks>(*pool_);
  return {};
}

}  // namespace liveops::apps
