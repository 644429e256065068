#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "backtest/judge.hpp"
#include "backtest/labels.hpp"
#include "backtest/result.hpp"

namespace liveops::backtest {

/// What is true of one event.
struct Truth {
  bool illicit = false;
  double illicit_score = 0;  // score that honest play would not have brought
};

/// Holds what a judge did against the truth. "Found" means: an action of the level, or a stronger one, at or after the
/// onset. Any action on an honest player, or before the onset, is false.
///
/// Threads: one. Memory: one state a player.
class Scorer {
 public:
  explicit Scorer(bool labelled) : labelled_(labelled) {}

  /// Players count up from 0. Requires: called once for each, before their first event.
  void add_player(const Label& label);

  /// One event and what was done about it.
  void count(const Item& item, const Truth& truth, const Judgement& judgement);
  /// What was done without an event, at the end.
  void act(const Judgement& judgement);

  [[nodiscard]] Result result() const;
  /// The strongest action on a player so far (true or false); shadow: none.
  [[nodiscard]] Level strongest(std::uint32_t player) const { return players_[player].strongest; }

  /// The truth where only labels are known: all that a cheater sends from the onset on is illicit.
  [[nodiscard]] Truth presumed(const Item& item) const;

 private:
  struct Found {
    bool yes = false;
    double events = 0;
    double seconds = 0;
    double leaked = 0;
  };
  struct Player {
    core::Timestamp onset;
    bool cheats = false;
    std::uint32_t kind = 0;
    std::int32_t day = -1;
    std::uint64_t illicit = 0;
    core::Timestamp first_illicit;
    double illicit_score = 0;
    double leaked = 0;
    Level strongest = Level::shadow;
    std::array<Found, kLevels> found;
    std::array<bool, kLevels> falsely{};
    std::array<std::int32_t, kLevels> false_day{};
    std::vector<std::pair<std::string_view, bool>> rules;  // and whether rightly
  };

  void count_honest(Player& player, const Item& item, const Judgement& judgement);
  void act(const Action& action);
  void act_at(Player& player, const Action& action, Level level, bool rightly);
  void note_rule(Player& player, std::string_view rule, bool rightly);
  [[nodiscard]] KindResult summary(const std::vector<const Player*>& cheaters) const;
  [[nodiscard]] static bool is_honest(const Player& player, core::Timestamp at);

  bool labelled_;
  std::vector<Player> players_;
  std::vector<std::string> kinds_;
  std::map<std::string, std::uint32_t> kind_numbers_;
  std::map<std::string, RuleResult, std::less<>> rules_;
  std::array<FalseResult, kLevels> false_actions_;
  std::array<std::uint64_t, kLevels> acted_on_{};
  std::uint64_t events_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t honest_events_ = 0;
  std::uint64_t honest_refused_ = 0;
  std::uint64_t honest_player_days_ = 0;
};

}  // namespace liveops::backtest
