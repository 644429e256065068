#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/async_rules.hpp"
#include "core/event.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"

/// The rules of the game as plain data, read from the rules file (config/liveops.toml). Services build their rule
/// classes from these; whoever reads the file checks every bound named here.
namespace liveops::core {

/// A season given by its dates.
struct ListedSeason {
  SeasonId id;
  Timestamp starts_at;
  Timestamp ends_at;  // exclusive; listed seasons do not overlap
};

/// Seasons that follow one another without end: number n runs [anchor + n*length, anchor + (n+1)*length) in local days.
struct RepeatingSeasons {
  std::string id_prefix;               // "s" gives s1, s2, ...
  std::chrono::year_month_day anchor;  // local midnight of the first season's first day
  int length_days = 28;
};

using SeasonRules = std::variant<std::vector<ListedSeason>, RepeatingSeasons>;

/// What happens to an event that arrives after its period's grace has ended.
enum class LateRule : std::uint8_t {
  drop,    // it counts in no period of that window (progression is not touched)
  current  // it counts in the period that is open when it was received
};

struct WindowRules {
  std::string time_zone = "UTC";  // IANA name
  std::chrono::weekday week_start = std::chrono::Monday;
  std::chrono::seconds grace{600};
  LateRule late = LateRule::drop;
  SeasonRules seasons;
  std::chrono::seconds snapshot_interval{300};  // of open periods
  int snapshot_top = 1000;                      // rows of an open-period snapshot
};

enum class BoardOperator : std::uint8_t { best, sum, last };
enum class BoardOrder : std::uint8_t { highest, lowest };  // who is first

struct BoardRules {
  BoardId id;
  BoardOperator op = BoardOperator::best;
  BoardOrder order = BoardOrder::highest;
  std::string source;             // payload field: "score", "xp", "duration_ms", "quantity"; "count" adds 1 an event
  std::vector<EventType> events;  // which events count
  std::optional<BossId> boss_id = {};                    // only kills of this boss
  std::int64_t max_score = (std::int64_t{1} << 31) - 1;  // 1..2^43; more is clamped to it and counted
};

struct LevelRules {
  std::vector<std::int64_t> thresholds;  // total XP needed for level 2, 3, ...; strictly ascending
  // Beyond (or instead of) the table: XP from level n to n+1 = base * n^exponent, rounded down.
  std::int64_t base = 100;
  double exponent = 1.5;
  int max_level = 100;
};

struct BossRules {
  BossId id;
  std::int64_t xp = 0;                         // when the event gives none
  std::int64_t score = 0;                      // when the event gives none
  std::map<std::string, double> difficulties;  // name -> multiplier of xp and score; empty: any name, times 1
};

struct RewardItem {
  ItemId item_id;
  std::int64_t quantity = 1;
  friend bool operator==(const RewardItem&, const RewardItem&) = default;
};

struct LevelReached {
  int level = 1;
};
struct BossKills {
  BossId boss_id;
  std::int64_t count = 1;
};
struct SeasonXp {
  std::int64_t xp = 0;
};
using RewardCondition = std::variant<LevelReached, BossKills, SeasonXp>;

/// A reward of the catalogue. Those with a SeasonXp condition can be earned once a season, the others once for ever.
struct RewardRules {
  RewardId id;
  std::string title;
  RewardCondition condition;
  std::vector<RewardItem> items;
};

/// How far a rule may go. `shadow`: it judges and is counted, with no consequence. The others name the strongest thing
/// that may follow from it; the milder ones come first.
enum class RuleMode : std::uint8_t { off, shadow, flag, throttle, quarantine, block };
inline constexpr std::size_t kRuleModes = 6;

/// The fairness checks. Each is a rule of the policy; metrics and decisions carry its name.
enum class Detector : std::uint8_t {
  hard_bound,   // an amount that the game cannot give
  sequence,     // the player's own counter runs far back
  clock,        // the event's time is too far from its arrival
  burst,        // too many events at once
  sustained,    // too many events over a longer time
  tempo,        // quicker than the player's own and everybody's pace
  award_level,  // awards above the player's own and everybody's level
  award_tail,   // too many awards that hardly anybody gets
  velocity,     // too much score in too short a time
  timing,       // intervals that no person makes
  unbroken      // hours of play without a pause
};
inline constexpr std::size_t kDetectors = 11;
[[nodiscard]] std::string_view to_string(Detector detector);
[[nodiscard]] std::optional<Detector> parse_detector(std::string_view text);
[[nodiscard]] std::string_view to_string(RuleMode mode);

/// Two rate limits a player (GCRA, ITU-T I.371): one for bursts, one for play that never pauses.
struct BurstRules {
  RuleMode mode = RuleMode::throttle;            // of the burst limit
  RuleMode sustained_mode = RuleMode::throttle;  // of the other
  double burst_per_second = 12;
  double burst_size = 60;
  double sustained_per_second = 2.2;
  double sustained_credit = 1500;
  bool adapt = true;  // the four are the least: a game in which everybody sends more gets more
};

/// The largest honest value of one event type's field, for players of some levels; beyond it is impossible in this
/// game.
struct BoundRules {
  EventType type = EventType::progression;
  std::string field;  // "xp", "score", "quantity"
  std::int64_t max = kMaxExactInteger;
  std::optional<BossId> boss_id = {};  // only kills of this boss
  int level_from = 0;                  // 0: from the lowest, and events that carry no level
  int level_to = kMaxLevel;
  static constexpr int kMaxLevel = 1'000'000;
};

struct HardBoundsRules {
  RuleMode mode = RuleMode::block;
  std::vector<BoundRules> bounds;
};

/// The player's own counter may run back this far (retries that overtake each other).
struct SequenceRules {
  RuleMode mode = RuleMode::flag;
  std::int64_t max_step_back = 128;
};

/// How far an event's own time may lie from its arrival. For titles whose servers stamp events as they happen.
struct ClockRules {
  RuleMode mode = RuleMode::off;
  std::chrono::milliseconds max_ahead{2000};
  std::chrono::milliseconds max_behind{120'000};
};

/// A check that adds up evidence. `weight`: its share in the evidence of all checks together.
struct EvidenceRule {
  RuleMode mode = RuleMode::block;
  double weight = 1;
};

struct EvidenceRules {
  EvidenceRule tempo;
  EvidenceRule award_level;
  EvidenceRule award_tail;
  EvidenceRule velocity{.mode = RuleMode::flag, .weight = 0.5};
  EvidenceRule timing{.mode = RuleMode::quarantine, .weight = 1};
};

/// Play without a pause of `pause`, for longer than `longest`: for review, never more.
struct UnbrokenRules {
  RuleMode mode = RuleMode::flag;
  std::chrono::seconds longest{18 * 3600};
  std::chrono::seconds pause{20 * 60};
};

/// What an operator pays for finding cheats: events of honest players between two false alarms.
struct BudgetRules {
  double flag_once_in = 5e6;
  double throttle_once_in = 1e8;
  double quarantine_once_in = 2e8;
  double block_once_in = 1e9;
};

/// When enough is known to judge anybody. Level bands: where each begins; empty: one band for all levels.
struct PopulationRules {
  int min_players = 30;
  int min_own_events = 20;
  std::vector<int> level_bands;
  static constexpr std::size_t kMaxBands = 4;
};

/// What follows from evidence. Throttles and blocks double up to the longest and heal by themselves.
struct LadderRules {
  std::chrono::seconds throttle_first{60};
  std::chrono::seconds throttle_max{600};
  double throttle_share = 0.25;  // of the sustained rate, that a throttled player may still send
  std::chrono::seconds block_for{900};
  std::chrono::seconds block_max{86'400};
  std::chrono::seconds evidence_half_life{1800};  // of honest play
  bool quarantine_second_flag = true;             // a flag on another day than the last one, within two weeks
};

/// Blocks for evidence, an hour, beyond which they become throttles: `factor` times the usual, but at least `least`.
struct GovernorRules {
  double factor = 3;
  int least = 10;
};

struct FairnessRules {
  std::string policy_version = "1";
  HardBoundsRules hard;
  SequenceRules sequence;
  ClockRules clock;
  BurstRules burst;
  EvidenceRules evidence;
  UnbrokenRules unbroken;
  BudgetRules budgets;
  PopulationRules population;
  LadderRules ladder;
  GovernorRules governor;
  AsyncRules async;
  std::array<std::string, kDetectors> player_texts;  // what a player is told; empty: the built-in text
  std::size_t max_players = 2'000'000;               // kept in memory; the longest idle leave first
};

struct GameRules {
  WindowRules windows;
  std::vector<BoardRules> boards;
  LevelRules levels;
  std::vector<BossRules> bosses;
  std::vector<RewardRules> rewards;
  FairnessRules fairness;
};

}  // namespace liveops::core
