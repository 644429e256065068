#include <algorithm>

#include "adapters/config/rules_sections.hpp"

namespace liveops::adapters::config {
namespace {

using core::Detector;
using core::EventType;
using core::RuleMode;
using std::chrono::seconds;

constexpr std::pair<std::string_view, RuleMode> kModes[] = {
    {"off", RuleMode::off},           {"shadow", RuleMode::shadow},         {"flag", RuleMode::flag},
    {"throttle", RuleMode::throttle}, {"quarantine", RuleMode::quarantine}, {"block", RuleMode::block},
    {"enforce", RuleMode::block}};  // as files of version 1 say it
constexpr std::pair<std::string_view, RuleMode> kRateModes[] = {{"off", RuleMode::off},
                                                                {"shadow", RuleMode::shadow},
                                                                {"flag", RuleMode::flag},
                                                                {"throttle", RuleMode::throttle},
                                                                {"enforce", RuleMode::throttle}};
constexpr std::pair<std::string_view, RuleMode> kFlagModes[] = {
    {"off", RuleMode::off}, {"shadow", RuleMode::shadow}, {"flag", RuleMode::flag}};
constexpr std::size_t kMaxBounds = 1000;
constexpr std::int64_t kMaxPlayers = 100'000'000;
constexpr std::int64_t kMaxCount = 1'000'000;
constexpr double kMaxRate = 1e6;
constexpr double kMaxUnits = 1e9;
constexpr double kMaxBudget = 1e18;
constexpr seconds kLongest{365 * 86'400};
constexpr std::size_t kMaxTextBytes = 200;

/// Reads the rules of one policy; each rule is a table of its own below `fairness`.
class PolicyReader {
 public:
  explicit PolicyReader(TomlTable& fairness) : fairness_(fairness) {}

  core::FairnessRules read();

 private:
  TomlTable rule(Detector detector) {
    return fairness_.table(detector == Detector::hard_bound ? "hard" : core::to_string(detector));
  }
  /// What every rule may say; ends its table.
  void finish(TomlTable& table, Detector detector);
  void read_bounds();
  void read_bound(TomlTable& entry);
  void read_once();
  void read_rates();
  core::EvidenceRule read_evidence(Detector detector, core::EvidenceRule rule);
  void read_budgets();
  void read_population();
  void read_ladder();
  void read_async();

  TomlTable& fairness_;
  core::FairnessRules rules_;
};

void PolicyReader::finish(TomlTable& table, Detector detector) {
  std::string text = table.string("player_text", "");
  if (text.size() > kMaxTextBytes) table.fail("player_text", "must be 200 bytes or less");
  rules_.player_texts[static_cast<std::size_t>(detector)] = std::move(text);
  table.finish();
}

bool carries(EventType type, std::string_view field) {
  if (type == EventType::drop_claimed) return field == "quantity";
  return field == "xp" || field == "score";
}

void PolicyReader::read_bounds() {
  TomlTable table = rule(Detector::hard_bound);
  rules_.hard.mode = table.choice("mode", rules_.hard.mode, kModes);
  for (auto& entry : table.tables("bounds", kMaxBounds)) read_bound(entry);
  finish(table, Detector::hard_bound);
}

void PolicyReader::read_bound(TomlTable& entry) {
  core::BoundRules bound;
  bound.type = read_event_type(entry, "event", entry.required_string("event"));
  bound.field = entry.required_string("field");
  if (!carries(bound.type, bound.field)) {
    entry.fail("field", bound.type == EventType::drop_claimed ? "must be quantity" : "must be xp or score");
  }
  if (!entry.has("max")) entry.fail("max", "is required (an integer)");
  bound.max = entry.integer("max", bound.max, 0, core::kMaxExactInteger);
  if (entry.has("boss")) {
    if (bound.type != EventType::boss_kill) entry.fail("boss", "belongs to bounds of boss_kill only");
    bound.boss_id = entry.required_name<core::BossId>("boss");
  }
  constexpr std::int64_t kMaxLevel = core::BoundRules::kMaxLevel;
  bound.level_from = static_cast<int>(entry.integer("level_from", 0, 0, kMaxLevel));
  bound.level_to = static_cast<int>(entry.integer("level_to", kMaxLevel, 1, kMaxLevel));
  if (bound.level_to < bound.level_from) entry.fail("level_to", "must not be less than level_from");
  entry.finish();
  const auto same = [&](const core::BoundRules& other) {
    return other.type == bound.type && other.field == bound.field && other.boss_id == bound.boss_id &&
           other.level_from == bound.level_from && other.level_to == bound.level_to;
  };
  if (std::ranges::any_of(rules_.hard.bounds, same)) entry.fail("field", "has a bound already for this event");
  rules_.hard.bounds.push_back(std::move(bound));
}

void PolicyReader::read_once() {
  TomlTable sequence = rule(Detector::sequence);
  rules_.sequence.mode = sequence.choice("mode", rules_.sequence.mode, kModes);
  rules_.sequence.max_step_back = sequence.integer("max_step_back", rules_.sequence.max_step_back, 0, 1'000'000'000);
  finish(sequence, Detector::sequence);

  TomlTable clock = rule(Detector::clock);
  rules_.clock.mode = clock.choice("mode", rules_.clock.mode, kModes);
  rules_.clock.max_ahead =
      clock.seconds("max_ahead_s", std::chrono::floor<seconds>(rules_.clock.max_ahead), seconds(0), kLongest);
  rules_.clock.max_behind =
      clock.seconds("max_behind_s", std::chrono::floor<seconds>(rules_.clock.max_behind), seconds(0), kLongest);
  finish(clock, Detector::clock);

  TomlTable unbroken = rule(Detector::unbroken);
  rules_.unbroken.mode = unbroken.choice("mode", rules_.unbroken.mode, kFlagModes);
  rules_.unbroken.longest = unbroken.seconds("longest_s", rules_.unbroken.longest, seconds(60), kLongest);
  rules_.unbroken.pause = unbroken.seconds("pause_s", rules_.unbroken.pause, seconds(60), kLongest);
  finish(unbroken, Detector::unbroken);
}

void PolicyReader::read_rates() {
  constexpr double kLeastRate = 0.001;
  core::BurstRules& rules = rules_.burst;
  TomlTable table = rule(Detector::burst);
  rules.mode = table.choice("mode", rules.mode, kRateModes);
  rules.burst_per_second = table.number("burst_per_second", rules.burst_per_second, kLeastRate, kMaxRate);
  rules.burst_size = table.number("burst_size", rules.burst_size, 1, kMaxUnits);
  rules.sustained_mode = table.choice("sustained_mode", rules.mode, kRateModes);
  rules.sustained_per_second = table.number("sustained_per_second", rules.sustained_per_second, kLeastRate, kMaxRate);
  rules.sustained_credit = table.number("sustained_credit", rules.sustained_credit, 1, kMaxUnits);
  rules.adapt = table.boolean("adapt", rules.adapt);
  finish(table, Detector::burst);
  rules_.player_texts[static_cast<std::size_t>(Detector::sustained)] =
      rules_.player_texts[static_cast<std::size_t>(Detector::burst)];
}

core::EvidenceRule PolicyReader::read_evidence(Detector detector, core::EvidenceRule evidence) {
  TomlTable table = rule(detector);
  evidence.mode = table.choice("mode", evidence.mode, kModes);
  evidence.weight = table.number("weight", evidence.weight, 0.001, 1000);
  finish(table, detector);
  return evidence;
}

void PolicyReader::read_budgets() {
  TomlTable table = fairness_.table("budgets");
  core::BudgetRules& budgets = rules_.budgets;
  budgets.flag_once_in = table.number("flag_once_in", budgets.flag_once_in, 100, kMaxBudget);
  budgets.throttle_once_in = table.number("throttle_once_in", budgets.throttle_once_in, 100, kMaxBudget);
  budgets.quarantine_once_in = table.number("quarantine_once_in", budgets.quarantine_once_in, 100, kMaxBudget);
  budgets.block_once_in = table.number("block_once_in", budgets.block_once_in, 100, kMaxBudget);
  if (budgets.throttle_once_in < budgets.flag_once_in) {
    table.fail("throttle_once_in", "must not be less than flag_once_in");
  }
  if (budgets.quarantine_once_in < budgets.throttle_once_in) {
    table.fail("quarantine_once_in", "must not be less than throttle_once_in");
  }
  if (budgets.block_once_in < budgets.quarantine_once_in) {
    table.fail("block_once_in", "must not be less than quarantine_once_in");
  }
  table.finish();
}

void PolicyReader::read_population() {
  TomlTable table = fairness_.table("population");
  core::PopulationRules& rules = rules_.population;
  rules.min_players = static_cast<int>(table.integer("min_players", rules.min_players, 2, kMaxCount));
  rules.min_own_events = static_cast<int>(table.integer("min_own_events", rules.min_own_events, 1, kMaxCount));
  for (const std::int64_t first : table.integers("level_bands", 1, core::BoundRules::kMaxLevel)) {
    const auto level = static_cast<int>(first);
    if (!rules.level_bands.empty() && level <= rules.level_bands.back()) {
      table.fail("level_bands", "must ascend");
    }
    rules.level_bands.push_back(level);
  }
  if (rules.level_bands.size() > core::PopulationRules::kMaxBands) table.fail("level_bands", "has at most 4 bands");
  table.finish();
}

void PolicyReader::read_ladder() {
  TomlTable table = fairness_.table("ladder");
  core::LadderRules& rules = rules_.ladder;
  rules.throttle_first = table.seconds("throttle_first_s", rules.throttle_first, seconds(1), kLongest);
  rules.throttle_max = table.seconds("throttle_max_s", rules.throttle_max, seconds(1), kLongest);
  if (rules.throttle_max < rules.throttle_first) table.fail("throttle_max_s", "must not be less than throttle_first_s");
  rules.throttle_share = table.number("throttle_share", rules.throttle_share, 0.0001, 1);
  rules.block_for = table.seconds("block_for_s", rules.block_for, seconds(1), kLongest);
  rules.block_max = table.seconds("block_max_s", std::max(rules.block_max, rules.block_for), seconds(1), kLongest);
  if (rules.block_max < rules.block_for) table.fail("block_max_s", "must not be less than block_for_s");
  rules.evidence_half_life = table.seconds("evidence_half_life_s", rules.evidence_half_life, seconds(60), kLongest);
  rules.quarantine_second_flag = table.boolean("quarantine_second_flag", rules.quarantine_second_flag);
  table.finish();
  TomlTable governor = fairness_.table("governor");
  rules_.governor.factor = governor.number("factor", rules_.governor.factor, 0, kMaxUnits);
  rules_.governor.least = static_cast<int>(governor.integer("least", rules_.governor.least, 0, kMaxCount));
  governor.finish();
}

void PolicyReader::read_async() {
  TomlTable table = fairness_.table("async");
  core::AsyncRules& rules = rules_.async;
  rules.enabled = table.boolean("enabled", rules.enabled);
  rules.max_players = static_cast<std::size_t>(
      table.integer("max_players", static_cast<std::int64_t>(rules.max_players), 100, kMaxPlayers));
  rules.min_population = static_cast<std::size_t>(
      table.integer("min_population", static_cast<std::int64_t>(rules.min_population), 2, kMaxCount));
  rules.flag_once_in = table.number("flag_once_in", rules.flag_once_in, 100, kMaxBudget);
  rules.quarantine_second_flag = table.boolean("quarantine_second_flag", rules.quarantine_second_flag);
  rules.review_once_in = table.number("review_once_in", rules.review_once_in, 100, kMaxBudget);
  rules.review_fdr = table.number("review_fdr", rules.review_fdr, 1e-6, 1);
  rules.session_gap = table.seconds("session_gap_s", rules.session_gap, seconds(60), kLongest);
  rules.unbroken = table.seconds("unbroken_s", rules.unbroken, seconds(60), kLongest);
  table.finish();
}

core::FairnessRules PolicyReader::read() {
  rules_.policy_version = fairness_.string("policy_version", rules_.policy_version);
  if (!core::is_valid_name(rules_.policy_version)) {
    fairness_.fail("policy_version", "must be 1-64 characters of [A-Za-z0-9._:-]");
  }
  rules_.max_players = static_cast<std::size_t>(
      fairness_.integer("max_players", static_cast<std::int64_t>(rules_.max_players), 1000, kMaxPlayers));
  read_bounds();
  read_once();
  read_rates();
  core::EvidenceRules& evidence = rules_.evidence;
  evidence.tempo = read_evidence(Detector::tempo, evidence.tempo);
  evidence.award_level = read_evidence(Detector::award_level, evidence.award_level);
  evidence.award_tail = read_evidence(Detector::award_tail, evidence.award_tail);
  evidence.velocity = read_evidence(Detector::velocity, evidence.velocity);
  evidence.timing = read_evidence(Detector::timing, evidence.timing);
  read_budgets();
  read_population();
  read_ladder();
  read_async();
  fairness_.finish();
  return std::move(rules_);
}

}  // namespace

core::FairnessRules read_fairness(TomlTable& root) {
  TomlTable table = root.table("fairness");
  return PolicyReader(table).read();
}

}  // namespace liveops::adapters::config
