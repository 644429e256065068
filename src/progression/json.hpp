#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ports/progress_store.hpp"
#include "ports/reward_store.hpp"
#include "progression/game_book.hpp"
#include "progression/receipt_desk.hpp"

/// The service's answers as JSON text. Shapes: api/openapi.yaml.
namespace liveops::progression {

/// `season`: the current one; the answer's "season" is null when none runs.
[[nodiscard]] std::string progress_json(const ports::Progress& progress, const GameBook& book,
                                        const std::optional<core::SeasonId>& season);
[[nodiscard]] std::string inventory_json(const core::PlayerId& player, const std::vector<ports::InventoryItem>& items);
/// The whole catalogue with the player's state in it; seasonal rewards as of `season`.
[[nodiscard]] std::string rewards_json(const ports::PlayerRewards& rewards, const GameBook& book,
                                       const std::optional<core::SeasonId>& season);
[[nodiscard]] std::string claim_json(const ports::StoredReceipt& receipt);
[[nodiscard]] std::string verification_json(const Verification& verification);
[[nodiscard]] std::string redeem_json(const ports::RedeemOutcome& outcome);

}  // namespace liveops::progression
