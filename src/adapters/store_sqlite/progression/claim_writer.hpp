#pragma once

#include "adapters/sqlite/database.hpp"
#include "adapters/store_sqlite/progression/player_reader.hpp"
#include "adapters/store_sqlite/progression/player_writer.hpp"
#include "adapters/store_sqlite/progression/reward_reader.hpp"
#include "ports/reward_store.hpp"

namespace liveops::adapters::store_sqlite::progression {

/// Grants claimed rewards and marks receipts as used, each in one transaction.
///
/// Threads: the database's.
class ClaimWriter {
 public:
  explicit ClaimWriter(sqlite::Database& database);

  /// As ports::RewardStore::claim.
  [[nodiscard]] core::Result<ports::ClaimOutcome> claim(const ports::Claim& claim);
  /// As ports::RewardStore::redeem.
  [[nodiscard]] core::Result<ports::RedeemOutcome> redeem(const core::ReceiptId& id, core::Timestamp now);

 private:
  [[nodiscard]] core::Status require_free(const core::PlayerId& player);
  [[nodiscard]] core::Status require_earned(const ports::Claim& claim, const PlayerRow& player);
  [[nodiscard]] core::Status grant(const ports::Claim& claim, PlayerRow& player);

  sqlite::Database& database_;
  PlayerReader reader_;
  PlayerWriter players_;
  RewardReader rewards_;
  sqlite::Statement insert_claim_;
  sqlite::Statement insert_receipt_;
  sqlite::Statement redeem_;
  sqlite::Statement is_disqualified_;
};

}  // namespace liveops::adapters::store_sqlite::progression
