#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "core/rules.hpp"
#include "core/time.hpp"

namespace liveops::apps {

/// How a simulated player plays.
enum class Playstyle : std::uint8_t {
  honest,
  flooder,   // sends in bursts far above what a hand can do
  injector,  // awards beyond the title's bounds
  booster    // scores many times those of the others, within the bounds
};

/// One event to send, with what it promises to the books once it is accepted.
struct SimulatedEvent {
  std::string idempotency_key;
  std::string json;  // without the idempotency key
  std::uint32_t player = 0;
  std::int64_t xp = 0;
  bool cheating = false;
};

/// Makes a repeatable stream of events of a mixed population: the same seed and options give the same stream.
///
/// Threads: one.
class Traffic {
 public:
  struct Options {
    std::uint64_t seed = 1;
    std::uint32_t players = 1000;
    double cheater_share = 0;  // 0..1
    std::string run_id;        // part of every player id and key, so that runs do not meet
  };

  Traffic(Options options, const core::GameRules& rules);

  /// The next event, as of `now`.
  [[nodiscard]] SimulatedEvent next(core::Timestamp now);

  [[nodiscard]] std::string player_id(std::uint32_t player) const;
  [[nodiscard]] Playstyle playstyle(std::uint32_t player) const { return styles_[player]; }
  [[nodiscard]] std::uint32_t players() const { return options_.players; }

 private:
  struct Award {
    std::int64_t xp = 0;
    std::int64_t score = 0;
  };
  std::uint32_t pick_player();
  Award award(Playstyle style);
  std::string payload_of(const Award& award, std::string& type, std::int64_t& xp);

  Options options_;
  std::vector<std::string> bosses_;
  std::vector<Playstyle> styles_;
  std::vector<double> skills_;
  std::mt19937_64 random_;
  std::uint64_t sequence_ = 0;
  std::uint32_t flooding_player_ = 0;
  int flood_left_ = 0;
};

}  // namespace liveops::apps
