#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/event.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"
#include "ports/progress.hpp"
#include "ports/task.hpp"

namespace liveops::ports {

/// Largest value of any stored sum; sums stop there and never wrap.
inline constexpr std::int64_t kMaxSum = core::kMaxExactInteger;

/// One event with all that the rules made of it.
struct LedgerEntry {
  core::EventId event_id;
  core::PlayerId player_id;
  core::EventType type = core::EventType::progression;
  core::Timestamp occurred_at;
  core::Timestamp received_at;
  std::int64_t xp = 0;  // >= 0
  std::optional<std::int64_t> score;
  std::optional<core::SeasonId> season;  // the xp counts in this season too
  std::optional<core::BossId> boss_kill;
  std::optional<core::DropClaimed> drop;
  std::string payload_json;
};

/// What a reward's condition looks at.
enum class Measure : std::uint8_t { total_xp, season_xp, boss_kills };

/// A reward is earned when `measure` reaches `value`; `season_xp` anew in each season, the others once for ever.
struct RewardThreshold {
  core::RewardId reward_id;
  Measure measure = Measure::total_xp;
  core::BossId boss_id;    // for boss_kills
  std::int64_t value = 1;  // >= 1
};
using RewardThresholds = std::shared_ptr<const std::vector<RewardThreshold>>;

/// What became of a batch.
struct ApplyOutcome {
  std::size_t applied = 0;        // events that took effect now
  std::size_t duplicates = 0;     // events that had taken effect before
  std::size_t drops_refused = 0;  // claims of a drop that was granted before; the event counts as applied
  std::size_t saturated = 0;      // additions that stopped at kMaxSum
  std::size_t rewards_earned = 0;
  std::vector<Progress> players;  // the progress now of everyone named in the batch, duplicates included
};

struct InventoryItem {
  core::ItemId item_id;
  std::int64_t quantity = 0;
  friend bool operator==(const InventoryItem&, const InventoryItem&) = default;
};

/// The truth about players' progress: ledger, sums, drops, items, earned rewards.
///
/// The final sums, items, drops and earned rewards follow from the set of events alone, whatever their order,
/// repetition and division into batches (but for who gets a drop that several events claim: the first to be committed).
/// Threads: any. Never blocks the caller's executor.
class ProgressStore {
 public:
  virtual ~ProgressStore() = default;

  /// Applies the batch in one transaction, durable when this completes: each event once for ever (for as long as
  /// `forget_events` leaves it), in the order given; the version of every player with a fresh event grows by one.
  /// Errors: `unavailable` (nothing was done), `timeout` (unknown; apply again), `corrupt`.
  [[nodiscard]] virtual Task<ApplyOutcome> apply(std::vector<LedgerEntry> entries, RewardThresholds thresholds,
                                                 core::Timestamp now) = 0;

  /// Errors: `not_found` (no event of this player was ever applied), `unavailable`, `corrupt`.
  [[nodiscard]] virtual Task<Progress> progress_of(core::PlayerId player) = 0;

  /// By item id; empty when the player has none. Errors: `not_found`, `unavailable`, `corrupt`.
  [[nodiscard]] virtual Task<std::vector<InventoryItem>> inventory_of(core::PlayerId player) = 0;

  /// Forgets up to `limit` ids of events that were applied before `applied_before`: they would count again. The ledger
  /// keeps its rows. Gives how many were forgotten; fewer than `limit` means that nothing older is left.
  /// Errors: `unavailable`, `corrupt`.
  [[nodiscard]] virtual Task<std::size_t> forget_events(core::Timestamp applied_before, std::size_t limit) = 0;
};

}  // namespace liveops::ports
