#include "adapters/store_postgres/progression/reward_store.hpp"

#include "adapters/store_postgres/progression/claim_writer.hpp"
#include "adapters/store_postgres/progression/judge_writer.hpp"
#include "adapters/store_postgres/progression/reward_reader.hpp"

namespace liveops::adapters::store_postgres::progression {

using postgres::Session;

ports::Task<ports::ClaimOutcome> RewardStore::claim(ports::Claim claim) {
  return database_.pool().transaction<ports::ClaimOutcome>(
      [claim = std::move(claim)](Session& session) { return write_claim(session, claim); });
}

ports::Task<ports::PlayerRewards> RewardStore::rewards_of(core::PlayerId player) {
  return database_.pool().read<ports::PlayerRewards>(
      [player = std::move(player)](Session& session) { return read_rewards(session, player); });
}

ports::Task<ports::StoredReceipt> RewardStore::find_receipt(core::ReceiptId id) {
  return database_.pool().read<ports::StoredReceipt>(
      [id = std::move(id)](Session& session) { return read_receipt(session, id); });
}

ports::Task<ports::RedeemOutcome> RewardStore::redeem(core::ReceiptId id, core::Timestamp now) {
  return database_.pool().transaction<ports::RedeemOutcome>(
      [id = std::move(id), now](Session& session) { return write_redemption(session, id, now); });
}

ports::Task<ports::RevokedReceipts> RewardStore::judge(std::vector<core::StandingChange> changes, core::Timestamp now) {
  return database_.pool().transaction<ports::RevokedReceipts>(
      [changes = std::move(changes), now](Session& session) { return judge_players(session, changes, now); });
}

ports::Task<std::uint64_t> RewardStore::forget_judged(core::Timestamp before, std::size_t limit) {
  return database_.pool().transaction<std::uint64_t>(
      [before, limit](Session& session) { return forget_judged_players(session, before, limit); });
}

}  // namespace liveops::adapters::store_postgres::progression
