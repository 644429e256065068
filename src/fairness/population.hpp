#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/event.hpp"
#include "fairness/observation.hpp"
#include "fairness/player_state.hpp"

/// What is usual among players, taken from the stream itself. All plain numbers, so that a decision can be stored with
/// what it was based on.
namespace liveops::fairness {

inline constexpr std::size_t kBands = 8;  // of level, or of events played where the level is not known
inline constexpr std::size_t kKnots = 7;

/// Where the quantiles of a residual lie whose normal scores are `kScores`: what turns any distribution, lumpy or
/// skewed, into a normal one.
struct Knots {
  static constexpr std::array<float, kKnots> kScores{-2.326F, -1.282F, -0.674F, 0, 0.674F, 1.282F, 2.326F};
  std::array<float, kKnots> at{};

  /// Linear between the knots, going on with the last slope outside, within +-3.
  [[nodiscard]] float score(float residual) const;
};

/// The upper hundredth of a distribution.
struct Tail {
  float q99 = 0;
  float q999 = 0;
  float slope = 1;  // of the last thousandth: mean excess
  float most = 0;   // more surprise than the samples can vouch for is not given

  /// Of values above q99: -ln of the share of those above q99 that lie above `value` too.
  [[nodiscard]] float surprise(float value) const;
  /// Share of all values that lie below `value`; exact from q99 on, 0.99 below it.
  [[nodiscard]] double quantile(float value) const;
};

/// Awards of one kind in one lane, on the scale x = ln(amount + 1). A residual is x - level - the player's own level.
struct AwardStats {
  std::array<float, kBands> level{};  // median across players, own levels taken out
  float spread = 1;                   // of residuals, as a standard deviation
  float highest_own = 0;              // beyond it a player's own past is no excuse
  Knots residual;
  Tail tail;
  std::uint32_t samples = 0;  // that the shape was taken from
  std::uint8_t ready = 0;
  std::uint8_t storm = 0;  // everybody rises at once: it is the game
};

/// How far an interval lies from the one before, in ln: the bins that this is counted in.
inline constexpr std::array<float, 4> kChangeBounds{0.06F, 0.12F, 0.25F, 0.5F};
inline constexpr std::size_t kChanges = kChangeBounds.size() + 1;

/// Intervals between two events of one type, on the scale ln(seconds + 0.02). A residual is level - that - own pace:
/// above 0 is quick.
struct TempoStats {
  float level = 0;
  float spread = 1;
  float highest_own = 0;
  float longest_s = 0;  // longer ones are pauses
  float slow = 0;       // deviation of ln(interval) from the own tempo: a quarter of all are slower
  Knots residual;
  std::array<float, kChanges> log_change_share{};  // ln of how often an interval changes by so much; 0: not known
  std::uint8_t ready = 0;
  std::uint8_t storm = 0;
  std::uint8_t steady = 0;  // so many play like a clock that it must be the game's way
};

/// Shape of the intervals of one player, his own tempo taken out.
struct TimingStats {
  static constexpr float kBinWidth = 0.5F;       // in ln(seconds)
  static constexpr float kMiddle = 6;            // bins below the own tempo
  std::array<float, kIntervalBins> log_share{};  // ln of what is usual
  float divergence = 0;                          // ln of the median across players
  float spread = 1;                              // of ln(divergence) across players, as a standard deviation
  std::uint8_t ready = 0;
  std::uint8_t common = 0;  // so many play like a clock that it must be the game's way
};

/// ln of what was won in five minutes, own level and pace taken out.
struct VelocityStats {
  Tail tail;
  float usual = 0;  // the median
  std::uint8_t ready = 0;
};

/// Events a second of those who play.
struct RateStats {
  float usual = 0;
  float highest = 0;  // of the quickest honest players
  std::uint8_t ready = 0;
};

/// A read-only picture of all players, taken anew as enough new events have come.
struct Population {
  std::array<std::array<AwardStats, kLanes>, kKinds> awards{};
  std::array<TempoStats, core::kEventTypes> tempo{};
  TimingStats timing;
  VelocityStats velocity;
  RateStats rates;
  std::array<float, kAccounts> temper = kFirstTemper;  // see temper.hpp
  float steps_back = 0;                                // share of players whose counter ran back
  std::uint32_t samples = 0;

  static constexpr std::array<float, kAccounts> kFirstTemper{0.3F, 0.4F, 0.4F, 0.4F, 0.4F, 0.2F, 0.4F};
};

}  // namespace liveops::fairness
