#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "adapters/sqlite/database.hpp"
#include "ports/reward_store.hpp"

namespace liveops::adapters::store_sqlite::progression {

/// Reads earned and claimed rewards and receipts through one connection.
///
/// Threads: the database's. Errors: as sqlite::map_error.
class RewardReader {
 public:
  explicit RewardReader(sqlite::Database& database);

  [[nodiscard]] core::Result<std::vector<ports::EarnedReward>> earned(std::int64_t player);
  [[nodiscard]] core::Result<std::vector<ports::ClaimedReward>> claimed(std::int64_t player);
  [[nodiscard]] core::Result<bool> is_earned(std::int64_t player, const core::RewardId& reward,
                                             std::string_view season);
  /// The receipt of an earlier claim; nullopt: not claimed.
  [[nodiscard]] core::Result<std::optional<core::ReceiptId>> receipt_of(std::int64_t player,
                                                                        const core::RewardId& reward,
                                                                        std::string_view season);
  /// Errors also: `not_found`.
  [[nodiscard]] core::Result<ports::StoredReceipt> receipt(const core::ReceiptId& id);

 private:
  sqlite::Statement earned_;
  sqlite::Statement claimed_;
  sqlite::Statement is_earned_;
  sqlite::Statement receipt_of_;
  sqlite::Statement receipt_;
};

}  // namespace liveops::adapters::store_sqlite::progression
