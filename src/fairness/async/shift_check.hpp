#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/async_rules.hpp"
#include "fairness/async/judgement.hpp"
#include "fairness/async/peer_sample.hpp"
#include "fairness/async/player.hpp"

namespace liveops::fairness::async {

/// Drips, boosts and paid hands: do the last 1, 2, 4 or 8 units of play (a session, or two hours of one) lie above
/// what the player did before, by more than others at the same point of their career do?
///
/// For each stream and span t = (mean of the last k - mean before) / standard error, where the error holds the noise
/// within units (the player's own) and the mood between them (everybody's). Its odds come from the t of other players
/// with as many units, so that those who learn are compared with those who learn. Spans and streams are many tests: the
/// least p is multiplied by their number (Bonferroni), which stays valid whatever their dependence.
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
  [[nodiscard]] const PeerSample& levels(std::size_t stream) const { return levels_[stream]; }

  [[nodiscard]] std::size_t bytes() const;
  void save(Writer& out) const;
  [[nodiscard]] bool restore(Reader& in);

 private:
  static constexpr std::size_t kSpans = 4;  // 1, 2, 4, 8 units
  static constexpr std::size_t kBands = 3;  // of experience
  struct Shift {
    float t = 0;
    float recent = 0;
    float before = 0;
    std::uint32_t samples = 0;
    bool known = false;
  };

  [[nodiscard]] static bool push_unit(StreamState& stream);
  [[nodiscard]] Shift shift_of(const StreamState& stream, std::size_t index, std::size_t span) const;
  void learn_mood(const Player& player, std::size_t index, std::uint32_t hour);
  [[nodiscard]] Judgement judge_stream(const Player& player, std::size_t index, std::size_t least, std::uint32_t hour,
                                       float& jump);
  [[nodiscard]] PeerSample& sample(std::size_t index, std::size_t span, std::size_t band) {
    return shifts_[(index * kSpans + span) * kBands + band];
  }
  template <class Self, class Visit>
  static void each_sample(Self& self, Visit visit);

  std::array<PeerSample, kStreams * kSpans * kBands> shifts_;
  std::array<PeerSample, kStreams> moods_;   // sizes of steps from unit to unit
  std::array<PeerSample, kStreams> noises_;  // what of them the noise within units explains
  std::array<PeerSample, kStreams> levels_;  // players' usual values
  std::array<PeerSample, kBands> jumps_;
};

}  // namespace liveops::fairness::async
