#include <algorithm>

#include "adapters/config/rules_sections.hpp"

namespace liveops::adapters::config {
namespace {

using core::EventType;
using std::chrono::seconds;

constexpr std::pair<std::string_view, core::RuleMode> kModes[] = {
    {"off", core::RuleMode::off}, {"shadow", core::RuleMode::shadow}, {"enforce", core::RuleMode::block}};
constexpr std::size_t kMaxBounds = 100;
constexpr std::int64_t kMaxPlayers = 100'000'000;
constexpr double kMaxRate = 1e6;
constexpr double kMaxUnits = 1e9;
constexpr seconds kLongest{365 * 86'400};

core::BurstRules read_burst(TomlTable& fairness) {
  core::BurstRules rules;
  constexpr double kLeastRate = 0.001;
  TomlTable table = fairness.table("burst");
  rules.mode = table.choice("mode", rules.mode, kModes);
  rules.burst_per_second = table.number("burst_per_second", rules.burst_per_second, kLeastRate, kMaxRate);
  rules.burst_size = table.number("burst_size", rules.burst_size, 1, kMaxUnits);
  rules.sustained_per_second = table.number("sustained_per_second", rules.sustained_per_second, kLeastRate, kMaxRate);
  rules.sustained_credit = table.number("sustained_credit", rules.sustained_credit, 1, kMaxUnits);
  table.finish();
  return rules;
}

bool carries(EventType type, std::string_view field) {
  if (type == EventType::drop_claimed) return field == "quantity";
  return field == "xp" || field == "score";
}

core::HardBoundsRules read_hard(TomlTable& fairness) {
  core::HardBoundsRules rules;
  TomlTable table = fairness.table("hard");
  rules.mode = table.choice("mode", rules.mode, kModes);
  for (auto& entry : table.tables("bounds", kMaxBounds)) {
    core::BoundRules bound;
    bound.type = read_event_type(entry, "event", entry.required_string("event"));
    bound.field = entry.required_string("field");
    if (!carries(bound.type, bound.field)) {
      entry.fail("field", bound.type == EventType::drop_claimed ? "must be quantity" : "must be xp or score");
    }
    if (!entry.has("max")) entry.fail("max", "is required (an integer)");
    bound.max = entry.integer("max", bound.max, 0, core::kMaxExactInteger);
    entry.finish();
    const auto same = [&](const core::BoundRules& other) {
      return other.type == bound.type && other.field == bound.field;
    };
    if (std::ranges::any_of(rules.bounds, same)) entry.fail("field", "has a bound already for this event");
    rules.bounds.push_back(std::move(bound));
  }
  table.finish();
  return rules;
}

core::ScoreRules read_score(TomlTable& fairness) {
  core::ScoreRules rules;
  constexpr std::int64_t kMaxCount = 1'000'000;
  TomlTable table = fairness.table("score");
  rules.mode = table.choice("mode", rules.mode, kModes);
  rules.flag_at = table.number("flag_at", rules.flag_at, 0, kMaxUnits);
  rules.throttle_at = table.number("throttle_at", rules.throttle_at, 0, kMaxUnits);
  if (rules.throttle_at < rules.flag_at) table.fail("throttle_at", "must not be less than flag_at");
  rules.min_population = static_cast<int>(table.integer("min_population", rules.min_population, 2, kMaxCount));
  rules.min_personal = static_cast<int>(table.integer("min_personal", rules.min_personal, 2, kMaxCount));
  table.finish();
  return rules;
}

core::LadderRules read_ladder(TomlTable& fairness) {
  core::LadderRules rules;
  constexpr std::int64_t kMaxThrottles = 1'000'000;
  TomlTable table = fairness.table("ladder");
  rules.throttle_first = table.seconds("throttle_first_s", rules.throttle_first, seconds(1), kLongest);
  rules.throttle_max = table.seconds("throttle_max_s", rules.throttle_max, seconds(1), kLongest);
  if (rules.throttle_max < rules.throttle_first) table.fail("throttle_max_s", "must not be less than throttle_first_s");
  rules.block_for = table.seconds("block_for_s", rules.block_for, seconds(1), kLongest);
  rules.throttles_to_block =
      static_cast<int>(table.integer("throttles_to_block", rules.throttles_to_block, 0, kMaxThrottles));
  table.finish();
  return rules;
}

}  // namespace

core::FairnessRules read_fairness(TomlTable& root) {
  core::FairnessRules rules;
  TomlTable table = root.table("fairness");
  rules.policy_version = table.string("policy_version", rules.policy_version);
  if (!core::is_valid_name(rules.policy_version)) {
    table.fail("policy_version", "must be 1-64 characters of [A-Za-z0-9._:-]");
  }
  rules.max_players = static_cast<std::size_t>(
      table.integer("max_players", static_cast<std::int64_t>(rules.max_players), 1000, kMaxPlayers));
  rules.burst = read_burst(table);
  rules.hard = read_hard(table);
  rules.score = read_score(table);
  rules.ladder = read_ladder(table);
  table.finish();
  return rules;
}

}  // namespace liveops::adapters::config
