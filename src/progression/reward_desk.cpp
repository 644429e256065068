#include "progression/reward_desk.hpp"

#include <chrono>

#include "core/crypto/digest.hpp"
#include "core/crypto/encoding.hpp"

namespace liveops::progression {

using core::Errc;
using core::fail;

namespace {

constexpr std::size_t kReceiptIdBytes = 16;

core::ReceiptId new_receipt_id() {
  return core::ReceiptId::trusted("r-" + core::crypto::to_hex(core::crypto::random_bytes(kReceiptIdBytes)));
}

}  // namespace

RewardDesk::RewardDesk(ports::RewardStore& store, ports::ProgressCache& cache, const CurrentBook& book,
                       const core::ReceiptSigner& signer, const core::Clock& clock, Counters& counters)
    : store_(store), cache_(cache), book_(book), signer_(signer), clock_(clock), counters_(counters) {}

ports::Task<ports::StoredReceipt> RewardDesk::claim(core::PlayerId player, core::RewardId reward,
                                                    std::optional<std::string> season) {
  const auto book = book_.get();
  const auto* rules = book->rewards().find(reward);
  if (rules == nullptr) {
    co_return fail(Errc::not_found, "there is no reward '" + reward.str() + "'; there are: " + book->rewards().list());
  }
  auto in_season = season_for(*rules, season, *book);
  if (!in_season) co_return std::unexpected(in_season.error());
  auto outcome = co_await store_.claim(prepare(std::move(player), *rules, std::move(*in_season), *book));
  if (!outcome) {
    if (outcome.error().code == Errc::conflict) counters_.claims_refused.add();
    co_return std::unexpected(outcome.error());
  }
  (outcome->first ? counters_.claims_granted : counters_.claims_repeated).add();
  std::vector<ports::Progress> changed;
  changed.push_back(std::move(outcome->progress));
  if (const auto put = co_await cache_.put(std::move(changed)); !put) counters_.cache_errors.add();
  co_return std::move(outcome->receipt);
}

ports::Task<ports::PlayerRewards> RewardDesk::rewards_of(core::PlayerId player) {
  return store_.rewards_of(std::move(player));
}

core::Result<std::optional<core::SeasonId>> RewardDesk::season_for(const core::RewardRules& reward,
                                                                   const std::optional<std::string>& asked,
                                                                   const GameBook& book) const {
  if (!is_seasonal(reward)) {
    if (!asked) return std::nullopt;
    return fail(Errc::invalid_argument, "reward '" + reward.id.str() + "' has no season: leave the field out");
  }
  if (asked) {
    auto named = book.season_named(*asked);
    if (!named) return std::unexpected(named.error());
    return std::optional(std::move(*named));
  }
  auto current = book.season_at(clock_.now());
  if (!current) return fail(Errc::conflict, "no season is running: name an earlier one in 'season'");
  return current;
}

ports::Claim RewardDesk::prepare(core::PlayerId player, const core::RewardRules& reward,
                                 std::optional<core::SeasonId> season, const GameBook& book) const {
  const core::Timestamp now = clock_.now();
  core::Receipt receipt{.id = new_receipt_id(),
                        .issuer = signer_.issuer(),
                        .player_id = player,
                        .reward_id = reward.id,
                        .items = reward.items,
                        .season = season,
                        .issued_at = std::chrono::floor<std::chrono::seconds>(now)};
  auto signed_receipt = signer_.sign(receipt);
  return {.player_id = std::move(player),
          .condition = book.rewards().threshold_of(reward.id),
          .season = std::move(season),
          .items = std::move(receipt.items),
          .receipt = {.id = std::move(receipt.id),
                      .token = std::move(signed_receipt.token),
                      .json = std::move(signed_receipt.json),
                      .redeemed_at = std::nullopt},
          .now = now};
}

}  // namespace liveops::progression
