#pragma once

#include <cstdint>
#include <vector>

#include "core/async_rules.hpp"
#include "fairness/async/activity_check.hpp"
#include "fairness/async/analyst.hpp"
#include "fairness/async/common_moves.hpp"
#include "fairness/async/duplicates.hpp"
#include "fairness/async/farm_check.hpp"
#include "fairness/async/judgement.hpp"
#include "fairness/async/kind_levels.hpp"
#include "fairness/async/peer_sample.hpp"
#include "fairness/async/player_pool.hpp"
#include "fairness/async/replay_check.hpp"
#include "fairness/async/server_ticks.hpp"
#include "fairness/async/shape_check.hpp"
#include "fairness/async/shift_check.hpp"

/// What an analyst consists of, for its own sources.
namespace liveops::fairness::async {

struct Analyst::Parts {
  Parts(const core::AsyncRules& chosen, KeyOf key) : rules(chosen), key_of(std::move(key)), pool(chosen.max_players) {}

  void observe(const core::Event& event);
  void advance(std::int64_t to_us);

  /// What a check made of a player: kept, and reported where it is unusual enough.
  void tell(Player& player, Check check, const Judgement& judgement);
  /// All checks together: their average, which is an e-value whatever their dependence.
  [[nodiscard]] static double e_value_of(const Player& player);
  [[nodiscard]] Finding finding_of(const Player& player, Check check) const;
  void forget(std::uint32_t tag);
  void refresh();

  core::AsyncRules rules;
  KeyOf key_of;
  PlayerPool pool;
  Duplicates duplicates;
  KindLevels kinds;
  CommonMoves moves;
  ShiftCheck shift;
  ShapeCheck timing;
  ShapeCheck award_shapes;
  ReplayCheck replay;
  FarmCheck farm;
  ActivityCheck activity;
  ServerTicks ticks;
  PeerSample paces;             // players' mean ln(interval)
  PeerSample tempos;            // the same of play alone
  double longest_interval = 0;  // of play, in seconds; longer ones are waiting. 0: not known yet
  std::int64_t now_us = 0;
  std::int64_t quarter = 0;         // quarters of an hour since the epoch
  std::vector<std::uint32_t> open;  // slots with a session under way
  std::vector<Finding> findings;
  std::vector<ReviewEntry> review_list;
  std::int64_t review_list_us = 0;
  std::uint64_t events = 0;
  std::uint64_t repeated = 0;
  std::uint64_t turned_away = 0;

 private:
  void learn(std::uint32_t slot, const core::Event& event, const Reading& reading);
  /// The longest interval that is play, in seconds: everybody's, at the player's own tempo.
  [[nodiscard]] double longest_of(const Player& player) const;
  /// Slow and as steady as a clock: the game goes on by itself.
  [[nodiscard]] bool is_idling(Player& player, double interval) const;
  void measure(Player& player, const Reading& reading, double interval);
  void measure_awards(Player& player, const Reading& reading);
  void end_quarter();
  void settle_players();
  void settle_streams(Player& player);
  void settle_awards(Player& player);
  void close_unit(std::uint32_t slot, Player& player);
  void close_session(std::uint32_t slot, Player& player);
  void make_review_list();
  /// Whether a flag now is one of another day than the last, within two weeks.
  [[nodiscard]] bool is_second_flag(const Player& player) const;
  [[nodiscard]] std::uint32_t hour() const;
  [[nodiscard]] core::PlayerId id_of_tag(std::uint32_t tag) const;
};

}  // namespace liveops::fairness::async
