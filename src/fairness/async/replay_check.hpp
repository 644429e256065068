#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "fairness/async/judgement.hpp"
#include "fairness/async/peer_sample.hpp"
#include "fairness/async/player.hpp"

namespace liveops::fairness::async {

/// Recorded play that is sent again under new ids, by the same player or another: pieces of six events with the same
/// amounts, or, where amounts say too little, of four with the same amounts and intervals (to 50 ms).
///
/// A piece counts only when it is rare, by how often its events occur in all traffic (34 bits) and in the player's own
/// (few of the latest 32 are equal): games repeat themselves, an idle mode does nothing else. Of these, those whose
/// hash falls on one in 2^sampling are looked up among the latest 262,144 of all players; the sampling grows until they
/// reach back three days. Hits add up as Shiryaev-Roberts evidence, 30 % hits against three times what all but a tenth
/// of players have.
class ReplayCheck {
 public:
  ReplayCheck();

  /// One event of a player. Judged only when it completes a piece that was there before.
  [[nodiscard]] Judgement observe(Player& player, const Reading& reading, double interval_seconds, std::uint32_t hour);

  /// A session has ended: what share of the player's pieces were repeats, for the scale.
  void close_session(const Player& player, std::uint32_t hour);
  void forget(std::uint32_t tag) { shares_.remove(tag); }
  void refresh();
  /// Nobody is known by the tag he had.
  void forget_pieces();

  [[nodiscard]] std::size_t bytes() const;
  void save(Writer& out) const;
  [[nodiscard]] bool restore(Reader& in);

 private:
  struct Piece {
    std::uint32_t check = 0;
    std::uint32_t tag = 0;
    std::uint32_t event = 0;  // the player's own number of it
    std::uint32_t hour = 0;   // 0: empty
  };
  [[nodiscard]] std::uint8_t bits_of(std::uint32_t token);
  [[nodiscard]] static std::optional<std::uint64_t> piece_of(const ReplayState& state);
  [[nodiscard]] Judgement look_up(Player& player, std::uint64_t piece, std::uint32_t hour);
  void adapt_sampling();

  std::vector<Piece> pieces_;
  std::vector<std::uint32_t> counts_;  // count-min sketch of tokens
  std::uint64_t counted_ = 0;
  std::uint32_t sampling_ = 1;
  std::uint32_t stored_ = 0;
  std::uint32_t young_ = 0;  // of these, how many took the place of one younger than three days
  PeerSample shares_{0.01F};
  double usual_share_;
};

}  // namespace liveops::fairness::async
