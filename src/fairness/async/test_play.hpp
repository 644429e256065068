#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "fairness/async/analyst.hpp"
#include "fairness/async/reading.hpp"

/// Days of made-up play for the slower tier's tests, with nothing in common with the simulator but the kinds of event.
namespace liveops::fairness::async::test {

inline const core::Timestamp kMidnight{std::chrono::days(20'700)};

inline PlayerKey plain_key(std::string_view id) {
  std::uint64_t hash = 1469598103934665603ULL;
  for (const char c : id) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return {mix(hash)};
}

inline core::EventId id_of(std::uint64_t number) {
  core::EventId::Bytes bytes{};
  const std::uint64_t mixed = mix(number + 1);
  std::memcpy(&bytes[8], &mixed, sizeof mixed);
  return core::EventId(bytes);
}

/// One event before it is sent.
struct Act {
  double at = 0;  // seconds since the start
  std::size_t player = 0;
  core::Payload payload;
};

struct Actor {
  std::string id;
  double skill = 1;
  double tempo = 1;   // factor on intervals
  double award = 1;   // what a cheat multiplies awards by
  double speed = 1;   // and divides intervals by
  double learns = 0;  // how much awards will have grown after a hundred sessions
  int sessions = 0;
};

struct Session {
  double start = 0;
  int events = 120;
};

class Play {
 public:
  explicit Play(std::uint64_t seed, std::size_t players = 100, core::AsyncRules rules = {})
      : analyst(rules, plain_key), random_(seed) {
    std::normal_distribution<double> normal;
    for (std::size_t i = 0; i < players; ++i) {
      actors.push_back({.id = "p-" + std::to_string(i),
                        .skill = std::exp(0.4 * normal(random_)),
                        .tempo = std::exp(0.15 * normal(random_))});
    }
  }

  /// How everybody plays unless a test says otherwise for some: gives the acts of one player on one day.
  using Habit = std::function<std::vector<Act>(Play&, std::size_t player, double midnight)>;

  void days(int count, const std::vector<std::pair<std::size_t, Habit>>& others = {}) {
    for (int i = 0; i < count; ++i) {
      std::vector<Act> acts;
      for (std::size_t player = 0; player < actors.size(); ++player) {
        const auto other = std::ranges::find(others, player, &std::pair<std::size_t, Habit>::first);
        auto mine = other == others.end() ? by_hand(player, midnight_) : other->second(*this, player, midnight_);
        acts.insert(acts.end(), mine.begin(), mine.end());
      }
      send(std::move(acts));
      midnight_ += 86'400;
    }
  }

  /// Two sessions a day between eight and eleven.
  std::vector<Act> by_hand(std::size_t player, double midnight) {
    std::uniform_real_distribution<double> morning(8, 14);
    std::uniform_real_distribution<double> evening(16, 22);
    auto acts = session(player, {.start = midnight + 3600 * morning(random_)});
    const auto later = session(player, {.start = midnight + 3600 * evening(random_)});
    acts.insert(acts.end(), later.begin(), later.end());
    return acts;
  }

  std::vector<Act> session(std::size_t player, Session plan) {
    std::vector<Act> acts;
    double at = plan.start;
    for (int i = 0; i < plan.events; ++i) {
      acts.push_back({.at = at, .player = player, .payload = award(player)});
      at += interval() * actors[player].tempo / actors[player].speed;
    }
    ++actors[player].sessions;
    return acts;
  }

  /// A person's: quick ones in a row, the usual, and those with a thought in between.
  double interval() {
    const double dice = uniform();
    const double median = dice < 0.1 ? 0.25 : dice < 0.7 ? 2.0 : 7.0;
    return median * std::exp(0.4 * normal());
  }

  core::Payload award(std::size_t player) {
    Actor& actor = actors[player];
    const double grown = 1 + actor.learns * std::min(1.0, actor.sessions / 100.0);
    const double level = actor.skill * actor.award * game_factor * grown;
    const double score = 800 * level * std::exp(0.5 * normal());
    if (uniform() < 0.2) {
      return core::BossKill{.boss_id = core::BossId::trusted(uniform() < 0.5 ? "wolf" : "bear"),
                            .difficulty = {},
                            .duration_ms = {},
                            .score = std::llround(4 * score),
                            .xp = 50};
    }
    return core::Progression{.xp = std::llround(60 * level * std::exp(0.5 * normal())), .score = std::llround(score)};
  }

  void send(std::vector<Act> acts) {
    std::ranges::sort(acts,
                      [](const Act& a, const Act& b) { return a.at != b.at ? a.at < b.at : a.player < b.player; });
    for (const Act& act : acts) send(act);
  }

  void send(const Act& act) {
    core::Event event;
    event.id = id_of(++sent);
    event.player_id = core::PlayerId::trusted(actors[act.player].id);
    event.occurred_at = event.received_at =
        kMidnight + std::chrono::microseconds(static_cast<std::int64_t>(act.at * 1e6));
    event.payload = act.payload;
    if (log != nullptr) log->push_back(event);
    analyst.observe(event);
    for (Finding& finding : analyst.take_findings()) findings.push_back(std::move(finding));
  }

  [[nodiscard]] std::size_t count(Proposal proposal) const {
    return static_cast<std::size_t>(std::ranges::count(findings, proposal, &Finding::proposal));
  }
  [[nodiscard]] bool flagged(std::size_t player, Check check) const { return found(player, check, Proposal::flag); }
  [[nodiscard]] bool quarantined(std::size_t player) const {
    return std::ranges::any_of(findings, [&](const Finding& finding) {
      return finding.player.str() == actors[player].id && finding.proposal == Proposal::quarantine;
    });
  }
  /// At least for a review.
  [[nodiscard]] bool noticed(std::size_t player, Check check) const { return found(player, check, Proposal::review); }
  /// Players with a flag who are not among `cheats`.
  [[nodiscard]] std::vector<std::string> wrongly_flagged(const std::vector<std::size_t>& cheats = {}) const {
    std::vector<std::string> players;
    for (const Finding& finding : findings) {
      const bool cheat =
          std::ranges::any_of(cheats, [&](std::size_t player) { return actors[player].id == finding.player.str(); });
      if (finding.proposal >= Proposal::flag && !cheat) {
        players.push_back(finding.player.str() + " " + std::string(to_string(finding.check)));
      }
    }
    return players;
  }

  double uniform() { return std::uniform_real_distribution<double>()(random_); }
  double normal() { return std::normal_distribution<double>()(random_); }

  Analyst analyst;
  std::vector<Actor> actors;
  std::vector<Finding> findings;
  std::vector<core::Event>* log = nullptr;  // what was sent, for a second analyst
  double game_factor = 1;                   // of all awards: a double-XP day
  std::uint64_t sent = 0;

 private:
  [[nodiscard]] bool found(std::size_t player, Check check, Proposal least) const {
    return std::ranges::any_of(findings, [&](const Finding& finding) {
      return finding.player.str() == actors[player].id && finding.check == check && finding.proposal >= least;
    });
  }

  std::mt19937_64 random_;
  double midnight_ = 0;
};

}  // namespace liveops::fairness::async::test
