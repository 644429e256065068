#pragma once

#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

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

/// A disqualification from columns `since` and `since` + 1; nullopt: NULL.
[[nodiscard]] std::optional<core::Disqualification> read_disqualification(const postgres::Rows& rows, std::size_t row,
                                                                          std::size_t since);

/// Reads `number, player, actor, action, reason, until, at, since`, from column 0 on.
[[nodiscard]] core::Result<ports::AuditEntry> read_audit(const postgres::Rows& rows, std::size_t row);

/// All rows, each made by `make` (const Rows&, row -> core::Result<T>).
template <class Make>
[[nodiscard]] auto collect(const core::Result<postgres::Rows>& rows, Make make)
    -> core::Result<std::vector<typename std::invoke_result_t<Make&, const postgres::Rows&, std::size_t>::value_type>> {
  if (!rows) return std::unexpected(rows.error());
  std::vector<typename std::invoke_result_t<Make&, const postgres::Rows&, std::size_t>::value_type> made;
  made.reserve(rows->size());
  for (std::size_t row = 0; row < rows->size(); ++row) {
    auto one = make(*rows, row);
    if (!one) return std::unexpected(one.error());
    made.push_back(std::move(*one));
  }
  return made;
}

/// Reads `player, state, until, version, reason, rule, policy, decision, at, disqualified_since, disqualified_for`,
/// from column 0 on. Errors: `corrupt` (a state that does not exist).
[[nodiscard]] core::Result<ports::PlayerStanding> read_standing(const postgres::Rows& rows, std::size_t row);

/// Reads `id, player, event_id, action, rule, mode, observed, expected, evidence, explanation, policy, at`.
/// Errors: `corrupt` (an event id of another length).
[[nodiscard]] core::Result<ports::DecisionRecord> read_decision(const postgres::Rows& rows, std::size_t row,
                                                                std::size_t first_column);

}  // namespace liveops::adapters::store_postgres::fairness
