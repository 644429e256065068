#include "adapters/store_postgres/progression/claim_writer.hpp"

#include <map>

#include "adapters/store_postgres/progression/player_reader.hpp"
#include "adapters/store_postgres/progression/reward_reader.hpp"
#include "adapters/store_postgres/progression/rows.hpp"
#include "adapters/store_postgres/progression/statements.hpp"
#include "runtime/player_sums.hpp"

namespace liveops::adapters::store_postgres::progression {

using core::Errc;
using postgres::Parameters;
using postgres::Session;
using postgres::Statement;

namespace {

constexpr Statement kNoteClaim{"progression_note_claim",
                               "INSERT INTO progression.claim(player_id, reward_id, season, receipt_id, claimed_at) "
                               "VALUES($1::text, $2::text, $3::text, $4::text, $5::bigint)"};
constexpr Statement kKeepReceipt{
    "progression_keep_receipt",
    "INSERT INTO progression.receipt(receipt_id, token, json) VALUES($1::text, $2::text, $3::text)"};
constexpr Statement kTouchPlayer{
    "progression_touch_player",
    "UPDATE progression.player SET version = version + 1, updated_at = $2::bigint WHERE player_id = $1::text"};
constexpr Statement kRedeem{
    "progression_redeem",
    "UPDATE progression.receipt SET redeemed_at = $2::bigint WHERE receipt_id = $1::text AND redeemed_at IS NULL "
    "AND revoked_at IS NULL"};
constexpr Statement kIsDisqualified{
    "progression_is_disqualified", "SELECT 1 FROM progression.judged WHERE player_id = $1::text AND since IS NOT NULL"};

ports::Task<void> run(Session& session, const Statement& statement, Parameters parameters) {
  const auto done = co_await session.run(statement, std::move(parameters));
  if (!done) co_return std::unexpected(done.error());
  co_return core::Status();
}

/// With the player locked: whoever judges him waits for this claim, or it sees what was judged.
ports::Task<void> require_free(Session& session, const core::PlayerId& player) {
  const auto rows = co_await session.run(kIsDisqualified, std::move(Parameters().add_text(player.str())));
  if (!rows) co_return std::unexpected(rows.error());
  if (rows->empty()) co_return core::Status();
  co_return core::fail(Errc::forbidden, "player '" + player.str() + "' is disqualified: no reward can be claimed");
}

ports::Task<void> require_earned(Session& session, const ports::Claim& claim, const ports::Progress& progress) {
  if (runtime::reaches(progress, claim.condition, claim.season)) co_return core::Status();
  const auto noted = co_await is_earned(session, claim);
  if (!noted) co_return std::unexpected(noted.error());
  if (*noted) co_return core::Status();
  co_return core::fail(Errc::conflict, "reward '" + claim.condition.reward_id.str() +
                                           "' has not been earned by player '" + claim.player_id.str() + "'");
}

Parameters items_of(const ports::Claim& claim) {
  std::map<std::string_view, std::int64_t> sums;  // an item may be listed twice
  for (const core::RewardItem& item : claim.items) sums[item.item_id.str()] += item.quantity;
  std::vector<std::string_view> items;
  std::vector<std::int64_t> quantities;
  for (const auto& [item, quantity] : sums) {
    items.push_back(item);
    quantities.push_back(quantity);
  }
  const std::vector<std::string_view> players(items.size(), claim.player_id.str());
  return std::move(Parameters().add_text_array(players).add_text_array(items).add_array(quantities));
}

ports::Task<void> grant(Session& session, const ports::Claim& claim) {
  Parameters noted;
  noted.add_text(claim.player_id.str()).add_text(claim.condition.reward_id.str()).add_text(season_text(claim.season));
  noted.add_text(claim.receipt.id.str()).add(to_us(claim.now));
  if (auto done = co_await run(session, kNoteClaim, std::move(noted)); !done) co_return done;
  Parameters kept;
  kept.add_text(claim.receipt.id.str()).add_text(claim.receipt.token).add_text(claim.receipt.json);
  if (auto done = co_await run(session, kKeepReceipt, std::move(kept)); !done) co_return done;
  if (auto done = co_await run(session, kAddItems, items_of(claim)); !done) co_return done;
  co_return co_await run(session, kTouchPlayer,
                         std::move(Parameters().add_text(claim.player_id.str()).add(to_us(claim.now))));
}

}  // namespace

ports::Task<ports::ClaimOutcome> write_claim(Session& session, ports::Claim claim) {
  auto progress = co_await lock_progress(session, claim.player_id);
  if (!progress) co_return std::unexpected(progress.error());
  auto before = co_await read_claimed(session, claim);
  if (!before) co_return std::unexpected(before.error());
  if (*before) {
    co_return ports::ClaimOutcome{.first = false, .receipt = std::move(**before), .progress = std::move(*progress)};
  }
  if (auto free = co_await require_free(session, claim.player_id); !free) co_return std::unexpected(free.error());
  if (auto earned = co_await require_earned(session, claim, *progress); !earned) {
    co_return std::unexpected(earned.error());
  }
  if (auto done = co_await grant(session, claim); !done) co_return std::unexpected(done.error());
  ++progress->version;
  progress->updated_at = claim.now;
  co_return ports::ClaimOutcome{.first = true, .receipt = std::move(claim.receipt), .progress = std::move(*progress)};
}

ports::Task<ports::RedeemOutcome> write_redemption(Session& session, core::ReceiptId id, core::Timestamp now) {
  const auto marked = co_await session.run(kRedeem, std::move(Parameters().add_text(id.str()).add(to_us(now))));
  if (!marked) co_return std::unexpected(marked.error());
  auto receipt = co_await read_receipt(session, id);
  if (!receipt) co_return std::unexpected(receipt.error());
  const core::Timestamp redeemed_at = receipt->redeemed_at.value_or(now);
  co_return ports::RedeemOutcome{
      .first = marked->affected() == 1, .redeemed_at = redeemed_at, .receipt = std::move(*receipt)};
}

}  // namespace liveops::adapters::store_postgres::progression
