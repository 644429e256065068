#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "fairness/async/bytes.hpp"

namespace liveops::fairness::async {

/// One number each of up to 512 players: what is usual of it, and how unusual a value is.
///
/// A player counts once, however much he plays: his place is given by his tag and is his until he has not been heard of
/// for three days. Values that are most unusual already (once in 1000) are drawn in to that bound before they are kept,
/// so that a few cheats cannot stretch the scale, while a change of everybody's still moves it.
///
/// Beyond the median the tail is taken as 1/2 exp(-((x - median) / a)^k), through the quartile and the 90th percentile:
/// exponential for k = 1, as a normal one for about 1.3. It needs no more than one player in ten to be honest above
/// each point, and reaches odds that no sample of this size shows.
class PeerSample {
 public:
  static constexpr std::size_t kPlaces = 512;

  /// Values nearer than `resolution` are the same: for numbers that come in steps, or that chance spreads by so much.
  explicit PeerSample(float resolution = 1e-3F) : resolution_(resolution) {}

  void put(std::uint32_t player_tag, float value, std::uint32_t hour);
  /// Takes the player out (he is under suspicion).
  void remove(std::uint32_t player_tag);

  /// Brings what follows up to date; cheap when little was put since.
  void refresh();

  [[nodiscard]] std::size_t size() const { return sorted_.size(); }
  /// The chance that an honest player shows `value` or more, never below 1e-30. 1 while fewer than `least` are known.
  [[nodiscard]] double p_of(float value, std::size_t least) const;
  /// Share of players below `value`.
  [[nodiscard]] double share_below(float value) const;
  /// Requires: size() > 0.
  [[nodiscard]] float quantile(double q) const;

  [[nodiscard]] std::size_t bytes() const;
  void save(Writer& out) const;
  [[nodiscard]] bool restore(Reader& in);

 private:
  struct Place {
    std::uint32_t tag = 0;
    float value = 0;
    std::uint32_t hour = 0;  // 0: empty
  };
  void fit();

  std::vector<Place> places_;  // empty until the first `put`
  std::vector<float> sorted_;
  float resolution_;
  float drawn_in_ = 0;  // share of the latest values that were drawn in
  std::uint32_t changed_ = 0;
  float median_ = 0;
  float scale_ = 1;
  float shape_ = 1;
  float bound_ = 0;  // of what is kept
};

}  // namespace liveops::fairness::async
