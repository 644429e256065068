#pragma once

#include <cstddef>
#include <cstdint>

#include "core/async_rules.hpp"
#include "fairness/async/judgement.hpp"
#include "fairness/async/peer_sample.hpp"
#include "fairness/async/player.hpp"

namespace liveops::fairness::async {

/// Play that never pauses and days without a night. Only for a review: people do such things, and accounts are shared.
///
/// Unbroken: longer than the rules allow without a pause of a session's gap. Days: quarters of an hour with play a day,
/// and, over weeks, the entropy of the hours of the day in which the player plays; each against other players.
class ActivityCheck {
 public:
  /// The first event of a new quarter of an hour; judges the day that has ended, if one has.
  [[nodiscard]] Judgement begin_quarter(Player& player, std::int64_t now_us, std::size_t least_players,
                                        std::uint32_t hour);

  /// A pause, or the first event ever.
  static void broke_off(Player& player, std::int64_t now_us) { player.activity.unbroken_since_us = now_us; }
  /// Judged when the player has gone on for longer than the rules allow.
  [[nodiscard]] static Judgement unbroken(const Player& player, std::int64_t now_us, const core::AsyncRules& rules);

  void forget(std::uint32_t tag);
  void refresh();
  [[nodiscard]] std::size_t bytes() const { return quarters_.bytes() + spreads_.bytes(); }
  void save(Writer& out) const;
  [[nodiscard]] bool restore(Reader& in);

 private:
  [[nodiscard]] Judgement judge_day(const Player& player, std::size_t least_players, std::uint32_t hour);

  PeerSample quarters_{0.25F};  // ln(quarters of an hour a day)
  PeerSample spreads_{0.5F};    // e^entropy of the hours of the day: how many hours count
};

}  // namespace liveops::fairness::async
