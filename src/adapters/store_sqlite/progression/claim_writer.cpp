#include "adapters/store_sqlite/progression/claim_writer.hpp"

#include "adapters/store_sqlite/progression/rows.hpp"
#include "runtime/player_sums.hpp"

namespace liveops::adapters::store_sqlite::progression {

using core::Errc;

ClaimWriter::ClaimWriter(sqlite::Database& database)
    : database_(database),
      reader_(database),
      players_(database),
      rewards_(database),
      insert_claim_(database.prepare("INSERT INTO claim VALUES(?,?,?,?,?)")),
      insert_receipt_(database.prepare("INSERT INTO receipt(receipt_id, token, json) VALUES(?,?,?)")),
      redeem_(database.prepare("UPDATE receipt SET redeemed_at = ? WHERE receipt_id = ? AND redeemed_at IS NULL "
                               "AND revoked_at IS NULL")),
      is_disqualified_(database.prepare("SELECT 1 FROM judged WHERE player_id = ? AND since IS NOT NULL")) {}

core::Result<ports::ClaimOutcome> ClaimWriter::claim(const ports::Claim& claim) {
  auto transaction = sqlite::Transaction::begin(database_);
  if (!transaction) return std::unexpected(transaction.error());
  auto player = reader_.require(claim.player_id);
  if (!player) return std::unexpected(player.error());
  const auto before = rewards_.receipt_of(player->key, claim.condition.reward_id, season_text(claim.season));
  if (!before) return std::unexpected(before.error());
  if (*before) {
    auto receipt = rewards_.receipt(**before);
    if (!receipt) return std::unexpected(receipt.error());
    return ports::ClaimOutcome{.first = false, .receipt = std::move(*receipt), .progress = std::move(player->progress)};
  }
  if (auto free = require_free(claim.player_id); !free) return std::unexpected(free.error());
  if (auto earned = require_earned(claim, *player); !earned) return std::unexpected(earned.error());
  if (auto done = grant(claim, *player); !done) return std::unexpected(done.error());
  if (auto done = transaction->commit(); !done) return std::unexpected(done.error());
  return ports::ClaimOutcome{.first = true, .receipt = claim.receipt, .progress = std::move(player->progress)};
}

core::Status ClaimWriter::require_free(const core::PlayerId& player) {
  is_disqualified_.reset();
  const auto disqualified = is_disqualified_.bind_text(1, player.str()).step();
  if (!disqualified) return std::unexpected(disqualified.error());
  is_disqualified_.reset();
  if (!*disqualified) return {};
  return core::fail(Errc::forbidden, "player '" + player.str() + "' is disqualified: no reward can be claimed");
}

core::Status ClaimWriter::require_earned(const ports::Claim& claim, const PlayerRow& player) {
  if (runtime::reaches(player.progress, claim.condition, claim.season)) return {};
  const auto noted = rewards_.is_earned(player.key, claim.condition.reward_id, season_text(claim.season));
  if (!noted) return std::unexpected(noted.error());
  if (*noted) return {};
  return core::fail(Errc::conflict, "reward '" + claim.condition.reward_id.str() + "' has not been earned by player '" +
                                        claim.player_id.str() + "'");
}

core::Status ClaimWriter::grant(const ports::Claim& claim, PlayerRow& player) {
  if (auto done = insert_claim_.bind(1, player.key)
                      .bind_text(2, claim.condition.reward_id.str())
                      .bind_text(3, season_text(claim.season))
                      .bind_text(4, claim.receipt.id.str())
                      .bind(5, to_us(claim.now))
                      .run();
      !done) {
    return done;
  }
  if (auto done = insert_receipt_.bind_text(1, claim.receipt.id.str())
                      .bind_text(2, claim.receipt.token)
                      .bind_text(3, claim.receipt.json)
                      .run();
      !done) {
    return done;
  }
  for (const core::RewardItem& item : claim.items) {
    if (const auto full = players_.add_item(player.key, item.item_id, item.quantity); !full) {
      return std::unexpected(full.error());
    }
  }
  ++player.progress.version;
  player.progress.updated_at = claim.now;
  return players_.update(player.key, player.progress);
}

core::Result<ports::RedeemOutcome> ClaimWriter::redeem(const core::ReceiptId& id, core::Timestamp now) {
  auto transaction = sqlite::Transaction::begin(database_);
  if (!transaction) return std::unexpected(transaction.error());
  if (auto done = redeem_.bind(1, to_us(now)).bind_text(2, id.str()).run(); !done) {
    return std::unexpected(done.error());
  }
  const bool first = database_.changes() == 1;
  auto receipt = rewards_.receipt(id);
  if (!receipt) return std::unexpected(receipt.error());
  if (auto done = transaction->commit(); !done) return std::unexpected(done.error());
  const core::Timestamp redeemed_at = receipt->redeemed_at.value_or(now);
  return ports::RedeemOutcome{.first = first, .redeemed_at = redeemed_at, .receipt = std::move(*receipt)};
}

}  // namespace liveops::adapters::store_sqlite::progression
