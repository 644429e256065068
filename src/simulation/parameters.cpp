#include "simulation/parameters.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/ids.hpp"

namespace liveops::simulation {
namespace {

using P = Parameters;

constexpr auto kTable = std::to_array<ParameterInfo>({
    {"population", "casual_share", &P::casual_share, 0, 1, "share of players who play now and then"},
    {"population", "regular_share", &P::regular_share, 0, 1, "share who play most days; the rest is hardcore"},
    {"population", "skill_sigma", &P::skill_sigma, 0, 2, "spread of skill, which multiplies awards: exp(sigma z)"},
    {"population", "skill_tail_share", &P::skill_tail_share, 0, 1, "share of players far better than that"},
    {"population", "skill_tail", &P::skill_tail, 0, 5, "and by how much: exp(tail * exponential)"},
    {"population", "tempo_sigma", &P::tempo_sigma, 0, 2, "spread of the personal tempo"},
    {"population", "new_share", &P::new_share, 0, 1,
     "share who install within the window; the others have played before"},
    {"population", "lifetime_shape", &P::lifetime_shape, 0.1, 10,
     "Weibull shape of the days until a player leaves for good"},
    {"population", "casual_lifetime_days", &P::casual_lifetime_days, 0.01, 10000, "its scale, by class"},
    {"population", "regular_lifetime_days", &P::regular_lifetime_days, 0.01, 10000, ""},
    {"population", "hardcore_lifetime_days", &P::hardcore_lifetime_days, 0.01, 10000, ""},
    {"sessions", "casual_per_day", &P::casual_per_day, 0.01, 100, "sessions a day"},
    {"sessions", "casual_minutes", &P::casual_minutes, 0.5, 1000, "median length"},
    {"sessions", "regular_per_day", &P::regular_per_day, 0.01, 100, ""},
    {"sessions", "regular_minutes", &P::regular_minutes, 0.5, 1000, ""},
    {"sessions", "hardcore_per_day", &P::hardcore_per_day, 0.01, 100, ""},
    {"sessions", "hardcore_minutes", &P::hardcore_minutes, 0.5, 1000, ""},
    {"sessions", "minutes_sigma", &P::minutes_sigma, 0, 3, "spread of the length (log-normal)"},
    {"sessions", "zeal_sigma", &P::zeal_sigma, 0, 3, "how far players differ in that: a factor on all their sessions"},
    {"sessions", "longest_hours", &P::longest_hours, 0.1, 24, "nobody plays longer at a stretch"},
    {"sessions", "evening_hour", &P::evening_hour, 0, 24, "when most play (UTC)"},
    {"sessions", "evening_peak", &P::evening_peak, 0, 1, "0: all day alike; 1: nobody twelve hours later"},
    {"sessions", "hour_sigma", &P::hour_sigma, 0, 12, "how far players differ in that, hours"},
    {"sessions", "round_s", &P::round_s, 1, 100000, "median length of a round"},
    {"sessions", "round_sigma", &P::round_sigma, 0, 3, ""},
    {"sessions", "lobby_s", &P::lobby_s, 0, 3600, "mean pause between rounds"},
    {"tempo", "combo_share", &P::combo_share, 0, 1, "share of intervals within a combo"},
    {"tempo", "combo_s", &P::combo_s, 0.001, 1000, "their median"},
    {"tempo", "usual_share", &P::usual_share, 0, 1, "share of usual intervals; the rest is slow"},
    {"tempo", "usual_s", &P::usual_s, 0.001, 1000, ""},
    {"tempo", "slow_s", &P::slow_s, 0.001, 1000, ""},
    {"tempo", "interval_sigma", &P::interval_sigma, 0, 3, "spread around each median (log-normal)"},
    {"tempo", "autocorrelation", &P::autocorrelation, 0, 0.99, "AR(1) of the logarithm"},
    {"awards", "boss_share", &P::boss_share, 0, 1, "share of events that are boss kills"},
    {"awards", "drop_share", &P::drop_share, 0, 1, "share that are drops; the rest is progression"},
    {"awards", "xp_median", &P::xp_median, 1, 1000000000.0, "of a progression event"},
    {"awards", "xp_sigma", &P::xp_sigma, 0, 3, ""},
    {"awards", "score_median", &P::score_median, 1, 1000000000000.0, ""},
    {"awards", "score_sigma", &P::score_sigma, 0, 3, "also of boss kills"},
    {"awards", "most_xp", &P::most_xp, 1, 1000000000000000.0, "the game gives no more for one event"},
    {"awards", "most_score", &P::most_score, 1, 1000000000000000.0, ""},
    {"awards", "most_quantity", &P::most_quantity, 1, 9999, "of a drop"},
    {"awards", "learning", &P::learning, 0, 0.99, "how much less a beginner gets"},
    {"awards", "learning_rounds", &P::learning_rounds, 0.1, 1000000.0, "rounds until most of that is learnt"},
    {"awards", "growth", &P::growth, 0, 3, "awards grow with (1 + rounds/50)^growth"},
    {"awards", "crit_chance", &P::crit_chance, 0, 1, ""},
    {"awards", "crit_factor", &P::crit_factor, 1, 1000, ""},
    {"awards", "jackpot_chance", &P::jackpot_chance, 0, 1, ""},
    {"awards", "jackpot_factor", &P::jackpot_factor, 1, 1000, "times a Pareto number"},
    {"awards", "jackpot_tail", &P::jackpot_tail, 0.5, 20, "its tail index"},
    {"awards", "first_win_factor", &P::first_win_factor, 1, 1000, "first award of the day"},
    {"troubles", "stalls_per_hour", &P::stalls_per_hour, 0, 1000,
     "network stalls; what was held back comes in a bunch"},
    {"troubles", "stall_s", &P::stall_s, 0.1, 10000, "median"},
    {"troubles", "stall_sigma", &P::stall_sigma, 0, 3, ""},
    {"troubles", "retry_chance", &P::retry_chance, 0, 1, "share of events sent twice under the same id"},
    {"troubles", "outage_day", &P::outage_day, 0, 100000, "when the network dies for everybody; 0: never"},
    {"troubles", "outage_s", &P::outage_s, 0, 100000, ""},
    {"troubles", "backlog_s", &P::backlog_s, 0.01, 1000, "within which everybody's backlog arrives afterwards"},
    {"troubles", "double_xp_day", &P::double_xp_day, 0, 100000, "a day of double awards; 0: none"},
    {"troubles", "patch_day", &P::patch_day, 0, 100000, "from then on the game is another; 0: never"},
    {"troubles", "patch_tempo", &P::patch_tempo, 0.1, 10, "factor on intervals"},
    {"troubles", "patch_award", &P::patch_award, 0.1, 10, "factor on the awards of bosses"},
    {"troubles", "idle_share", &P::idle_share, 0, 1, "players who use the idle mode, periodic by design"},
    {"troubles", "idle_chance", &P::idle_chance, 0, 1, "share of their sessions"},
    {"troubles", "idle_s", &P::idle_s, 0.1, 1000, "its period"},
    {"troubles", "idle_award", &P::idle_award, 0, 10, "its awards, of the median"},
    {"troubles", "cafe_share", &P::cafe_share, 0, 1, "players who play in LAN cafes: they begin together"},
    {"troubles", "cafe_players", &P::cafe_players, 2, 1000, "of one cafe"},
    {"troubles", "cafe_minutes", &P::cafe_minutes, 1, 1000, "of their evening"},
    {"troubles", "skewed_share", &P::skewed_share, 0, 1, "players whose clock is off and is set right now and then"},
    {"troubles", "skew_s", &P::skew_s, 0, 10000, "by how much"},
    {"cheaters", "at_once_share", &P::at_once_share, 0, 1, "share who cheat from their first event"},
    {"cheaters", "onset_from", &P::onset_from, 0, 1, "the others begin at a share of the window between these"},
    {"cheaters", "onset_to", &P::onset_to, 0, 1, ""},
    {"cheaters", "sleeper_from", &P::sleeper_from, 0, 1, "sleepers begin between these"},
    {"cheaters", "sleeper_to", &P::sleeper_to, 0, 1, ""},
    {"cheaters", "injection_chance", &P::injection_chance, 0, 1, "share of an injector's events that are injected"},
    {"cheaters", "bot_interval_s", &P::bot_interval_s, 0.05, 1000, ""},
    {"cheaters", "bot_jitter", &P::bot_jitter, 0, 3, "of a regular bot (log)"},
    {"cheaters", "bot_hours", &P::bot_hours, 0.1, 24, "a day"},
    {"cheaters", "humanised_hours", &P::humanised_hours, 0.1, 24, ""},
    {"cheaters", "humanised_sigma", &P::humanised_sigma, 0, 3, "of a humanised bot's intervals (log)"},
    {"cheaters", "replay_events", &P::replay_events, 2, 1000, "how many own events are played over and over"},
    {"cheaters", "boost_award", &P::boost_award, 1, 1000, ""},
    {"cheaters", "boost_tempo", &P::boost_tempo, 0.1, 100, ""},
    {"cheaters", "flood_per_hour", &P::flood_per_hour, 0, 3600, "floods an hour of play"},
    {"cheaters", "flood_s", &P::flood_s, 0.1, 3600, "median length of one"},
    {"cheaters", "ramp_factor", &P::ramp_factor, 1, 1000000.0, "where the awards of a ramp end"},
    {"cheaters", "ramp_days", &P::ramp_days, 0.01, 10000, "and how long they take"},
    {"cheaters", "hugger_chance", &P::hugger_chance, 0, 1, "share of a hugger's events"},
    {"cheaters", "collusion_factor", &P::collusion_factor, 1, 1000, "awards of a win that was handed over"},
    {"cheaters", "collusion_chance", &P::collusion_chance, 0, 1, ""},
    {"cheaters", "farm_players", &P::farm_players, 2, 1000, "accounts of one farm"},
    {"cheaters", "farm_interval_s", &P::farm_interval_s, 0.05, 1000, ""},
});

std::string number_text(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed).ptr;
  std::string number(text.data(), end);
  return number.find('.') == std::string::npos ? number + ".0" : number;
}

std::unexpected<core::Error> refuse(std::string message) {
  return core::fail(core::Errc::invalid_argument, std::move(message));
}

}  // namespace

