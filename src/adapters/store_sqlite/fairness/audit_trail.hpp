#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "adapters/sqlite/database.hpp"
#include "adapters/sqlite/worker.hpp"
#include "ports/audit_trail.hpp"

namespace liveops::adapters::store_sqlite::fairness {

/// The audit in a fairness.db that a server may have open, through a connection that cannot write.
///
/// Threads: any.
class AuditTrail final : public ports::AuditTrail {
 public:
  /// Opens `directory`/fairness.db. Blocks. Errors: `not_found` (no such file, or no audit chain in it: says what to
  /// do), `unavailable`, `corrupt`.
  [[nodiscard]] static core::Result<std::unique_ptr<AuditTrail>> open(const std::filesystem::path& directory);

  [[nodiscard]] ports::Task<std::optional<ports::AuditHead>> head() override;
  [[nodiscard]] ports::Task<std::vector<ports::AuditLine>> lines(std::int64_t after, std::size_t limit) override;
  [[nodiscard]] ports::Task<std::vector<ports::AuditEntry>> loose(std::size_t limit) override;

 private:
  explicit AuditTrail(sqlite::Database database);

  sqlite::Database database_;
  sqlite::Worker worker_;  // ends before what its jobs use
};

}  // namespace liveops::adapters::store_sqlite::fairness
