#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "adapters/http_client/client.hpp"
#include "apps/liveops/simulate/tally.hpp"
#include "apps/liveops/simulate/traffic.hpp"

namespace liveops::apps {

/// What the services say they have of a run's players, and what they should have.
struct Books {
  std::int64_t promised_xp = 0;
  std::int64_t progression_xp = 0;
  std::int64_t leaderboard_xp = 0;  // of the seasonal window of the XP board
  std::uint64_t players = 0;
  std::uint64_t hidden_players = 0;  // blocked: not in the ranks, rightly
  std::uint64_t wrong_players = 0;   // whose progress or standing is not what was promised
  std::string board;                 // the board compared; empty when no board sums XP

  [[nodiscard]] bool balance() const { return wrong_players == 0 && progression_xp == promised_xp; }
};

/// Compares the promises with progression and, where a board sums XP, with the leaderboard.
///
/// Threads: the io_context's one.
class BookKeeper {
 public:
  struct Options {
    adapters::http_client::Url progression;
    adapters::http_client::Url leaderboard;
    adapters::http_client::Url fairness;
    std::string api_token;
    std::string admin_token;
    std::string xp_board;               // empty: leave the leaderboard out
    std::chrono::seconds patience{60};  // for consumers to catch up
  };

  BookKeeper(boost::asio::io_context& io, Options options, const Traffic& traffic, const Tally& tally);

  /// Asks until the books balance or patience ends. Errors: as Client::request, `corrupt` (an answer of another shape).
  [[nodiscard]] ports::Task<Books> compare();

 private:
  [[nodiscard]] ports::Task<Books> read();
  [[nodiscard]] ports::Task<void> read_page(std::span<const std::pair<std::uint32_t, std::int64_t>> promised,
                                            Books& books);
  [[nodiscard]] ports::Task<bool> is_blocked(std::uint32_t player);
  [[nodiscard]] ports::Task<std::int64_t> progress_of(std::uint32_t player);
  /// XP on the board of up to 100 players: player id -> score. A player that is not there has no entry.
  [[nodiscard]] ports::Task<std::map<std::string, std::int64_t>> standings_of(std::vector<std::string> players);

  boost::asio::io_context& io_;
  Options options_;
  const Traffic& traffic_;
  const Tally& tally_;
  adapters::http_client::Client progression_;
  adapters::http_client::Client leaderboard_;
  adapters::http_client::Client fairness_;
};

}  // namespace liveops::apps
