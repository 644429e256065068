#pragma once

#include <optional>
#include <string>

#include "adapters/postgres/rows.hpp"
#include "core/error.hpp"
#include "core/time.hpp"
#include "ports/verdict_store.hpp"

namespace liveops::adapters::store_postgres::fairness {

[[nodiscard]] std::int64_t micros_of(core::Timestamp time);
[[nodiscard]] std::optional<std::int64_t> micros_of(const std::optional<core::Timestamp>& time);
[[nodiscard]] core::Timestamp read_time(const postgres::Rows& rows, std::size_t row, std::size_t column);
[[nodiscard]] std::optional<core::Timestamp> read_optional_time(const postgres::Rows& rows, std::size_t row,
                                                                std::size_t column);
[[nodiscard]] std::string read_text(const postgres::Rows& rows, std::size_t row, std::size_t column);

/// Reads `player, state, until, version, reason, rule, policy, decision, at`, from column 0 on.
/// Errors: `corrupt` (a state that does not exist).
[[nodiscard]] core::Result<ports::PlayerStanding> read_standing(const postgres::Rows& rows, std::size_t row);

/// Reads `id, player, event_id, action, rule, mode, observed, expected, evidence, explanation, policy, at`.
/// Errors: `corrupt` (an event id of another length).
[[nodiscard]] core::Result<ports::DecisionRecord> read_decision(const postgres::Rows& rows, std::size_t row,
                                                                std::size_t first_column);

}  // namespace liveops::adapters::store_postgres::fairness
