#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

#include "core/rules.hpp"
#include "core/time.hpp"
#include "fairness/player_state.hpp"

namespace liveops::fairness {

/// What is usual among players for one kind of award. Every player weighs the same, however much he plays, and only
/// quantiles across players are used: neither bots that play all day nor several cheats at once shift them much.
struct ChannelStats {
  bool ready = false;
  float level = 0;            // median of players' usual ln(amount + 1)
  float spread = 1;           // median of players' own spread, as a standard deviation
  float highest_base = 0;     // in spreads above `level`: beyond it a player's own past is no excuse
  std::vector<float> levels;  // sorted, of the players sampled

  /// Share of players whose usual level lies below `log_amount`, 0..1.
  [[nodiscard]] double quantile_of(float log_amount) const;
};

/// A read-only picture of all players, taken anew every few seconds.
struct Population {
  std::array<ChannelStats, kChannels> channels;
  std::size_t players = 0;  // sampled
  bool storm = false;       // so many rise at once that it is the game, not the players
};

/// Takes one sample a player and makes the next picture.
///
/// Threads: one at a time.
class PopulationBuilder {
 public:
  PopulationBuilder(const core::ScoreRules& rules, core::Timestamp now) : rules_(rules), now_(now) {}

  void add(const PlayerState& player);

  /// Channels with too few players keep what `previous` said of them.
  [[nodiscard]] std::shared_ptr<const Population> build(const Population& previous) const;

 private:
  struct Samples {
    std::vector<float> levels;
    std::vector<float> deviations;
  };
  [[nodiscard]] ChannelStats stats_of(const Samples& samples) const;

  core::ScoreRules rules_;
  core::Timestamp now_;
  std::array<Samples, kChannels> samples_;
  std::size_t players_ = 0;
  std::size_t active_ = 0;
  std::size_t rising_ = 0;
};

}  // namespace liveops::fairness
