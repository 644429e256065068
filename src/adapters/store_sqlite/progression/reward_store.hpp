#pragma once

#include "adapters/store_sqlite/progression/progression_database.hpp"
#include "ports/reward_store.hpp"

namespace liveops::adapters::store_sqlite::progression {

/// ports::RewardStore in progression.db. Threads: any. The database outlives it.
class RewardStore final : public ports::RewardStore {
 public:
  explicit RewardStore(ProgressionDatabase& database) : database_(database) {}

  ports::Task<ports::ClaimOutcome> claim(ports::Claim claim) override;
  ports::Task<ports::PlayerRewards> rewards_of(core::PlayerId player) override;
  ports::Task<ports::StoredReceipt> find_receipt(core::ReceiptId id) override;
  ports::Task<ports::RedeemOutcome> redeem(core::ReceiptId id, core::Timestamp now) override;
  ports::Task<ports::RevokedReceipts> judge(std::vector<core::StandingChange> changes, core::Timestamp now) override;
  ports::Task<std::uint64_t> forget_judged(core::Timestamp before, std::size_t limit) override;

 private:
  ProgressionDatabase& database_;
};

}  // namespace liveops::adapters::store_sqlite::progression