std::span<const ParameterInfo> parameter_table() {
  return kTable;
}

core::Status check(const Parameters& parameters) {
  for (const ParameterInfo& info : kTable) {
    const double value = parameters.*info.member;
    if (value >= info.min && value <= info.max) continue;
    return refuse(std::string(info.section) + "." + std::string(info.key) + ": must be from " + number_text(info.min) +
                  " to " + number_text(info.max));
  }
  const auto& p = parameters;
  if (p.casual_share + p.regular_share > 1) return refuse("population.regular_share: the shares are more than 1");
  if (p.combo_share + p.usual_share > 1) return refuse("tempo.usual_share: the shares are more than 1");
  if (p.boss_share + p.drop_share > 1) return refuse("awards.drop_share: the shares are more than 1");
  if (p.onset_from > p.onset_to) return refuse("cheaters.onset_to: must not be less than onset_from");
  if (p.sleeper_from > p.sleeper_to) return refuse("cheaters.sleeper_to: must not be less than sleeper_from");
  if (p.bosses.empty()) return refuse("bosses: at least one is needed");
  const auto bad = [](const BossParameters& boss) { return !core::is_valid_name(boss.id); };
  if (std::ranges::any_of(p.bosses, bad)) return refuse("bosses: an id must be 1-64 characters of [A-Za-z0-9._:-]");
  return {};
}

std::string to_toml(const Parameters& parameters) {
  std::string text;
  std::string_view section;
  for (const ParameterInfo& info : kTable) {
    if (info.section != section) {
      section = info.section;
      text += "\n[" + std::string(section) + "]\n";
    }
    std::string line = std::string(info.key) + " = " + number_text(parameters.*info.member);
    constexpr std::size_t kColumn = 34;
    if (!info.meaning.empty())
      line += std::string(kColumn - std::min(kColumn - 2, line.size()), ' ') + "# " + std::string(info.meaning);
    text += line + "\n";
  }
  for (const BossParameters& boss : parameters.bosses) {
    text += "\n[[bosses]]\nid = \"" + boss.id + "\"\nxp = " + number_text(boss.xp) +
            "\nscore = " + number_text(boss.score) + "\nduration_s = " + number_text(boss.duration_s) + "\n";
  }
  return text;
}

}  // namespace liveops::simulation
