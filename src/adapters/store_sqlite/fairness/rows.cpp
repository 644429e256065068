#include "adapters/store_sqlite/fairness/rows.hpp"

#include <algorithm>
#include <chrono>
#include <string>

namespace liveops::adapters::store_sqlite::fairness {

void bind_time(sqlite::Statement& statement, int index, core::Timestamp time) {
  statement.bind(index, std::int64_t{time.time_since_epoch().count()});
}

void bind_time(sqlite::Statement& statement, int index, const std::optional<core::Timestamp>& time) {
  if (time) {
    bind_time(statement, index, *time);
  } else {
    statement.bind_null(index);
  }
}

core::Timestamp read_time(const sqlite::Statement& row, int column) {
  return core::Timestamp(std::chrono::microseconds(row.int64(column)));
}

std::optional<core::Timestamp> read_optional_time(const sqlite::Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return read_time(row, column);
}

core::Result<ports::PlayerStanding> read_standing(const sqlite::Statement& row) {
  const auto state = core::parse_verdict_action(row.text(1));
  if (!state) {
    return core::fail(core::Errc::corrupt, "fairness.db holds a standing with an unknown state",
                      std::string(row.text(0)));
  }
  return ports::PlayerStanding{.player_id = core::PlayerId::trusted(std::string(row.text(0))),
                               .state = *state,
                               .until = read_optional_time(row, 2),
                               .version = row.int64(3),
                               .reason = std::string(row.text(4)),
                               .rule = std::string(row.text(5)),
                               .policy_version = std::string(row.text(6)),
                               .decision_id = std::string(row.text(7)),
                               .at = read_time(row, 8),
                               .disqualified = read_disqualification(row, 9)};
}

std::optional<core::Disqualification> read_disqualification(const sqlite::Statement& row, int since) {
  const auto time = read_optional_time(row, since);
  if (!time) return std::nullopt;
  return core::Disqualification{.since = *time, .reason = std::string(row.text(since + 1))};
}

void bind_disqualification(sqlite::Statement& statement, int index,
                           const std::optional<core::Disqualification>& disqualified) {
  if (!disqualified) {
    statement.bind_null(index).bind_null(index + 1);
    return;
  }
  bind_time(statement, index, disqualified->since);
  statement.bind_text(index + 1, disqualified->reason);
}

core::Result<ports::AuditEntry> read_audit(const sqlite::Statement& row) {
  return ports::AuditEntry{.number = row.int64(0),
                           .player_id = core::PlayerId::trusted(std::string(row.text(1))),
                           .actor = std::string(row.text(2)),
                           .action = std::string(row.text(3)),
                           .reason = std::string(row.text(4)),
                           .until = read_optional_time(row, 5),
                           .at = read_time(row, 6),
                           .since = read_optional_time(row, 7)};
}

core::Result<ports::DecisionRecord> read_decision(const sqlite::Statement& row, int first_column) {
  const int c = first_column;
  const std::string_view event_id = row.blob(c + 2);
  core::EventId::Bytes bytes{};
  if (event_id.size() != bytes.size()) {
    return core::fail(core::Errc::corrupt, "fairness.db holds a decision with a broken event id",
                      std::string(row.text(c)));
  }
  std::copy(event_id.begin(), event_id.end(), bytes.begin());
  return ports::DecisionRecord{.id = std::string(row.text(c)),
                               .player_id = core::PlayerId::trusted(std::string(row.text(c + 1))),
                               .event_id = core::EventId(bytes),
                               .action = std::string(row.text(c + 3)),
                               .rule = std::string(row.text(c + 4)),
                               .mode = std::string(row.text(c + 5)),
                               .observed = row.real(c + 6),
                               .expected = row.real(c + 7),
                               .evidence = row.real(c + 8),
                               .explanation = std::string(row.text(c + 9)),
                               .policy_version = std::string(row.text(c + 10)),
                               .at = read_time(row, c + 11),
                               .detail = std::string(row.text(c + 12))};
}

}  // namespace liveops::adapters::store_sqlite::fairness
