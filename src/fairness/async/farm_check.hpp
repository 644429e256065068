#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "fairness/async/judgement.hpp"
#include "fairness/async/peer_sample.hpp"
#include "fairness/async/player.hpp"

namespace liveops::fairness::async {

/// Accounts that one script plays: do two players act in the same seconds, session after session?
///
/// Each unit of play carries a MinHash sketch of the seconds in which it had events (one permutation, 16 bins: Li,
/// Owen, Zhang 2012). Units that began within two minutes of one another are compared; the share of equal bins
/// estimates how many of all their seconds they have in common. Friends in a LAN cafe begin and end together too, but
/// not their events. The odds of the best agreement: a binomial of what two such units share by chance, or those of
/// other players where these are worse. Over units they add up as Shiryaev-Roberts evidence.
///
/// Holds at most 8,192 units, those of the last half hour.
class FarmCheck {
 public:
  static void begin(UnitState& unit, std::int64_t now_us);
  /// An event of play: ticks of an idle mode come in the same seconds for all.
  static void observe(UnitState& unit, std::int64_t occurred_us);

  /// The unit has ended; it waits for others that end about now.
  void close(std::uint32_t slot, const Player& player);

  /// Judges the units that have waited long enough. Call it every quarter of an hour.
  /// `player_at` gives the player of a slot if that is still his tag, else null.
  using PlayerAt = std::function<Player*(std::uint32_t slot, std::uint32_t tag)>;
  using Tell = std::function<void(Player&, const Judgement&)>;
  void settle(std::size_t least_players, std::uint32_t hour, const PlayerAt& player_at, const Tell& tell);

  void forget(std::uint32_t tag) { agreements_.remove(tag); }
  void refresh() { agreements_.refresh(); }
  /// Nobody is known by the tag he had.
  void forget_units() { waiting_.clear(); }

  [[nodiscard]] std::size_t bytes() const { return waiting_.capacity() * sizeof(Waiting) + agreements_.bytes(); }
  void save(Writer& out) const;
  [[nodiscard]] bool restore(Reader& in);

 private:
  static constexpr std::size_t kMostWaiting = 8192;
  struct Waiting {
    std::uint32_t slot = 0;
    std::uint32_t tag = 0;
    std::int64_t start_us = 0;
    std::int64_t end_us = 0;
    std::uint32_t events = 0;
    std::uint32_t partner = 0;
    std::uint32_t compared = 0;
    std::uint32_t agreement = 0;  // bins, of the best
    float by_chance = 0;          // share of bins that the best would have in common by chance
    std::uint32_t rounds = 0;
    std::array<std::uint16_t, kSketch> moments{};
  };
  static void compare(Waiting& one, Waiting& other);
  void judge(const Waiting& unit, Player& player, std::size_t least_players, std::uint32_t hour, const Tell& tell);

  std::vector<Waiting> waiting_;
  PeerSample agreements_{0.4F};  // in standard errors
};

}  // namespace liveops::fairness::async
