#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

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
  std::optional<BossId> boss_id;  // only kills of this boss
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

enum class RuleMode : std::uint8_t { off, shadow, enforce };

/// Two-tier burst limit: GCRA at `per_second` with a burst, and a sustained one (reference: GCRA, ITU-T I.371).
struct BurstRules {
  RuleMode mode = RuleMode::enforce;
  double burst_per_second = 12;
  double burst_size = 60;
  double sustained_per_second = 2.2;
  double sustained_credit = 1500;
};

/// The largest honest value of one event type's field; beyond it is impossible in this game.
struct BoundRules {
  EventType type = EventType::progression;
  std::string field;  // "xp", "score", "quantity"
  std::int64_t max = kMaxExactInteger;
};

struct HardBoundsRules {
  RuleMode mode = RuleMode::enforce;
  std::vector<BoundRules> bounds;
};

/// Robust score check: log scale, winsorised, personal against population.
struct ScoreRules {
  RuleMode mode = RuleMode::enforce;
  double flag_at = 45;  // CUSUM units
  double throttle_at = 90;
  int min_population = 30;  // players before the population counts
  int min_personal = 10;    // events before the personal baseline counts
};

/// What follows from repeated evidence. Throttles heal by themselves; blocks expire.
struct LadderRules {
  std::chrono::seconds throttle_first{60};
  std::chrono::seconds throttle_max{600};
  std::chrono::seconds block_for{900};
  int throttles_to_block = 0;  // 0: only hard bounds block
};

struct FairnessRules {
  std::string policy_version = "1";
  BurstRules burst;
  HardBoundsRules hard;
  ScoreRules score;
  LadderRules ladder;
  std::size_t max_players = 2'000'000;  // kept in memory; the longest idle leave first
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
