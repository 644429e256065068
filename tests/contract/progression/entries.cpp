#include "tests/contract/progression/entries.hpp"

namespace liveops::test {

using ports::Measure;

core::Timestamp at(std::int64_t seconds) {
  return core::Timestamp(std::chrono::seconds(1'790'000'000 + seconds));
}
core::PlayerId player(const std::string& id) {
  return core::PlayerId::trusted(id);
}
core::SeasonId season(const std::string& id) {
  return core::SeasonId::trusted(id);
}
core::RewardId reward(const std::string& id) {
  return core::RewardId::trusted(id);
}

ports::LedgerEntry xp_event(int n, const std::string& who, std::int64_t xp) {
  ports::LedgerEntry entry;
  entry.event_id = core::EventId::derive(core::KeyId::trusted("test"), std::to_string(n));
  entry.player_id = player(who);
  entry.occurred_at = at(n);
  entry.received_at = at(n + 1);
  entry.xp = xp;
  entry.season = season("s1");
  entry.payload_json = "{}";
  return entry;
}

ports::LedgerEntry kill_event(int n, const std::string& who, const std::string& boss) {
  auto entry = xp_event(n, who, 5);
  entry.type = core::EventType::boss_kill;
  entry.score = 10;
  entry.boss_kill = core::BossId::trusted(boss);
  return entry;
}

ports::LedgerEntry drop_event(int n, const std::string& who, const std::string& drop, const std::string& item,
                              std::int64_t quantity) {
  auto entry = xp_event(n, who, 0);
  entry.type = core::EventType::drop_claimed;
  entry.drop = core::DropClaimed{.drop_id = core::DropId::trusted(drop),
                                 .item_id = core::ItemId::trusted(item),
                                 .quantity = quantity,
                                 .rarity = std::nullopt};
  return entry;
}

ports::RewardThreshold xp_reward(const std::string& id, std::int64_t value) {
  return {.reward_id = reward(id), .measure = Measure::total_xp, .boss_id = {}, .value = value};
}
ports::RewardThreshold season_reward(const std::string& id, std::int64_t value) {
  return {.reward_id = reward(id), .measure = Measure::season_xp, .boss_id = {}, .value = value};
}
ports::RewardThreshold kills_reward(const std::string& id, const std::string& boss, std::int64_t value) {
  return {
      .reward_id = reward(id), .measure = Measure::boss_kills, .boss_id = core::BossId::trusted(boss), .value = value};
}
ports::RewardThresholds thresholds(std::vector<ports::RewardThreshold> list) {
  return std::make_shared<const std::vector<ports::RewardThreshold>>(std::move(list));
}

}  // namespace liveops::test
