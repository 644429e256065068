#pragma once

#include <optional>
#include <string>

#include "core/receipt.hpp"
#include "core/time.hpp"
#include "ports/progress_cache.hpp"
#include "ports/reward_store.hpp"
#include "progression/counters.hpp"
#include "progression/game_book.hpp"

namespace liveops::progression {

/// Hands out earned rewards, each once, with a signed receipt.
///
/// Threads: any.
class RewardDesk {
 public:
  RewardDesk(ports::RewardStore& store, ports::ProgressCache& cache, const CurrentBook& book,
             const core::ReceiptSigner& signer, const core::Clock& clock, Counters& counters);

  /// The receipt of the first claim, to the byte, however often it is asked for. `season`: for seasonal rewards; the
  /// current one when absent.
  /// Errors: `not_found` (reward, player or season), `conflict` (not earned; no season runs), `invalid_argument` (a
  /// season for a reward that has none), `unavailable`, `timeout`, `corrupt`.
  [[nodiscard]] ports::Task<ports::StoredReceipt> claim(core::PlayerId player, core::RewardId reward,
                                                        std::optional<std::string> season);

  /// Errors: as RewardStore::rewards_of.
  [[nodiscard]] ports::Task<ports::PlayerRewards> rewards_of(core::PlayerId player);

 private:
  [[nodiscard]] core::Result<std::optional<core::SeasonId>> season_for(const core::RewardRules& reward,
                                                                       const std::optional<std::string>& asked,
                                                                       const GameBook& book) const;
  [[nodiscard]] ports::Claim prepare(core::PlayerId player, const core::RewardRules& reward,
                                     std::optional<core::SeasonId> season, const GameBook& book) const;

  ports::RewardStore& store_;
  ports::ProgressCache& cache_;
  const CurrentBook& book_;
  const core::ReceiptSigner& signer_;
  const core::Clock& clock_;
  Counters& counters_;
};

}  // namespace liveops::progression
