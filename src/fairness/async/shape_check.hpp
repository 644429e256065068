#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "fairness/async/judgement.hpp"
#include "fairness/async/peer_sample.hpp"
#include "fairness/async/player.hpp"

namespace liveops::fairness::async {

/// Is the shape of a player's numbers that of other people's? Of intervals it finds bots, humanised ones too; of
/// awards, those of whom some are raised and others not.
///
/// Logarithms fall into 24 half-octave bins, the player's own mean removed; after 256, 512, ... 4096 of them the
/// Kullback-Leibler divergence from everybody's shape (in each bin the median across players) is compared with that of
/// other players with as many, or fewer. Then half is forgotten, so that a change shows. Where 3 % of players have the
/// same odd shape it may be the game's doing (an automatic mode): that is for a person to decide, and no evidence. From
/// 10 % on it is the game, and the odds are no better than their share.
class ShapeCheck {
 public:
  /// Notes a number. True: there are enough to judge.
  [[nodiscard]] static bool add(ShapeState& state, float value);
  /// Notes a number of the current quarter of an hour, of which it is not known yet whether it is of use.
  static void add(const ShapeState& state, QuarterShape& quarter, float value);
  /// The quarter was of use. True: there are enough to judge.
  [[nodiscard]] static bool take(ShapeState& state, const QuarterShape& quarter);

  /// Whether what was read back can be worked with.
  [[nodiscard]] static bool makes_sense(const ShapeState& state) { return state.judged < kSizes; }

  /// Judges what was gathered and forgets half when it is much. `suspect`: no measure for others.
  [[nodiscard]] Judgement judge(ShapeState& state, std::uint32_t tag, bool suspect, std::size_t least_players,
                                std::uint32_t hour);

  void forget(std::uint32_t tag);
  /// Draws everybody's shape anew.
  void refresh();

  [[nodiscard]] std::size_t bytes() const;
  void save(Writer& out) const;
  [[nodiscard]] bool restore(Reader& in);

 private:
  static constexpr std::size_t kSizes = 5;
  static constexpr std::size_t kPlaces = 256;
  using Shape = std::array<float, kShapeBins>;
  struct Place {
    std::uint32_t tag = 0;
    std::uint32_t hour = 0;                          // 0: empty
    std::array<std::uint16_t, kShapeBins> shares{};  // of 65,535
  };

  /// Of players with as many numbers; where hardly anybody has, with fewer: chance moves those further.
  [[nodiscard]] const PeerSample* peers_of(std::size_t size, std::size_t least_players) const;
  /// The least chance by the players with as many and by those with fewer, whom chance moves further: of those with
  /// very many, bots may be too large a part to be told. Made up for the number of tests (Bonferroni).
  [[nodiscard]] double p_of(float value, std::size_t size, std::size_t least_players) const;
  [[nodiscard]] double share_alike(const Shape& shape, double divergence) const;
  void keep(const ShapeState& state, std::uint32_t tag, std::uint32_t hour);
  void draw();

  std::vector<Place> players_;
  Shape everybody_{};
  std::array<PeerSample, kSizes> distances_;
  std::uint32_t changed_ = 0;
};

}  // namespace liveops::fairness::async
