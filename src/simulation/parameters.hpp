#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"

namespace liveops::simulation {

/// A boss of the game and what a kill is worth in the middle.
struct BossParameters {
  std::string id;
  double xp = 100;
  double score = 2000;
  double duration_s = 90;
  friend bool operator==(const BossParameters&, const BossParameters&) = default;
};

/// Every constant of a simulated game and its players. `parameter_table` gives each number its place in the file, its
/// bounds and what it means.
struct Parameters {
  // population
  double casual_share = 0.70;
  double regular_share = 0.25;
  double skill_sigma = 0.35;
  double skill_tail_share = 0.03;
  double skill_tail = 0.5;
  double tempo_sigma = 0.12;
  double new_share = 0.35;
  double lifetime_shape = 0.51;
  double casual_lifetime_days = 3.7;
  double regular_lifetime_days = 4.9;
  double hardcore_lifetime_days = 4.2;
  // sessions
  double casual_per_day = 0.8;
  double casual_minutes = 20;
  double regular_per_day = 1.8;
  double regular_minutes = 40;
  double hardcore_per_day = 3.0;
  double hardcore_minutes = 75;
  double minutes_sigma = 0.7;
  double zeal_sigma = 0.75;
  double longest_hours = 9;
  double evening_hour = 20;
  double evening_peak = 0.8;
  double hour_sigma = 1.5;
  double round_s = 350;
  double round_sigma = 0.35;
  double lobby_s = 8;
  // tempo: intervals between the events of a round
  double combo_share = 0.05;
  double combo_s = 0.15;
  double usual_share = 0.65;
  double usual_s = 1.2;
  double slow_s = 6;
  double interval_sigma = 0.35;
  double autocorrelation = 0.3;
  // awards
  double boss_share = 0.2;
  double drop_share = 0.1;
  double xp_median = 40;
  double xp_sigma = 0.5;
  double score_median = 1200;
  double score_sigma = 0.6;
  double most_xp = 5000;
  double most_score = 1'000'000;
  double most_quantity = 3;
  double learning = 0.35;
  double learning_rounds = 60;
  double growth = 0;
  double crit_chance = 0.01;
  double crit_factor = 3;
  double jackpot_chance = 0.001;
  double jackpot_factor = 6;
  double jackpot_tail = 2.5;
  double first_win_factor = 5;
  // troubles
  double stalls_per_hour = 0.3;
  double stall_s = 8;
  double stall_sigma = 0.8;
  double retry_chance = 0.004;
  double outage_day = 3.8;
  double outage_s = 60;
  double backlog_s = 2;
  double double_xp_day = 5;
  double patch_day = 7;
  double patch_tempo = 0.9;
  double patch_award = 1.3;
  double idle_share = 0.05;
  double idle_chance = 0.3;
  double idle_s = 10;
  double idle_award = 0.3;
  double cafe_share = 0.06;
  double cafe_players = 20;
  double cafe_minutes = 120;
  double skewed_share = 0.03;
  double skew_s = 10;
  // cheaters
  double at_once_share = 0.25;
  double onset_from = 0.05;
  double onset_to = 0.4;
  double sleeper_from = 0.55;
  double sleeper_to = 0.75;
  double injection_chance = 0.05;
  double bot_interval_s = 1.5;
  double bot_jitter = 0.04;
  double bot_hours = 20;
  double humanised_hours = 16;
  double humanised_sigma = 0.5;
  double replay_events = 40;
  double boost_award = 3;
  double boost_tempo = 1.2;
  double flood_per_hour = 1.5;
  double flood_s = 4;
  double ramp_factor = 20;
  double ramp_days = 4;
  double hugger_chance = 0.3;
  double collusion_factor = 2.2;
  double collusion_chance = 0.5;
  double farm_players = 5;
  double farm_interval_s = 2.0;

  std::vector<BossParameters> bosses{{.id = "slime-king", .xp = 60, .score = 500, .duration_s = 60},
                                     {.id = "lich", .xp = 150, .score = 1800, .duration_s = 120},
                                     {.id = "kraken", .xp = 300, .score = 4000, .duration_s = 200},
                                     {.id = "dragon", .xp = 600, .score = 9000, .duration_s = 300}};

  friend bool operator==(const Parameters&, const Parameters&) = default;
};

/// One number of the file.
struct ParameterInfo {
  std::string_view section;
  std::string_view key;
  double Parameters::* member;
  double min;
  double max;
  std::string_view meaning;
};

/// All numbers, by section, in the order of the file.
[[nodiscard]] std::span<const ParameterInfo> parameter_table();

/// What single bounds cannot say: shares add up to at most 1, there is a boss, onsets lie in order.
/// Errors: `invalid_argument`, with the key.
[[nodiscard]] core::Status check(const Parameters& parameters);

/// The text of a parameters file with these values.
[[nodiscard]] std::string to_toml(const Parameters& parameters);

}  // namespace liveops::simulation
