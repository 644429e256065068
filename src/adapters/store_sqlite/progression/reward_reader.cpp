#include "adapters/store_sqlite/progression/reward_reader.hpp"

#include "adapters/store_sqlite/progression/rows.hpp"

namespace liveops::adapters::store_sqlite::progression {

using core::Errc;

RewardReader::RewardReader(sqlite::Database& database)
    : earned_(database.prepare("SELECT reward_id, season, earned_at FROM earned WHERE player = ?")),
      claimed_(database.prepare("SELECT reward_id, season, receipt_id, claimed_at FROM claim WHERE player = ?")),
      is_earned_(database.prepare("SELECT 1 FROM earned WHERE player = ? AND reward_id = ? AND season = ?")),
      receipt_of_(database.prepare("SELECT receipt_id FROM claim WHERE player = ? AND reward_id = ? AND season = ?")),
      receipt_(database.prepare("SELECT token, json, redeemed_at, revoked_at FROM receipt WHERE receipt_id = ?")) {}

core::Result<std::vector<ports::EarnedReward>> RewardReader::earned(std::int64_t player) {
  const Rewind rewind(earned_);
  earned_.bind(1, player);
  std::vector<ports::EarnedReward> rewards;
  while (true) {
    const auto more = earned_.step();
    if (!more) return std::unexpected(more.error());
    if (!*more) return rewards;
    rewards.push_back({name_at<core::RewardId>(earned_, 0), season_at(earned_, 1), from_us(earned_.int64(2))});
  }
}

core::Result<std::vector<ports::ClaimedReward>> RewardReader::claimed(std::int64_t player) {
  const Rewind rewind(claimed_);
  claimed_.bind(1, player);
  std::vector<ports::ClaimedReward> rewards;
  while (true) {
    const auto more = claimed_.step();
    if (!more) return std::unexpected(more.error());
    if (!*more) return rewards;
    rewards.push_back({name_at<core::RewardId>(claimed_, 0), season_at(claimed_, 1),
                       name_at<core::ReceiptId>(claimed_, 2), from_us(claimed_.int64(3))});
  }
}

core::Result<bool> RewardReader::is_earned(std::int64_t player, const core::RewardId& reward, std::string_view season) {
  const Rewind rewind(is_earned_);
  return is_earned_.bind(1, player).bind_text(2, reward.str()).bind_text(3, season).step();
}

core::Result<std::optional<core::ReceiptId>> RewardReader::receipt_of(std::int64_t player, const core::RewardId& reward,
                                                                      std::string_view season) {
  const Rewind rewind(receipt_of_);
  const auto row = receipt_of_.bind(1, player).bind_text(2, reward.str()).bind_text(3, season).step();
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::nullopt;
  return name_at<core::ReceiptId>(receipt_of_, 0);
}

core::Result<ports::StoredReceipt> RewardReader::receipt(const core::ReceiptId& id) {
  const Rewind rewind(receipt_);
  const auto row = receipt_.bind_text(1, id.str()).step();
  if (!row) return std::unexpected(row.error());
  if (!*row) return core::fail(Errc::not_found, "no receipt '" + id.str() + "' is on record");
  ports::StoredReceipt receipt{.id = id,
                               .token = std::string(receipt_.text(0)),
                               .json = std::string(receipt_.text(1)),
                               .redeemed_at = std::nullopt};
  if (!receipt_.is_null(2)) receipt.redeemed_at = from_us(receipt_.int64(2));
  if (!receipt_.is_null(3)) receipt.revoked_at = from_us(receipt_.int64(3));
  return receipt;
}

}  // namespace liveops::adapters::store_sqlite::progression
