#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/rules.hpp"
#include "core/time.hpp"
#include "core/verdict.hpp"
#include "ports/progress.hpp"
#include "ports/progress_store.hpp"
#include "ports/task.hpp"

namespace liveops::ports {

/// A receipt as handed out: kept to the byte, so that asking again gives the same.
struct StoredReceipt {
  core::ReceiptId id;
  std::string token;  // JWS
  std::string json;   // the JSON form beside it
  std::optional<core::Timestamp> redeemed_at;
  std::optional<core::Timestamp> revoked_at = {};  // its player is disqualified: it cannot be redeemed
  friend bool operator==(const StoredReceipt&, const StoredReceipt&) = default;
};

/// A player's wish to have a reward.
struct Claim {
  core::PlayerId player_id;
  RewardThreshold condition;
  std::optional<core::SeasonId> season;  // set for season_xp, and only then
  std::vector<core::RewardItem> items;   // granted with it
  StoredReceipt receipt;                 // kept when this claim is the first
  core::Timestamp now;
};

struct ClaimOutcome {
  bool first = false;     // granted now; false: it had been before
  StoredReceipt receipt;  // the first claim's
  Progress progress;      // of the player, now
};

struct EarnedReward {
  core::RewardId reward_id;
  std::optional<core::SeasonId> season;
  core::Timestamp earned_at;
};

struct ClaimedReward {
  core::RewardId reward_id;
  std::optional<core::SeasonId> season;
  core::ReceiptId receipt_id;
  core::Timestamp claimed_at;
};

/// All that is known of a player's rewards, from one moment.
struct PlayerRewards {
  Progress progress;
  std::vector<EarnedReward> earned;
  std::vector<ClaimedReward> claimed;
};

struct RedeemOutcome {
  bool first = false;           // redeemed now
  core::Timestamp redeemed_at;  // by the first one; of no meaning when the receipt is revoked
  StoredReceipt receipt;
};

/// What changes of standing did to receipts.
struct RevokedReceipts {
  std::uint64_t revoked = 0;
  std::uint64_t restored = 0;
};

/// The truth about claimed rewards and their receipts. Shares its data with a ProgressStore.
///
/// Threads: any. Never blocks the caller's executor.
class RewardStore {
 public:
  virtual ~RewardStore() = default;

  /// Grants the reward once for each (player, reward, season): items, receipt and version in one transaction, durable
  /// when this completes. It is earned when it was noted as earned, or when the player's sums reach the condition now
  /// (so a reward that is new in the rules counts what was done before, and a harder condition takes nothing away).
  /// Errors: `not_found` (unknown player), `conflict` (not earned), `forbidden` (the player is disqualified, and this
  /// is no repeat), `unavailable` (nothing was done), `timeout`, `corrupt`.
  [[nodiscard]] virtual Task<ClaimOutcome> claim(Claim claim) = 0;

  /// Errors: `not_found` (unknown player), `unavailable`, `corrupt`.
  [[nodiscard]] virtual Task<PlayerRewards> rewards_of(core::PlayerId player) = 0;

  /// Errors: `not_found`, `unavailable`, `corrupt`.
  [[nodiscard]] virtual Task<StoredReceipt> find_receipt(core::ReceiptId id) = 0;

  /// Marks the receipt as used; only one call for a receipt is ever the first, and none while it is revoked. Errors:
  /// `not_found`, `unavailable`, `timeout`, `corrupt`.
  [[nodiscard]] virtual Task<RedeemOutcome> redeem(core::ReceiptId id, core::Timestamp now) = 0;

  /// Takes over who is disqualified; per player the change with the highest version counts. The unredeemed receipts of
  /// claims since then are revoked as of `now`; those of players who are not disqualified any more are good again.
  /// Gives how many receipts changed. Errors: `unavailable` (nothing was done), `timeout` (do it again), `corrupt`.
  [[nodiscard]] virtual Task<RevokedReceipts> judge(std::vector<core::StandingChange> changes, core::Timestamp now) = 0;

  /// Forgets players who are not disqualified and of whom nothing was heard since `before`; at most `limit`; how many
  /// went. Errors: as `judge`.
  [[nodiscard]] virtual Task<std::uint64_t> forget_judged(core::Timestamp before, std::size_t limit) = 0;
};

}  // namespace liveops::ports
