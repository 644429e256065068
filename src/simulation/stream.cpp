#include "simulation/stream.hpp"

#include <algorithm>
#include <cmath>

namespace liveops::simulation {
namespace {

constexpr Seconds kTick = 1e-6;         // what a Timestamp can tell apart
constexpr Seconds kFastest = 0.001;     // one client sends no two events closer
constexpr double kUsualRoundsADay = 4;  // of those who have played before
constexpr std::uint64_t kJitter = std::uint64_t{6} << 40U;
constexpr std::uint64_t kItems = 40;

std::int64_t amount_of(double value, double most) {
  return std::max<std::int64_t>(1, std::llround(std::min(value, most)));
}

}  // namespace

Stream::Stream(const Parameters& parameters, const PopulationOptions& options)
    : parameters_(parameters),
      options_(options),
      world_(parameters_),
      sessions_(parameters_, options.seed),
      horizon_(options.days * kDay),
      players_(make_players(parameters_, options)) {
  playing_.reserve(players_.size());
  for (std::uint32_t i = 0; i < players_.size(); ++i) {
    playing_.push_back(start_playing(i));
    if (advance(i)) queue_.emplace(playing_[i].sent, i);
  }
}

Stream::Playing Stream::start_playing(std::uint32_t number) const {
  const Player& player = players_[number];
  Playing playing{.random = random_of_player(options_.seed, number),
                  .jitter = Random(options_.seed, kJitter + number),
                  .cheat = Cheat(parameters_, player)};
  const bool is_new = player.installed_at >= 0;
  playing.clock = std::max(0.0, player.installed_at);
  playing.sent = playing.clock;
  playing.session_end = playing.clock;
  playing.first_session = is_new;
  if (!is_new) playing.rounds_before = -player.installed_at / kDay * kUsualRoundsADay;
  return playing;
}

std::optional<SimulatedEvent> Stream::next() {
  if (again_) return std::exchange(again_, std::nullopt);
  if (queue_.empty()) return std::nullopt;
  const auto [at, number] = queue_.top();
  queue_.pop();
  SimulatedEvent event = make_event(number);
  if (advance(number)) queue_.emplace(playing_[number].sent, number);
  if (playing_[number].jitter.chance(parameters_.retry_chance)) {
    again_ = event;
    again_->retry = true;
  }
  return event;
}

bool Stream::advance(std::uint32_t number) {
  const Player& player = players_[number];
  Playing& playing = playing_[number];
  for (;;) {
    if (playing.clock >= playing.session_end) {
      if (!begin_session(player, playing)) return false;
    } else if (playing.idle) {
      playing.clock += parameters_.idle_s * (1 + 0.003 * playing.random.normal());
    } else {
      if (playing.clock >= playing.round_end) begin_round(playing);
      const Seconds by_hand = interval_by_hand(player, playing);
      playing.clock += playing.cheat.interval(playing.clock, by_hand, playing.random);
    }
    if (playing.clock < playing.session_end) break;
  }
  playing.sent = sent_at(player, playing);
  return playing.sent < horizon_;
}

bool Stream::begin_session(const Player& player, Playing& playing) {
  if (options_.at_once) {
    playing.session_end = horizon_;
    begin_round(playing);
    return true;
  }
  const bool joins = player.acts == Kind::farm || player.acts == Kind::collusion;
  if (joins && !playing.in_group && player.cheats(playing.session_end)) {
    playing.in_group = true;
    playing.random = random_of_group(options_.seed, player.group);
  }
  // The members of a pair share their hours, not their play.
  const bool pair = playing.in_group && player.acts == Kind::collusion;
  Random hours = playing.random;
  if (pair) hours = Random(options_.seed + static_cast<std::uint64_t>(playing.session_end), player.group);
  const Session session =
      sessions_.next(player, pair ? hours : playing.random, playing.session_end, playing.first_session);
  if (session.start >= horizon_ || session.start >= player.leaves_at) return false;
  playing.first_session = false;
  playing.clock = session.start;
  playing.session_end = session.end;
  playing.idle = player.idles && playing.random.chance(parameters_.idle_chance);
  if (player.skewed) {
    constexpr Seconds kSetAfter = 120;
    playing.clock_error = playing.random.uniform(0, parameters_.skew_s);
    playing.clock_error_until = playing.clock + kSetAfter;
  }
  begin_round(playing);
  return true;
}

void Stream::begin_round(Playing& playing) const {
  ++playing.rounds;
  playing.clock += parameters_.lobby_s * playing.random.exponential();
  playing.round_end = playing.clock + parameters_.round_s * std::exp(parameters_.round_sigma * playing.random.normal());
}

Seconds Stream::interval_by_hand(const Player& player, Playing& playing) const {
  const double rho = parameters_.autocorrelation;
  playing.noise = rho * playing.noise + std::sqrt(1 - rho * rho) * playing.random.normal();
  const double dice = playing.random.uniform();
  double median = parameters_.slow_s;
  if (dice < parameters_.combo_share + parameters_.usual_share) median = parameters_.usual_s;
  if (dice < parameters_.combo_share) median = parameters_.combo_s;
  return median * std::exp(parameters_.interval_sigma * playing.noise) * player.tempo *
         world_.tempo_factor(playing.clock);
}

Seconds Stream::sent_at(const Player& player, Playing& playing) const {
  const Seconds clock = playing.clock;
  if (clock >= playing.next_stall) {
    if (playing.next_stall > 0) {
      playing.stalled_until =
          playing.next_stall + parameters_.stall_s * std::exp(parameters_.stall_sigma * playing.jitter.normal());
    }
    const double per_hour = std::max(parameters_.stalls_per_hour, 1e-9);
    playing.next_stall = clock + kHour / per_hour * playing.jitter.exponential();
  }
  Seconds out = clock;
  if (clock < playing.clock_error_until) out += playing.clock_error;
  if (playing.in_group) out += 0.03 * playing.jitter.uniform();
  out = world_.gets_out(std::max(out, playing.stalled_until), player.queue_place);
  const Seconds gap = out > clock ? playing.jitter.uniform(0.004, 0.02) : kFastest;
  return std::max(out, playing.sent + gap);
}

SimulatedEvent Stream::make_event(std::uint32_t number) {
  const Player& player = players_[number];
  Playing& playing = playing_[number];
  SimulatedEvent event;
  event.at = std::floor(playing.sent / kTick) * kTick;
  event.number = ++made_;
  event.player = number;
  event.seq = ++playing.seq;
  if (playing.idle) {
    draw_idle_award(event);
  } else {
    draw_award(player, playing, event);
  }
  playing.cheat.touch(event, playing.clock, playing.random);
  return event;
}

double Stream::award_level(const Player& player, Playing& playing, bool boss) const {
  const double rounds = playing.rounds_before + playing.rounds;
  double level = player.skill * world_.award_factor(playing.clock, boss);
  level *= 1 - parameters_.learning * std::exp(-rounds / parameters_.learning_rounds);
  if (parameters_.growth > 0) level *= std::pow(1 + rounds / 50, parameters_.growth);
  if (playing.random.chance(parameters_.crit_chance)) level *= parameters_.crit_factor;
  if (playing.random.chance(parameters_.jackpot_chance)) {
    level *= parameters_.jackpot_factor * playing.random.pareto(parameters_.jackpot_tail);
  }
  const auto day = static_cast<std::int32_t>(playing.clock / kDay);
  if (day != playing.won_on) level *= parameters_.first_win_factor;
  playing.won_on = day;
  return level;
}

void Stream::draw_award(const Player& player, Playing& playing, SimulatedEvent& event) const {
  Random& random = playing.random;
  const double dice = random.uniform();
  if (dice < parameters_.drop_share) {
    event.type = core::EventType::drop_claimed;
    event.item = static_cast<std::uint8_t>(random.below(kItems));
    event.quantity = 1 + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(parameters_.most_quantity)));
    return;
  }
  const bool boss = dice < parameters_.drop_share + parameters_.boss_share;
  const double level = award_level(player, playing, boss);
  double xp = parameters_.xp_median;
  double score = parameters_.score_median;
  if (boss) {
    event.type = core::EventType::boss_kill;
    event.boss = static_cast<std::uint8_t>(random.below(parameters_.bosses.size()));
    const BossParameters& killed = parameters_.bosses[event.boss];
    xp = killed.xp;
    score = killed.score;
    event.duration_ms = std::max<std::int64_t>(
        1, std::llround(1000 * killed.duration_s / player.skill * std::exp(0.3 * random.normal())));
  }
  event.xp = amount_of(xp * level * std::exp(parameters_.xp_sigma * random.normal()), parameters_.most_xp);
  event.score = amount_of(score * level * std::exp(parameters_.score_sigma * random.normal()), parameters_.most_score);
}

void Stream::draw_idle_award(SimulatedEvent& event) const {
  event.xp = amount_of(parameters_.xp_median * parameters_.idle_award, parameters_.most_xp);
  event.score = amount_of(parameters_.score_median * parameters_.idle_award, parameters_.most_score);
}

}  // namespace liveops::simulation
