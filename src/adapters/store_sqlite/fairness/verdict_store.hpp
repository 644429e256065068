#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/sqlite/database.hpp"
#include "adapters/sqlite/worker.hpp"
#include "adapters/store_sqlite/fairness/audit_writer.hpp"
#include "adapters/store_sqlite/fairness/decision_writer.hpp"
#include "adapters/store_sqlite/fairness/review_store.hpp"
#include "adapters/store_sqlite/fairness/standing_writer.hpp"
#include "adapters/store_sqlite/fairness/verdict_reader.hpp"
#include "ports/health.hpp"
#include "ports/verdict_store.hpp"

namespace liveops::adapters::store_sqlite::fairness {

/// VerdictStore in one SQLite file, with one thread of its own.
///
/// Threads: any. Finishes what is queued when it ends.
class VerdictStore final : public ports::VerdictStore, public ports::HealthCheck {
 public:
  static constexpr std::int64_t kKeptDecisions = 100'000;

  /// Opens or makes `directory`/fairness.db (the directory must exist) and brings its schema up to date; a first time,
  /// chains the lines of audit that were written before there was a chain. `audit_secret` signs its end. Blocks.
  /// Errors: `unavailable`, `corrupt`, `conflict` (written by a newer release), with what to do.
  [[nodiscard]] static core::Result<std::unique_ptr<VerdictStore>> open(const std::filesystem::path& directory,
                                                                        std::string_view audit_secret,
                                                                        std::int64_t kept_decisions = kKeptDecisions);

  /// Makes the file or brings its schema up to date, and no more. Blocks. Errors: as `open`.
  [[nodiscard]] static core::Status migrate(const std::filesystem::path& directory);

  /// Review cases, in the same file. Lives as long as this.
  [[nodiscard]] ports::ReviewStore& reviews() { return reviews_; }

  [[nodiscard]] ports::Task<std::vector<ports::PlayerStanding>> put(
      std::vector<ports::StandingRequest> requests) override;
  [[nodiscard]] ports::Task<std::vector<ports::PlayerStanding>> active(core::Timestamp now) override;
  /// Nothing: all that changes comes through this object.
  [[nodiscard]] ports::Task<ports::StandingFeed> changes(std::int64_t position) override;
  [[nodiscard]] ports::Task<void> record(std::vector<ports::DecisionRecord> decisions) override;
  [[nodiscard]] ports::Task<ports::DecisionRecord> decision(std::string id) override;
  [[nodiscard]] ports::Task<ports::PlayerHistory> history(core::PlayerId player, std::size_t limit) override;
  [[nodiscard]] ports::Task<std::vector<ports::FlaggedPlayer>> flagged(std::size_t limit,
                                                                       std::optional<std::int64_t> before) override;
  [[nodiscard]] ports::Task<std::vector<ports::PendingChange>> pending(std::size_t limit) override;
  [[nodiscard]] ports::Task<void> published(std::vector<std::int64_t> numbers) override;

  [[nodiscard]] std::string name() const override;
  /// Can a transaction begin now?
  [[nodiscard]] ports::Task<void> check() override;

  /// As sqlite::Database::limit_pages, for tests of a full disk.
  [[nodiscard]] ports::Task<void> limit_pages(std::int64_t pages);

 private:
  /// What runs on the worker's thread.
  struct Tables {
    Tables(sqlite::Database opened, std::string_view audit_secret, std::int64_t kept_decisions)
        : database(std::move(opened)),
          audit(database, audit_secret),
          standings(database, audit),
          decisions(database, kept_decisions),
          reader(database),
          review_reader(database),
          review_writer(database, audit) {}
    sqlite::Database database;
    AuditWriter audit;
    StandingWriter standings;
    DecisionWriter decisions;
    VerdictReader reader;
    ReviewReader review_reader;
    ReviewWriter review_writer;
  };

  explicit VerdictStore(std::unique_ptr<Tables> tables);

  std::unique_ptr<Tables> tables_;
  sqlite::Worker worker_;  // ends before what its jobs use
  ReviewStore reviews_;
};

}  // namespace liveops::adapters::store_sqlite::fairness
