#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>

#include "core/rules.hpp"
#include "core/time.hpp"
#include "fairness/case_record.hpp"
#include "fairness/decision.hpp"
#include "fairness/evidence.hpp"
#include "fairness/governor.hpp"
#include "fairness/observation.hpp"
#include "fairness/player_key.hpp"
#include "fairness/storm_alarm.hpp"
#include "fairness/storm_watch.hpp"

namespace liveops::fairness {

/// Judges events, player by player. Same observations in the same order, and the same `refresh_population` calls: same
/// decisions, bit for bit.
///
/// Threads: any. Players are spread over 64 shards, one mutex each, held for the time of one judgement.
/// Complexity: `evaluate` is O(1) and allocates nothing.
class Engine {
 public:
  explicit Engine(const core::FairnessRules& rules);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Asks for memory that judging will need, some events ahead of the one whose turn it is: what several players need
  /// comes at once, and while others are judged. To be called before `evaluate` of each of `observations`, which are
  /// judged in this order; worth it from two on. `turn`: which of them is next. Changes no decision.
  void expect(std::span<const Observation> observations, std::size_t turn);

  /// Judges one event that arrived at `now` and remembers it. `record`, when not null, is filled where there is
  /// something to explain: where the decision has findings.
  ///
  /// A player who is not known while the table is full is let in once his events keep coming; until then only the
  /// catalogue is held against him.
  [[nodiscard]] Decision evaluate(const Observation& observation, core::Timestamp now, CaseRecord* record = nullptr);

  /// The event counts as never seen: its verdict could not be made to last, so its retry is judged anew.
  void forget(PlayerKey player, std::uint32_t event_tag);

  /// Takes back evidence, throttles and quarantine; what was learnt of the player's usual play stays.
  void pardon(PlayerKey player);
  /// Forgets the player altogether.
  void erase(PlayerKey player);

  /// Ten seconds have passed: notices storms and, when enough new events have come, swaps in a new picture of what is
  /// usual. Complexity: 64 short locks; every 1,500 samples, or ten minutes, 32,768 samples and 4,096 players.
  void refresh_population(core::Timestamp now);

  /// From now on other rules; what was learnt stays. `max_players` is fixed at construction.
  void use_rules(const core::FairnessRules& rules);

  /// What speaks for and against a player; nullopt when unknown.
  [[nodiscard]] std::optional<Evidence> explain(PlayerKey player, core::Timestamp now);

  static constexpr std::size_t kShards = 64;
  /// Copies players of one shard, from slot `from` on, until `to` is full or there are no more; gives how many. Whoever
  /// moves between two calls may be missed. Holds the shard for the copying only: some 10 us for 256 players.
  [[nodiscard]] std::size_t copy_players(std::size_t shard, std::size_t from, std::span<PlayerState> to);
  /// Where in a shard the search for idle players and the next look at players begin.
  struct ShardPlace {
    std::size_t hand = 0;
    std::size_t cursor = 0;
  };
  [[nodiscard]] ShardPlace place(std::size_t shard);
  [[nodiscard]] std::shared_ptr<const Population> population();

  /// Puts back what was copied from an engine; players in the order of their copies. For an engine that is new.
  void restore(const PlayerState& player);
  void restore(std::size_t shard, ShardPlace place);
  void restore(std::shared_ptr<const Population> population);

  /// Players in memory now.
  [[nodiscard]] std::size_t players() const { return players_.load(std::memory_order_relaxed); }
  /// The most memory that players may take.
  [[nodiscard]] std::size_t max_bytes() const;

 private:
  struct Policy;
  struct Shard;

  [[nodiscard]] Shard& shard_of(PlayerKey player);
  [[nodiscard]] PlayerState* state_of(Shard& shard, PlayerKey player);
  [[nodiscard]] Decision judge_in(Shard& shard, PlayerState& player, const Observation& observation,
                                  core::Timestamp now, CaseRecord* record);
  [[nodiscard]] std::size_t turn_shards(core::Timestamp now);
  [[nodiscard]] bool is_due(core::Timestamp now, bool storm_changed) const;
  [[nodiscard]] std::shared_ptr<const Population> take_census(const Population& previous, core::Timestamp now);
  void age_out(Shard& shard, core::Timestamp now);

  std::unique_ptr<std::array<Shard, kShards>> shards_;
  BlockGovernor governor_;
  StormAlarm alarm_;
  std::atomic<std::size_t> players_{0};
  // Of refreshing, one at a time.
  std::mutex refreshing_;
  StormWatch storms_;
  std::size_t new_samples_ = 0;
  core::Timestamp census_at_;
};

}  // namespace liveops::fairness
