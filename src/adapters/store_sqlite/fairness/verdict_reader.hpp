#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/sqlite/database.hpp"
#include "core/error.hpp"
#include "ports/verdict_store.hpp"

namespace liveops::adapters::store_sqlite::fairness {

/// The reads of VerdictStore; each as the port says.
///
/// Threads: the database's.
class VerdictReader {
 public:
  explicit VerdictReader(sqlite::Database& database) : database_(database) {}

  [[nodiscard]] core::Result<std::vector<ports::PlayerStanding>> active(core::Timestamp now);
  [[nodiscard]] core::Result<ports::DecisionRecord> decision(const std::string& id);
  [[nodiscard]] core::Result<ports::PlayerHistory> history(const core::PlayerId& player, std::size_t limit);
  [[nodiscard]] core::Result<std::vector<ports::FlaggedPlayer>> flagged(std::size_t limit,
                                                                        std::optional<std::int64_t> before);
  [[nodiscard]] core::Result<std::vector<ports::PendingChange>> pending(std::size_t limit);

 private:
  [[nodiscard]] core::Result<std::vector<ports::DecisionRecord>> decisions_of(const core::PlayerId& player,
                                                                              std::size_t limit);
  [[nodiscard]] core::Result<std::vector<ports::AuditEntry>> audit_of(const core::PlayerId& player, std::size_t limit);

  sqlite::Database& database_;
};

}  // namespace liveops::adapters::store_sqlite::fairness
