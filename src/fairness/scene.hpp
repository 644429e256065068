#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "core/time.hpp"
#include "fairness/observation.hpp"
#include "fairness/player_state.hpp"
#include "fairness/population.hpp"
#include "fairness/terms.hpp"

namespace liveops::fairness {

/// One award on the scale that it is judged on.
struct AwardView {
  bool present = false;
  bool judged = false;  // enough is known of peers and of the player
  std::int64_t amount = 0;
  float x = 0;         // ln(amount + 1)
  float own = 0;       // of the player's own level, what counts
  float residual = 0;  // x less what peers and his own past lead to expect, and the doubt in that past
  float score = 0;     // the residual as a normal score
};

/// One event in the light of the player's past and of what is usual: made once, read by every check.
struct Scene {
  Scene(const Terms& terms, const Population& population, const PlayerState& player, const Observation& event,
        core::Timestamp now);

  [[nodiscard]] const AwardStats& awards(std::size_t lane) const { return population.awards[event.kind][lane]; }
  [[nodiscard]] const TempoStats& tempo() const { return population.tempo[static_cast<std::size_t>(event.type)]; }

  /// What the player's own past excuses. Never less than what peers do: nobody is suspected for becoming as good as
  /// most. Not more than honest players reach. What somebody is good at says nothing of his drops.
  [[nodiscard]] float own_level(const PlayerState& player, std::size_t lane) const;
  [[nodiscard]] float own_pace(const PlayerState& player) const;
  /// Whether the player's habits may be learnt from the event: he is at play, and it is known what that is.
  [[nodiscard]] bool teaches() const { return population.velocity.ready != 0 && at_play; }
  /// The interval as `PlayerState::last_interval` keeps it.
  [[nodiscard]] std::uint32_t kept_interval() const;

  const Terms& terms;
  const Population& population;
  const Observation& event;
  std::int64_t now_us;
  std::int64_t since_last_us;  // -1: the player's first event; never less than 0 else
  std::int64_t minutes;        // that have begun since the last event, at most kMostMinutes
  std::size_t band;
  std::int64_t window_us;  // that winnings are added up over, see VelocityCheck
  bool opens_window;       // the event is the player's first one of such a window
  float usual_s;           // what is usual as an interval; 0: not known
  std::array<AwardView, kLanes> lanes;

  // The interval, where the last event was of the same type and it is one of play.
  bool timed = false;
  bool excused = false;  // a stall before it explains it: no evidence, and not learnt from
  bool tempo_judged = false;
  float winnings = 0;        // of the last minutes, in ln, above those of most
  bool at_play = true;       // wins at least a quarter of what play by hand usually does: an idle mode does not
  bool productive = false;   // an interval of play that wins something: an idle mode's does not
  float log_interval = 0;    // ln(seconds + 0.02)
  float tempo_residual = 0;  // how much quicker than peers and the own past lead to expect
  float tempo_score = 0;
  float change = -1;     // of ln(interval) since the latest productive one, without its sign; below 0: unknown
  float deviation = 0;   // of ln(interval) from the player's own tempo
  float made_up_cs = 0;  // of the stall's time, by an excused interval

  static constexpr std::int64_t kMostMinutes = 5;  // of one pause, that count as honest play

 private:
  void view_window();
  void view_play(const PlayerState& player);
  void view_award(const PlayerState& player, std::size_t lane);
  void view_interval(const PlayerState& player);
  void excuse(const PlayerState& player, float interval_s);
  void view_rhythm(const PlayerState& player);
};

}  // namespace liveops::fairness
