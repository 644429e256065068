#include "progression/json.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "core/time.hpp"

namespace liveops::progression {

namespace json = boost::json;

namespace {

json::value season_value(const std::optional<core::SeasonId>& season) {
  return season ? json::value(season->str()) : json::value(nullptr);
}

json::object condition_json(const core::RewardCondition& condition) {
  if (const auto* level = std::get_if<core::LevelReached>(&condition)) {
    return {{"type", "level"}, {"level", level->level}};
  }
  if (const auto* kills = std::get_if<core::BossKills>(&condition)) {
    return {{"type", "boss_kills"}, {"boss_id", kills->boss_id.str()}, {"count", kills->count}};
  }
  return {{"type", "season_xp"}, {"xp", std::get<core::SeasonXp>(condition).xp}};
}

json::array items_json(const std::vector<core::RewardItem>& items) {
  json::array array;
  for (const auto& item : items) {
    array.push_back(json::object{{"item_id", item.item_id.str()}, {"quantity", item.quantity}});
  }
  return array;
}

/// The row of this reward in this season; null when there is none.
template <class Row>
const Row* row_of(const std::vector<Row>& rows, const core::RewardId& reward,
                  const std::optional<core::SeasonId>& season) {
  const auto found =
      std::ranges::find_if(rows, [&](const Row& row) { return row.reward_id == reward && row.season == season; });
  return found == rows.end() ? nullptr : &*found;
}

json::object reward_json(const core::RewardRules& reward, const ports::PlayerRewards& rewards, const GameBook& book,
                         const std::optional<core::SeasonId>& current) {
  const auto season = is_seasonal(reward) ? current : std::nullopt;
  const auto toward = progress_toward(reward, rewards.progress, book.levels(), season.value_or(core::SeasonId()));
  json::object object{{"reward_id", reward.id.str()},
                      {"title", reward.title},
                      {"condition", condition_json(reward.condition)},
                      {"items", items_json(reward.items)},
                      {"state", "locked"},
                      {"progress", {{"current", toward.current}, {"required", toward.required}}}};
  if (is_seasonal(reward)) object["season"] = season_value(season);
  if (is_seasonal(reward) && !season) return object;  // nothing can be earned between seasons
  const auto* earned = row_of(rewards.earned, reward.id, season);
  if (earned != nullptr) object["earned_at"] = core::format_rfc3339(earned->earned_at);
  if (earned != nullptr || toward.current >= toward.required) object["state"] = "earned";
  if (const auto* claimed = row_of(rewards.claimed, reward.id, season)) {
    object["state"] = "claimed";
    object["claimed_at"] = core::format_rfc3339(claimed->claimed_at);
    object["receipt_id"] = claimed->receipt_id.str();
  }
  return object;
}

}  // namespace

std::string progress_json(const ports::Progress& progress, const GameBook& book,
                          const std::optional<core::SeasonId>& season) {
  const auto next = book.levels().next_threshold(progress.xp);
  json::object kills;
  for (const auto& [boss, count] : progress.boss_kills) kills[boss.str()] = count;
  json::value in_season = nullptr;
  if (season) {
    const auto xp = progress.season_xp.find(*season);
    in_season = json::object{{"id", season->str()}, {"xp", xp == progress.season_xp.end() ? 0 : xp->second}};
  }
  return json::serialize(json::object{{"player_id", progress.player_id.str()},
                                      {"xp", progress.xp},
                                      {"level", book.levels().level_of(progress.xp)},
                                      {"next_level_xp", next ? json::value(*next) : json::value(nullptr)},
                                      {"season", std::move(in_season)},
                                      {"boss_kills", std::move(kills)},
                                      {"version", progress.version},
                                      {"updated_at", core::format_rfc3339(progress.updated_at)}});
}

std::string inventory_json(const core::PlayerId& player, const std::vector<ports::InventoryItem>& items) {
  json::array array;
  for (const auto& item : items) {
    array.push_back(json::object{{"item_id", item.item_id.str()}, {"quantity", item.quantity}});
  }
  return json::serialize(json::object{{"player_id", player.str()}, {"items", std::move(array)}});
}

std::string rewards_json(const ports::PlayerRewards& rewards, const GameBook& book,
                         const std::optional<core::SeasonId>& season) {
  json::array array;
  for (const auto& reward : book.rewards().rewards()) array.push_back(reward_json(reward, rewards, book, season));
  return json::serialize(json::object{{"player_id", rewards.progress.player_id.str()},
                                      {"season", season_value(season)},
                                      {"rewards", std::move(array)}});
}

// A stored receipt is JSON text already and is passed on to the byte; a JWS needs no escaping.

std::string claim_json(const ports::StoredReceipt& receipt) {
  return R"({"receipt":)" + receipt.json + R"(,"token":")" + receipt.token + R"("})";
}

std::string verification_json(const Verification& verification) {
  if (!verification.receipt) {
    json::object object{{"valid", false}, {"reason", verification.reason}};
    if (verification.revoked_at) object["revoked_at"] = core::format_rfc3339(*verification.revoked_at);
    return json::serialize(object);
  }
  std::string text = R"({"valid":true,"receipt":)" + verification.receipt->json;
  if (const auto redeemed_at = verification.receipt->redeemed_at) {
    text += R"(,"redeemed_at":")" + core::format_rfc3339(*redeemed_at) + '"';
  }
  return text + '}';
}

std::string redeem_json(const ports::RedeemOutcome& outcome) {
  return R"({"redeemed_at":")" + core::format_rfc3339(outcome.redeemed_at) + R"(","receipt":)" + outcome.receipt.json +
         '}';
}

}  // namespace liveops::progression
