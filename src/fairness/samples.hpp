#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "fairness/player_state.hpp"
#include "fairness/scene.hpp"

namespace liveops::fairness {

/// One event as the population's statistics see it.
struct Sample {
  std::array<float, kLanes> x{};      // ln(amount + 1); 0: no award in that lane
  std::array<float, kLanes> own{};    // own level then
  std::array<float, kLanes> score{};  // with the own level taken out, whatever it is
  float log_interval = 0;
  float own_pace = 0;
  float tempo_score = 0;     // the same of the pace
  float any_interval_s = 0;  // since the last event of any type; 0: a pause, or none
  float velocity = 0;        // as VelocityCheck sees it
  float deviation = 0;       // of ln(interval) from the own tempo
  float change = -1;         // of ln(interval), as RhythmCheck sees it
  std::uint16_t player = 0;  // 16 bits of the key
  std::uint8_t kind = 0;
  std::uint8_t band = 0;
  std::uint8_t type = 0;
  bool timed = false;
  bool seasoned = false;  // the own level and pace are known
  bool judged = false;    // the scores mean something
  bool at_play = false;   // the others idle, or have only begun
  bool productive = false;
  std::uint32_t at_s = 0;  // when
};

/// The latest samples of one shard.
///
/// One of eight events of each player, so that intervals and awards are met as often as they are: a sample every so
/// many seconds would meet slow play more often. Threads: one at a time.
class SampleRing {
 public:
  static constexpr std::size_t kCapacity = 512;
  static constexpr std::size_t kMostATurn = 96;  // so that a flood of events does not wash out all that was there

  /// Whether the next event of `player` is to be a sample. Suspects stand for nobody, but in a storm, which makes
  /// suspects of everybody.
  [[nodiscard]] bool wants(const PlayerState& player, bool storm) const;
  void add(const Scene& scene, const PlayerState& player, bool judged);

  /// The next ten seconds begin.
  void turn();
  /// Those added in the turn that has just ended; before `turn`.
  [[nodiscard]] std::size_t new_samples() const { return this_turn_; }
  /// The `back`th latest, 0 the newest. Requires: back < size().
  [[nodiscard]] const Sample& latest(std::size_t back) const {
    return samples_[(next_ + kCapacity - 1 - back) % kCapacity];
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  /// Awards taken so far are of another game: a patch or an event changed it.
  void forget_awards();

 private:
  std::array<Sample, kCapacity> samples_;
  std::size_t next_ = 0;
  std::size_t size_ = 0;
  std::size_t this_turn_ = 0;
};

}  // namespace liveops::fairness
