#pragma once

#include <optional>
#include <string_view>

#include "adapters/sqlite/database.hpp"
#include "core/error.hpp"
#include "core/time.hpp"
#include "ports/verdict_store.hpp"

namespace liveops::adapters::store_sqlite::fairness {

void bind_time(sqlite::Statement& statement, int index, core::Timestamp time);
void bind_time(sqlite::Statement& statement, int index, const std::optional<core::Timestamp>& time);
[[nodiscard]] core::Timestamp read_time(const sqlite::Statement& row, int column);
[[nodiscard]] std::optional<core::Timestamp> read_optional_time(const sqlite::Statement& row, int column);

/// Columns of a standing, in the order that `read_standing` wants.
inline constexpr std::string_view kStandingColumns =
    "player, state, until, version, reason, rule, policy, decision, at";
/// Errors: `corrupt` (a state that does not exist).
[[nodiscard]] core::Result<ports::PlayerStanding> read_standing(const sqlite::Statement& row);

/// Columns of a decision, in the order that `read_decision` wants.
inline constexpr std::string_view kDecisionColumns =
    "id, decisions.player, event_id, action, rule, mode, observed, expected, evidence, explanation, policy, at";
/// Errors: `corrupt` (an event id of another length).
[[nodiscard]] core::Result<ports::DecisionRecord> read_decision(const sqlite::Statement& row, int first_column);

}  // namespace liveops::adapters::store_sqlite::fairness
