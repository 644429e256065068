#include <algorithm>

#include "adapters/config/rules_sections.hpp"

namespace liveops::adapters::config {
namespace {

constexpr std::size_t kMaxBosses = 1000;
constexpr std::size_t kMaxDifficulties = 32;
constexpr std::size_t kMaxRewards = 1000;
constexpr std::size_t kMaxRewardItems = 100;
constexpr std::size_t kMaxTitleBytes = 200;
constexpr std::int64_t kMaxLevel = 10'000;
constexpr std::int64_t kMaxItemQuantity = 1'000'000'000;
constexpr double kMaxExponent = 10;
constexpr double kMaxMultiplier = 1000;

std::map<std::string, double> read_difficulties(TomlTable& table) {
  std::map<std::string, double> difficulties;
  TomlTable below = table.table("difficulties");
  const auto names = below.keys();
  if (names.size() > kMaxDifficulties) table.fail("difficulties", "holds more than 32 entries");
  for (const auto& name : names) {
    if (!core::is_valid_name(name)) below.fail(name, "must be 1-64 characters of [A-Za-z0-9._:-]");
    difficulties[name] = below.number(name, 1, 0, kMaxMultiplier);
  }
  return difficulties;
}

core::RewardCondition read_condition(TomlTable& reward, const std::vector<core::BossRules>& bosses) {
  constexpr std::string_view kForms = "must be { level = 5 }, { boss = \"dragon\", kills = 3 } or { season_xp = 1000 }";
  TomlTable when = reward.table("when");
  const int forms = (when.has("level") ? 1 : 0) + (when.has("boss") ? 1 : 0) + (when.has("season_xp") ? 1 : 0);
  core::RewardCondition condition;
  if (when.has("boss")) {
    core::BossKills kills;
    kills.boss_id = read_boss_reference(when, "boss", bosses);
    kills.count = when.integer("kills", kills.count, 1, core::kMaxExactInteger);
    condition = std::move(kills);
  } else if (when.has("season_xp")) {
    condition = core::SeasonXp{.xp = when.integer("season_xp", 0, 1, core::kMaxExactInteger)};
  } else {
    condition = core::LevelReached{.level = static_cast<int>(when.integer("level", 1, 1, kMaxLevel))};
  }
  if (forms != 1) reward.fail("when", kForms);
  when.finish();
  return condition;
}

std::vector<core::RewardItem> read_items(TomlTable& reward) {
  std::vector<core::RewardItem> items;
  for (auto& table : reward.tables("items", kMaxRewardItems)) {
    core::RewardItem item;
    item.item_id = table.required_name<core::ItemId>("item");
    item.quantity = table.integer("quantity", item.quantity, 1, kMaxItemQuantity);
    table.finish();
    const auto same = [&](const core::RewardItem& other) { return other.item_id == item.item_id; };
    if (std::ranges::any_of(items, same)) table.fail("item", "'" + item.item_id.str() + "' is listed twice");
    items.push_back(std::move(item));
  }
  if (items.empty()) reward.fail("items", "must list one or more of { item = \"gem\", quantity = 1 }");
  return items;
}

}  // namespace

core::LevelRules read_levels(TomlTable& root) {
  core::LevelRules rules;
  TomlTable table = root.table("levels");
  rules.thresholds = table.integers("thresholds", 1, core::kMaxExactInteger);
  if (std::ranges::adjacent_find(rules.thresholds, std::ranges::greater_equal{}) != rules.thresholds.end()) {
    table.fail("thresholds", "must rise from each level to the next");
  }
  rules.base = table.integer("base", rules.base, 1, core::kMaxExactInteger);
  rules.exponent = table.number("exponent", rules.exponent, 0, kMaxExponent);
  rules.max_level = static_cast<int>(table.integer("max_level", rules.max_level, 1, kMaxLevel));
  if (rules.thresholds.size() >= static_cast<std::size_t>(rules.max_level)) {
    table.fail("thresholds", "names more levels than max_level allows");
  }
  table.finish();
  return rules;
}

std::vector<core::BossRules> read_bosses(TomlTable& root) {
  std::vector<core::BossRules> bosses;
  for (auto& table : root.tables("bosses", kMaxBosses)) {
    core::BossRules boss;
    boss.id = table.required_name<core::BossId>("id");
    boss.xp = table.integer("xp", boss.xp, 0, core::kMaxExactInteger);
    boss.score = table.integer("score", boss.score, 0, core::kMaxExactInteger);
    boss.difficulties = read_difficulties(table);
    table.finish();
    refuse_repeated(table, bosses, boss.id);
    bosses.push_back(std::move(boss));
  }
  return bosses;
}

std::vector<core::RewardRules> read_rewards(TomlTable& root, const std::vector<core::BossRules>& bosses) {
  std::vector<core::RewardRules> rewards;
  for (auto& table : root.tables("rewards", kMaxRewards)) {
    core::RewardRules reward;
    reward.id = table.required_name<core::RewardId>("id");
    reward.title = table.string("title", reward.id.str());
    if (reward.title.size() > kMaxTitleBytes) table.fail("title", "must be at most 200 bytes");
    reward.condition = read_condition(table, bosses);
    reward.items = read_items(table);
    table.finish();
    refuse_repeated(table, rewards, reward.id);
    rewards.push_back(std::move(reward));
  }
  return rewards;
}

}  // namespace liveops::adapters::config
