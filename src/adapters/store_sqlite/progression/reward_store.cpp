#include "adapters/store_sqlite/progression/reward_store.hpp"

#include "adapters/store_sqlite/progression/judge_writer.hpp"

namespace liveops::adapters::store_sqlite::progression {

using ReadSide = ProgressionDatabase::ReadSide;
using WriteSide = ProgressionDatabase::WriteSide;

ports::Task<ports::ClaimOutcome> RewardStore::claim(ports::Claim claim) {
  return database_.write([claim = std::move(claim)](WriteSide& side) { return side.claims.claim(claim); });
}

ports::Task<ports::PlayerRewards> RewardStore::rewards_of(core::PlayerId player) {
  return database_.read([player = std::move(player)](ReadSide& side) -> core::Result<ports::PlayerRewards> {
    auto row = side.players.require(player);
    if (!row) return std::unexpected(row.error());
    auto earned = side.rewards.earned(row->key);
    if (!earned) return std::unexpected(earned.error());
    auto claimed = side.rewards.claimed(row->key);
    if (!claimed) return std::unexpected(claimed.error());
    return ports::PlayerRewards{std::move(row->progress), std::move(*earned), std::move(*claimed)};
  });
}

ports::Task<ports::StoredReceipt> RewardStore::find_receipt(core::ReceiptId id) {
  return database_.read([id = std::move(id)](ReadSide& side) { return side.rewards.receipt(id); });
}

ports::Task<ports::RedeemOutcome> RewardStore::redeem(core::ReceiptId id, core::Timestamp now) {
  return database_.write([id = std::move(id), now](WriteSide& side) { return side.claims.redeem(id, now); });
}

ports::Task<ports::RevokedReceipts> RewardStore::judge(std::vector<core::StandingChange> changes, core::Timestamp now) {
  return database_.write(
      [changes = std::move(changes), now](WriteSide& side) { return judge_players(side.database, changes, now); });
}

ports::Task<std::uint64_t> RewardStore::forget_judged(core::Timestamp before, std::size_t limit) {
  return database_.write(
      [before, limit](WriteSide& side) { return forget_judged_players(side.database, before, limit); });
}

}  // namespace liveops::adapters::store_sqlite::progression
