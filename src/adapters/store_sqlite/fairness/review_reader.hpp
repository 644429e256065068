#pragma once

#include <optional>
#include <vector>

#include "adapters/sqlite/database.hpp"
#include "core/error.hpp"
#include "ports/review_store.hpp"

namespace liveops::adapters::store_sqlite::fairness {

/// The reads of ReviewStore; each as the port says.
///
/// Threads: the database's.
class ReviewReader {
 public:
  explicit ReviewReader(sqlite::Database& database) : database_(database) {}

  [[nodiscard]] core::Result<std::vector<ports::ReviewCase>> list(const ports::ReviewFilter& filter,
                                                                  core::Timestamp now, std::size_t limit,
                                                                  std::optional<std::int64_t> before);
  [[nodiscard]] core::Result<ports::ReviewCase> find(std::int64_t id);
  [[nodiscard]] core::Result<std::vector<ports::ReviewCase>> to_carry_out(std::size_t limit);
  [[nodiscard]] core::Result<std::vector<ports::RuleReviews>> summary();

 private:
  sqlite::Database& database_;
};

}  // namespace liveops::adapters::store_sqlite::fairness
