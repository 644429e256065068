#include "adapters/store_postgres/progression/reward_reader.hpp"

#include "adapters/store_postgres/progression/player_reader.hpp"
#include "adapters/store_postgres/progression/rows.hpp"

namespace liveops::adapters::store_postgres::progression {

using postgres::Parameters;
using postgres::Rows;
using postgres::Session;
using postgres::Statement;

namespace {

constexpr Statement kEarned{"progression_earned",
                            "SELECT reward_id, season, earned_at FROM progression.earned WHERE player_id = $1::text "
                            "ORDER BY reward_id, season"};
constexpr Statement kClaimed{"progression_claimed",
                             "SELECT reward_id, season, receipt_id, claimed_at FROM progression.claim "
                             "WHERE player_id = $1::text ORDER BY reward_id, season"};
constexpr Statement kIsEarned{"progression_is_earned",
                              "SELECT 1 FROM progression.earned "
                              "WHERE player_id = $1::text AND reward_id = $2::text AND season = $3::text"};
constexpr Statement kReceipt{
    "progression_receipt",
    "SELECT receipt_id, token, json, redeemed_at, revoked_at FROM progression.receipt WHERE receipt_id = $1::text"};
constexpr Statement kReceiptOfClaim{
    "progression_receipt_of_claim",
    "SELECT r.receipt_id, r.token, r.json, r.redeemed_at, r.revoked_at FROM progression.claim c "
    "JOIN progression.receipt r USING (receipt_id) "
    "WHERE c.player_id = $1::text AND c.reward_id = $2::text AND c.season = $3::text"};

Parameters key_of(const ports::Claim& claim) {
  return std::move(Parameters()
                       .add_text(claim.player_id.str())
                       .add_text(claim.condition.reward_id.str())
                       .add_text(season_text(claim.season)));
}

ports::StoredReceipt receipt_at(const Rows& rows) {
  ports::StoredReceipt receipt{.id = name_at<core::ReceiptId>(rows, 0, 0),
                               .token = std::string(rows.text(0, 1)),
                               .json = std::string(rows.text(0, 2)),
                               .redeemed_at = std::nullopt};
  if (const auto redeemed = rows.optional_int64(0, 3)) receipt.redeemed_at = from_us(*redeemed);
  if (const auto revoked = rows.optional_int64(0, 4)) receipt.revoked_at = from_us(*revoked);
  return receipt;
}

}  // namespace

ports::Task<ports::PlayerRewards> read_rewards(Session& session, core::PlayerId player) {
  auto progress = co_await read_progress(session, player);
  if (!progress) co_return std::unexpected(progress.error());
  const auto earned = co_await session.run(kEarned, std::move(Parameters().add_text(player.str())));
  if (!earned) co_return std::unexpected(earned.error());
  const auto claimed = co_await session.run(kClaimed, std::move(Parameters().add_text(player.str())));
  if (!claimed) co_return std::unexpected(claimed.error());
  ports::PlayerRewards rewards{.progress = std::move(*progress), .earned = {}, .claimed = {}};
  for (std::size_t i = 0; i < earned->size(); ++i) {
    rewards.earned.push_back(
        {name_at<core::RewardId>(*earned, i, 0), season_at(*earned, i, 1), from_us(earned->int64(i, 2))});
  }
  for (std::size_t i = 0; i < claimed->size(); ++i) {
    rewards.claimed.push_back({name_at<core::RewardId>(*claimed, i, 0), season_at(*claimed, i, 1),
                               name_at<core::ReceiptId>(*claimed, i, 2), from_us(claimed->int64(i, 3))});
  }
  co_return rewards;
}

ports::Task<ports::StoredReceipt> read_receipt(Session& session, core::ReceiptId id) {
  const auto rows = co_await session.run(kReceipt, std::move(Parameters().add_text(id.str())));
  if (!rows) co_return std::unexpected(rows.error());
  if (rows->empty()) co_return core::fail(core::Errc::not_found, "no receipt '" + id.str() + "' is on record");
  co_return receipt_at(*rows);
}

ports::Task<std::optional<ports::StoredReceipt>> read_claimed(Session& session, ports::Claim claim) {
  const auto rows = co_await session.run(kReceiptOfClaim, key_of(claim));
  if (!rows) co_return std::unexpected(rows.error());
  if (rows->empty()) co_return std::optional<ports::StoredReceipt>();
  co_return std::optional(receipt_at(*rows));
}

ports::Task<bool> is_earned(Session& session, ports::Claim claim) {
  const auto rows = co_await session.run(kIsEarned, key_of(claim));
  if (!rows) co_return std::unexpected(rows.error());
  co_return !rows->empty();
}

}  // namespace liveops::adapters::store_postgres::progression
