#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "fairness/async/judgement.hpp"
#include "fairness/async/peer_sample.hpp"
#include "fairness/async/player.hpp"

namespace liveops::fairness::async {

/// Bots, humanised ones too: is the shape of a player's intervals that of a person?
///
/// Intervals fall into 24 half-octave bins, the player's own tempo removed; after 256, 512, ... 4096 of them the
/// Kullback-Leibler divergence from everybody's shape (in each bin the median across players) is compared with that of
/// other players with as many intervals. Then half is forgotten, so that a change shows. Where 3 % of players have the
/// same odd shape it is the game's doing (an idle mode that ticks) and the odds are no better than their share.
class TimingCheck {
 public:
  /// Below the first, events come from one transport batch.
  static constexpr double kShortestSeconds = 0.03;

  /// Notes an interval of play. True: there are enough to judge.
  [[nodiscard]] static bool add(TimingState& state, float log_seconds);

  /// Judges what was gathered and forgets half when it is much.
  [[nodiscard]] Judgement judge(Player& player, std::size_t least_players, std::uint32_t hour);

  void forget(std::uint32_t tag);
  /// Draws everybody's shape anew.
  void refresh();

  /// Everybody's; zeros while too few players are known.
  [[nodiscard]] const std::array<float, kTimingBins>& shape() const { return everybody_; }
  [[nodiscard]] const PeerSample& distances() const {
    return distances_[0];
  }  // roots of divergences at the first judgement

  [[nodiscard]] std::size_t bytes() const;
  void save(Writer& out) const;
  [[nodiscard]] bool restore(Reader& in);

 private:
  static constexpr std::size_t kSizes = 5;
  static constexpr std::size_t kPlaces = 256;
  using Shape = std::array<float, kTimingBins>;
  struct Place {
    std::uint32_t tag = 0;
    std::uint32_t hour = 0;                           // 0: empty
    std::array<std::uint16_t, kTimingBins> shares{};  // of 65,535
  };

  /// Of players with as many intervals; where hardly anybody has, with fewer: chance moves those further.
  [[nodiscard]] const PeerSample* peers_of(std::size_t size, std::size_t least_players) const;
  [[nodiscard]] double share_alike(const Shape& shape, double divergence) const;
  void keep(const Player& player, std::uint32_t hour);
  void draw();

  std::vector<Place> players_;
  Shape everybody_{};
  std::array<PeerSample, kSizes> distances_;
  std::uint32_t changed_ = 0;
};

}  // namespace liveops::fairness::async
