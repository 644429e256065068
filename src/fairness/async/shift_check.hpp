#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/async_rules.hpp"
#include "fairness/async/judgement.hpp"
#include "fairness/async/peer_sample.hpp"
#include "fairness/async/player.hpp"
#include "fairness/async/shift_step.hpp"

namespace liveops::fairness::async {

/// Drips, boosts and paid hands: do the last 1, 2, 4 or 8 units of play (a session, or two hours of one) lie above
/// what the player did before, by more than others at the same point of their career do?
///
/// For each span t = (mean of the last k - mean before) / standard error, where the error holds the noise within units
/// (the player's own), the mood between them, and how far players wander in the long run (everybody's). Who rises
/// steadily, as learners do, is allowed to go on rising (`step_of`), as steeply as all but one in twenty at the same
/// point do. The streams of
/// awards are one measure, weighted by the inverse of their errors. The odds of a measure come from those of other
/// players with as many units, so that those who learn are compared with those who learn. Spans and measures are many
/// tests: the least p is multiplied by their number (Bonferroni), which stays valid whatever their dependence.
class ShiftCheck {
 public:
  struct Judgements {
    Judgement awards;  // session_shift: awards and score a minute
    Judgement tempo;   // tempo_shift
    Judgement jump;    // skill_jump: all streams together, last two units
  };

  /// Adds one value of a stream to the player's current quarter of an hour.
  static void add(StreamState& stream, float value);
  /// The quarter's values go to the unit, less what all players had in common.
  static void settle_quarter(StreamState& stream, float common, bool of_use);
  /// How far the quarter lies from the player's own past; false: nothing to compare.
  [[nodiscard]] static bool distance(const StreamState& stream, float& distance);

  /// A unit of play has ended: takes it in and judges.
  [[nodiscard]] Judgements close_unit(Player& player, const core::AsyncRules& rules, std::uint32_t hour);

  /// The player is no measure for others any more.
  void forget(std::uint32_t tag);
  void refresh();

  [[nodiscard]] std::size_t bytes() const;
  void save(Writer& out) const;
  [[nodiscard]] bool restore(Reader& in);

 private:
  static constexpr std::size_t kSpans = 4;  // 1, 2, 4, 8 units
  static constexpr std::size_t kBands = 3;  // of experience
  using Measure = std::size_t;
  static constexpr Measure kAwards = 0;
  static constexpr Measure kTempo = 1;
  static constexpr Measure kVelocity = 2;
  static constexpr std::size_t kMeasures = 3;

  [[nodiscard]] static bool push_unit(StreamState& stream);
  void learn_mood(const Player& player, std::size_t index, std::uint32_t hour);
  [[nodiscard]] float mood_of(std::size_t index) const;
  [[nodiscard]] StepScales scales_of(const StreamState& stream, std::size_t index) const;
  /// All streams of awards together, weighted by the inverse of their errors.
  [[nodiscard]] Step award_step(const Player& player, std::size_t units) const;
  [[nodiscard]] Judgement judge_measure(const Player& player, Measure measure, std::size_t least, std::uint32_t hour,
                                        float& jump);
  [[nodiscard]] Judgement judge_jump(const Player& player, float size, std::size_t least, std::uint32_t hour);
  template <class Self, class Visit>
  static void each_sample(Self& self, Visit visit);

  [[nodiscard]] float wander(std::size_t stratum) const;

  static constexpr std::size_t kStrata = kMeasures * kSpans * kBands;
  std::array<PeerSample, kStrata> shifts_;  // t
  std::array<PeerSample, kStrata> sizes_;
  std::array<PeerSample, kStrata> errors_;
  std::array<PeerSample, kStreams> moods_;            // sizes of steps from unit to unit
  std::array<PeerSample, kStreams> noises_;           // what of them the noise within units explains
  std::array<PeerSample, kStreams> levels_;           // players' usual values
  std::array<PeerSample, kStreams * kBands> slopes_;  // how steeply players rise
  std::array<PeerSample, kBands> jumps_;
};

}  // namespace liveops::fairness::async
