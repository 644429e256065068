#pragma once

#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

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
    "player, state, until, version, reason, rule, policy, decision, at, disqualified_since, disqualified_for";
/// Errors: `corrupt` (a state that does not exist).
[[nodiscard]] core::Result<ports::PlayerStanding> read_standing(const sqlite::Statement& row);

/// A disqualification from columns `since` and `since` + 1; nullopt: NULL.
[[nodiscard]] std::optional<core::Disqualification> read_disqualification(const sqlite::Statement& row, int since);
void bind_disqualification(sqlite::Statement& statement, int index,
                           const std::optional<core::Disqualification>& disqualified);

/// Columns of a line of audit, in the order that `read_audit` wants.
inline constexpr std::string_view kAuditColumns = "number, player, actor, action, reason, until, at, since";
[[nodiscard]] core::Result<ports::AuditEntry> read_audit(const sqlite::Statement& row);

/// All rows of a bound statement, each made by `make` (const Statement& -> core::Result<T>).
template <class Make>
[[nodiscard]] auto collect(sqlite::Statement& statement, Make make)
    -> core::Result<std::vector<typename std::invoke_result_t<Make&, const sqlite::Statement&>::value_type>> {
  std::vector<typename std::invoke_result_t<Make&, const sqlite::Statement&>::value_type> rows;
  for (;;) {
    const auto more = statement.step();
    if (!more) return std::unexpected(more.error());
    if (!*more) return rows;
    auto row = make(statement);
    if (!row) return std::unexpected(row.error());
    rows.push_back(std::move(*row));
  }
}

/// Columns of a decision, in the order that `read_decision` wants.
inline constexpr std::string_view kDecisionColumns =
    "id, decisions.player, event_id, action, rule, mode, observed, expected, evidence, explanation, policy, at, detail";
/// Errors: `corrupt` (an event id of another length).
[[nodiscard]] core::Result<ports::DecisionRecord> read_decision(const sqlite::Statement& row, int first_column);

}  // namespace liveops::adapters::store_sqlite::fairness
