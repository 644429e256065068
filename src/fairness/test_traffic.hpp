#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "fairness/engine.hpp"
#include "fairness/observation.hpp"

/// Made-up traffic for the engine's tests: log-normal awards, each player with a skill of his own.
namespace liveops::fairness::test {

inline const core::Timestamp kStart{std::chrono::seconds(1'790'000'000)};

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

struct TestPlayer {
  std::string id;
  double skill = 1;
  double boost = 1;  // what a cheater multiplies his awards by
  std::uint32_t next_event = 1;
  int flags = 0;
  int throttles = 0;
  int blocks = 0;
};

/// A game in which everybody plays an event every two seconds or so.
class Traffic {
 public:
  Traffic(Engine& engine, std::size_t players, std::uint64_t seed) : engine_(engine), random_(seed) {
    std::normal_distribution<double> skill(0, 0.35);
    for (std::size_t i = 0; i < players; ++i) {
      players_.push_back({.id = "p-" + std::to_string(i), .skill = std::exp(skill(random_))});
    }
  }

  std::vector<TestPlayer>& players() { return players_; }
  [[nodiscard]] core::Timestamp now() const { return now_; }

  /// One event of each player; every tenth round the population is refreshed.
  void round(double game_factor = 1) {
    now_ += std::chrono::seconds(2);
    for (TestPlayer& player : players_) play(player, now_, game_factor);
    if (++rounds_ % 10 == 0) engine_.refresh_population(now_);
  }

  void rounds(int count, double game_factor = 1) {
    for (int i = 0; i < count; ++i) round(game_factor);
  }

  /// Time passes without play.
  void pause(std::chrono::seconds length) { now_ += length; }

  Decision play(TestPlayer& player, core::Timestamp at, double game_factor = 1) {
    std::normal_distribution<double> noise(0, 0.6);
    std::uniform_real_distribution<double> uniform(0, 1);
    double award = 100 * player.skill * player.boost * game_factor * std::exp(noise(random_));
    if (uniform(random_) < 0.01) award *= 3;
    if (uniform(random_) < 0.001) award *= 6 * std::pow(uniform(random_) + 1e-6, -0.4);
    const auto xp = static_cast<std::int64_t>(std::max(1.0, award));
    const Decision decision = engine_.evaluate(make_observation(player.id, player.next_event++, xp), at);
    for (const Finding& finding : decision.found()) {
      if (finding.action == core::VerdictAction::allow) ++player.flags;
    }
    if (decision.action == core::VerdictAction::throttle) ++player.throttles;
    if (decision.action == core::VerdictAction::block) ++player.blocks;
    return decision;
  }

 private:
  Engine& engine_;
  std::mt19937_64 random_;
  std::vector<TestPlayer> players_;
  core::Timestamp now_ = kStart;
  int rounds_ = 0;
};

}  // namespace liveops::fairness::test
