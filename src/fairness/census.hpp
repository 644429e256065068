#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "fairness/population.hpp"
#include "fairness/samples.hpp"
#include "fairness/terms.hpp"

namespace liveops::fairness {

/// Makes the next picture of the population out of samples and players.
///
/// Every player gives at most `kPerPlayer` samples of each type of event, and everything is a quantile across players:
/// neither bots that play all day nor several cheats at once shift it much. Threads: one at a time.
class Census {
 public:
  static constexpr std::size_t kPerPlayer = 12;

  explicit Census(const Terms& terms);

  /// Newest first, so that a player's newest count.
  void add(const Sample& sample);
  void add(const PlayerState& player);

  /// What too few were met of stays as in `previous`; storms do too.
  [[nodiscard]] Population build(const Population& previous) const;
  [[nodiscard]] std::size_t samples() const { return kept_; }

 private:
  using Values = std::vector<float>;
  using Met = std::array<std::uint64_t, 4>;  // which of 256 groups of players were there
  struct Awards {
    std::array<Values, kBands> values;  // x less the own level, by band
    std::array<Met, kBands> band_met{};
    Values seasoned;  // the same of those whose own level is known, with their band in `bands`
    std::vector<std::uint8_t> bands;
    Met met{};
    std::size_t count = 0;
  };
  /// What is their own of players, among themselves.
  struct Own {
    Own(const Values& all, const Values& long_known, float sigmas);

    float anchor = 0;            // what levels move by, so that the middle comes back to 0
    std::optional<float> fence;  // beyond it there is no excuse; nullopt: known of too few
  };
  struct Tempo {
    Values values;                          // ln(interval) and own pace
    Values intervals;                       // ln(interval)
    std::array<float, kChanges> changes{};  // from interval to interval, by size
    Met met{};
  };

  [[nodiscard]] bool enough(const Met& met, std::size_t count) const;
  void add_award(std::size_t kind, std::size_t lane, const Sample& sample);
  void build_awards(Population& next) const;
  [[nodiscard]] AwardStats build_award(const Awards& awards, const AwardStats& previous, const Own& own) const;
  void build_tempo(Population& next) const;
  void build_rhythm(const Tempo& tempo, TempoStats& stats) const;
  void build_timing(Population& next) const;
  void build_rates(Population& next) const;

  Terms terms_;
  std::size_t kept_ = 0;
  std::vector<std::uint8_t> of_player_;
  std::array<std::array<Awards, kLanes>, kKinds> awards_;
  std::array<Tempo, core::kEventTypes> tempo_;
  Values velocities_;
  Values deviations_;
  Values any_intervals_;
  // Of players.
  std::array<Values, kLanes> own_levels_;
  Values own_paces_;
  std::array<Values, kLanes> long_own_levels_;  // the same of those who have played for long
  Values long_own_paces_;
  Values divergences_;  // ln
  std::array<Values, kAccounts> evidence_;
  std::size_t players_ = 0;
  std::size_t stepped_back_ = 0;
  std::size_t steady_ = 0;
};

}  // namespace liveops::fairness
