#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <functional>
#include <queue>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "fairness/engine.hpp"
#include "fairness/observation.hpp"

/// Made-up traffic for the engine's tests: games of any scale, each player with a skill and a pace of his own.
namespace liveops::fairness::test {

inline const core::Timestamp kStart{std::chrono::seconds(1'790'000'000)};

inline core::FairnessRules small_rules() {
  core::FairnessRules rules;
  rules.max_players = 20'000;
  rules.unbroken.mode = core::RuleMode::off;  // everybody here plays without end
  return rules;
}

inline PlayerKey key_of(std::string_view player) {
  return PlayerHasher({.first = 1, .second = 2})(player);
}

inline Observation make_observation(std::string_view player, std::uint32_t event, std::int64_t xp) {
  Observation observation;
  observation.player = key_of(player);
  observation.event_tag = event;
  observation.amounts[static_cast<std::size_t>(Field::xp)] = xp;
  return observation;
}

/// What a game is like. The engine must cope with all of them.
struct Game {
  double award = 100;         // median
  double award_sigma = 0.6;   // within a player, in ln
  double skill_sigma = 0.35;  // between players
  double jackpots = 1e-3;     // share of awards
  double interval_s = 2;      // median
  double interval_sigma = 0.5;
  double pace_sigma = 0.1;   // between players
  double correlation = 0.2;  // of successive intervals
};

/// One player, and how he plays or cheats. `clockwork`: sigma of the intervals of a bot; 0: a person.
struct TestPlayer {
  std::string id;
  double skill = 1;
  double pace = 1;
  double boost = 1;   // factor on every award
  double inject = 0;  // share of awards that are a hundredfold
  double speed = 1;   // factor on the pace
  double clockwork = 0;
  bool idles = false;  // an honest idle mode: a slow clock that wins little
  double mood = 0;     // of the interval before
  std::uint32_t next_event = 1;
  int flags = 0;
  int throttles = 0;
  int blocks = 0;
  std::uint32_t found_by = 0;  // a bit for each detector
  int until_found = 0;         // events from the onset to the first finding
  [[nodiscard]] bool cheats() const { return boost != 1 || inject != 0 || speed != 1 || clockwork != 0; }
};

/// Everybody plays without end, each at his own pace; ten seconds are a turn of the engine.
class Traffic {
 public:
  Traffic(Engine& engine, std::size_t players, std::uint64_t seed, Game game = {})
      : engine_(engine), random_(seed), game_(game) {
    for (std::size_t i = 0; i < players; ++i) {
      players_.push_back({.id = "p-" + std::to_string(i),
                          .skill = std::exp(normal() * game_.skill_sigma),
                          .pace = std::exp(normal() * game_.pace_sigma)});
      schedule(i);
    }
  }

  std::vector<TestPlayer>& players() { return players_; }
  [[nodiscard]] core::Timestamp now() const { return now_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }

  /// Everybody plays for that long; awards are worth `factor` times as much, as in a double-XP hour.
  void play_for(std::chrono::duration<double> length, double factor = 1) {
    const core::Timestamp end = now_ + std::chrono::duration_cast<std::chrono::microseconds>(length);
    while (next_.top().at < end) {
      const Turn turn = next_.top();
      next_.pop();
      advance(turn.at);
      (void)play(players_[turn.player], now_, factor);
      if (!turn.late) schedule(turn.player);
    }
    advance(end);
  }

  /// A number of events a player, about.
  void play_events(double events, double factor = 1) {
    play_for(std::chrono::duration<double>(events * game_.interval_s * 1.15), factor);
  }

  /// Nothing of the first `players` arrives for that long; their events of that time come within two seconds of its
  /// end.
  void outage(std::chrono::duration<double> length, std::size_t players = ~std::size_t{0}) {
    const core::Timestamp end = now_ + std::chrono::duration_cast<std::chrono::microseconds>(length);
    std::vector<Turn> late;
    while (next_.top().at < end) {
      const Turn turn = next_.top();
      next_.pop();
      if (turn.player >= players) {
        advance(turn.at);
        (void)play(players_[turn.player], now_);
        schedule(turn.player);
        continue;
      }
      now_ = std::max(now_, turn.at);
      schedule(turn.player);
      late.push_back({.at = end, .player = turn.player, .late = true});
    }
    std::uniform_real_distribution<double> spread(0, 2e6);
    for (Turn& turn : late) turn.at += std::chrono::microseconds(static_cast<std::int64_t>(spread(random_)));
    for (const Turn& turn : late) next_.push(turn);
    now_ = end;
  }

  void pause(std::chrono::microseconds length) { now_ += length; }

  Decision play(TestPlayer& player, core::Timestamp at, double factor = 1) {
    ++events_;
    const Decision decision =
        engine_.evaluate(make_observation(player.id, player.next_event++, award(player, factor)), at);
    if (player.cheats() && player.flags + player.throttles + player.blocks == 0) ++player.until_found;
    for (const Finding& finding : decision.found()) {
      if (finding.mode >= core::RuleMode::flag) player.found_by |= 1U << static_cast<unsigned>(finding.detector);
      if (finding.action == core::VerdictAction::allow && finding.mode >= core::RuleMode::flag) ++player.flags;
    }
    if (decision.action == core::VerdictAction::throttle) ++player.throttles;
    if (decision.action == core::VerdictAction::block) ++player.blocks;
    return decision;
  }

 private:
  struct Turn {
    core::Timestamp at;
    std::size_t player;
    bool late = false;  // held up by an outage: the player's next event is scheduled already
    friend bool operator>(const Turn& one, const Turn& other) {
      return one.at != other.at ? one.at > other.at : one.player > other.player;
    }
  };

  static constexpr double kIdleIntervals = 5;
  static constexpr double kIdleAward = 0.3;

  double normal() { return normal_(random_); }

  std::int64_t award(const TestPlayer& player, double factor) {
    if (player.idles) return static_cast<std::int64_t>(std::max(1.0, kIdleAward * game_.award));
    double award = game_.award * player.skill * player.boost * factor * std::exp(normal() * game_.award_sigma);
    if (uniform_(random_) < game_.jackpots) award *= 6 * std::pow(uniform_(random_) + 1e-6, -0.4);
    if (player.inject > 0 && uniform_(random_) < player.inject) award *= 100;
    return static_cast<std::int64_t>(std::max(1.0, award));
  }

  void schedule(std::size_t number) {
    TestPlayer& player = players_[number];
    const double rho = game_.correlation;
    player.mood = rho * player.mood + std::sqrt(1 - rho * rho) * normal();
    const double sigma = player.clockwork > 0 ? player.clockwork : game_.interval_sigma;
    double interval = game_.interval_s / player.pace / player.speed * std::exp(player.mood * sigma);
    if (player.idles) interval = kIdleIntervals * game_.interval_s;
    const core::Timestamp from = std::max(now_, kStart);
    next_.push({.at = from + std::chrono::microseconds(static_cast<std::int64_t>(interval * 1e6)), .player = number});
  }

  void advance(core::Timestamp to) {
    while (turned_ + std::chrono::seconds(10) <= to) {
      turned_ += std::chrono::seconds(10);
      engine_.refresh_population(turned_);
    }
    now_ = to;
  }

  Engine& engine_;
  std::mt19937_64 random_;
  std::normal_distribution<double> normal_;
  std::uniform_real_distribution<double> uniform_{0, 1};
  Game game_;
  std::vector<TestPlayer> players_;
  std::priority_queue<Turn, std::vector<Turn>, std::greater<>> next_;
  core::Timestamp now_ = kStart;
  core::Timestamp turned_ = kStart;
  std::uint64_t events_ = 0;
};

}  // namespace liveops::fairness::test
