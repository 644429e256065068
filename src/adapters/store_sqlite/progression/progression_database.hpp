#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "adapters/sqlite/database.hpp"
#include "adapters/sqlite/worker.hpp"
#include "adapters/store_sqlite/progression/batch_writer.hpp"
#include "adapters/store_sqlite/progression/claim_writer.hpp"
#include "adapters/store_sqlite/progression/player_reader.hpp"
#include "adapters/store_sqlite/progression/reward_reader.hpp"
#include "ports/health.hpp"

namespace liveops::adapters::store_sqlite::progression {

/// progression.db: one connection and thread that writes, and one of each that reads, so that reads never wait for a
/// batch.
///
/// Threads: any. Finishes what is queued when it ends.
class ProgressionDatabase final : public ports::HealthCheck {
 public:
  /// What runs on the writing thread.
  struct WriteSide {
    explicit WriteSide(sqlite::Database opened) : database(std::move(opened)), batches(database), claims(database) {}
    sqlite::Database database;
    BatchWriter batches;
    ClaimWriter claims;
  };
  /// What runs on the reading thread.
  struct ReadSide {
    explicit ReadSide(sqlite::Database opened) : database(std::move(opened)), players(database), rewards(database) {}
    sqlite::Database database;
    PlayerReader players;
    RewardReader rewards;
  };

  /// Opens or makes `directory`/progression.db (the directory must exist) and brings its schema up to date. Blocks.
  /// Errors: `unavailable`, `corrupt`, `conflict` (written by a newer release), with what to do.
  [[nodiscard]] static core::Result<std::unique_ptr<ProgressionDatabase>> open(const std::filesystem::path& directory);

  /// Runs `job` (WriteSide& -> core::Result<T>) on the writing thread.
  template <class Job>
  auto write(Job job) {
    return writer_.run([side = write_.get(), job = std::move(job)]() mutable { return job(*side); });
  }

  /// Runs `job` (ReadSide& -> core::Result<T>) on the reading thread; all it reads is from one moment.
  template <class Job>
  auto read(Job job) {
    return reader_.run([side = read_.get(), job = std::move(job)]() mutable -> std::invoke_result_t<Job&, ReadSide&> {
      const auto snapshot = ReadSnapshot::begin(side->database);
      if (!snapshot) return std::unexpected(snapshot.error());
      return job(*side);
    });
  }

  [[nodiscard]] std::string name() const override;
  /// Can a transaction begin now?
  [[nodiscard]] ports::Task<void> check() override;

  /// As sqlite::Database::limit_pages, for tests of a full disk.
  [[nodiscard]] ports::Task<void> limit_pages(std::int64_t pages);

 private:
  ProgressionDatabase(sqlite::Database write, sqlite::Database read);

  std::unique_ptr<WriteSide> write_;
  std::unique_ptr<ReadSide> read_;
  sqlite::Worker writer_;  // the workers end before what their jobs use
  sqlite::Worker reader_;
};

}  // namespace liveops::adapters::store_sqlite::progression
