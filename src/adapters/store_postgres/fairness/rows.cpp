#include "adapters/store_postgres/fairness/rows.hpp"

#include <algorithm>
#include <chrono>

namespace liveops::adapters::store_postgres::fairness {

std::int64_t micros_of(core::Timestamp time) {
  return time.time_since_epoch().count();
}

std::optional<std::int64_t> micros_of(const std::optional<core::Timestamp>& time) {
  if (!time) return std::nullopt;
  return micros_of(*time);
}

core::Timestamp read_time(const postgres::Rows& rows, std::size_t row, std::size_t column) {
  return core::Timestamp(std::chrono::microseconds(rows.int64(row, column)));
}

std::optional<core::Timestamp> read_optional_time(const postgres::Rows& rows, std::size_t row, std::size_t column) {
  if (rows.is_null(row, column)) return std::nullopt;
  return read_time(rows, row, column);
}

std::string read_text(const postgres::Rows& rows, std::size_t row, std::size_t column) {
  return std::string(rows.text(row, column));
}

core::Result<ports::PlayerStanding> read_standing(const postgres::Rows& rows, std::size_t row) {
  const auto state = core::parse_verdict_action(rows.text(row, 1));
  if (!state) {
    return core::fail(core::Errc::corrupt, "fairness.standings holds a standing with an unknown state",
                      read_text(rows, row, 0));
  }
  return ports::PlayerStanding{.player_id = core::PlayerId::trusted(read_text(rows, row, 0)),
                               .state = *state,
                               .until = read_optional_time(rows, row, 2),
                               .version = rows.int64(row, 3),
                               .reason = read_text(rows, row, 4),
                               .rule = read_text(rows, row, 5),
                               .policy_version = read_text(rows, row, 6),
                               .decision_id = read_text(rows, row, 7),
                               .at = read_time(rows, row, 8),
                               .disqualified = read_disqualification(rows, row, 9)};
}

std::optional<core::Disqualification> read_disqualification(const postgres::Rows& rows, std::size_t row,
                                                            std::size_t since) {
  const auto time = read_optional_time(rows, row, since);
  if (!time) return std::nullopt;
  return core::Disqualification{.since = *time, .reason = read_text(rows, row, since + 1)};
}

core::Result<ports::AuditEntry> read_audit(const postgres::Rows& rows, std::size_t row) {
  return ports::AuditEntry{.number = rows.int64(row, 0),
                           .player_id = core::PlayerId::trusted(read_text(rows, row, 1)),
                           .actor = read_text(rows, row, 2),
                           .action = read_text(rows, row, 3),
                           .reason = read_text(rows, row, 4),
                           .until = read_optional_time(rows, row, 5),
                           .at = read_time(rows, row, 6),
                           .since = read_optional_time(rows, row, 7)};
}

core::Result<ports::DecisionRecord> read_decision(const postgres::Rows& rows, std::size_t row,
                                                  std::size_t first_column) {
  const std::size_t c = first_column;
  const std::string event_id = rows.bytes(row, c + 2);
  core::EventId::Bytes bytes{};
  if (event_id.size() != bytes.size()) {
    return core::fail(core::Errc::corrupt, "fairness.decisions holds a decision with a broken event id",
                      read_text(rows, row, c));
  }
  std::copy(event_id.begin(), event_id.end(), bytes.begin());
  return ports::DecisionRecord{.id = read_text(rows, row, c),
                               .player_id = core::PlayerId::trusted(read_text(rows, row, c + 1)),
                               .event_id = core::EventId(bytes),
                               .action = read_text(rows, row, c + 3),
                               .rule = read_text(rows, row, c + 4),
                               .mode = read_text(rows, row, c + 5),
                               .observed = rows.real(row, c + 6),
                               .expected = rows.real(row, c + 7),
                               .evidence = rows.real(row, c + 8),
                               .explanation = read_text(rows, row, c + 9),
                               .policy_version = read_text(rows, row, c + 10),
                               .at = read_time(rows, row, c + 11),
                               .detail = read_text(rows, row, c + 12)};
}

}  // namespace liveops::adapters::store_postgres::fairness
