#include "adapters/store_sqlite/fairness/verdict_reader.hpp"

#include <limits>
#include <string>
#include <utility>

#include "adapters/store_sqlite/fairness/rows.hpp"

namespace liveops::adapters::store_sqlite::fairness {
namespace {

core::Result<ports::FlaggedPlayer> read_flagged(const sqlite::Statement& row) {
  auto latest = read_decision(row, 2);
  if (!latest) return std::unexpected(latest.error());
  const core::PlayerId player = latest->player_id;
  return ports::FlaggedPlayer{
      .position = row.int64(0), .player_id = player, .count = row.int64(1), .latest = std::move(*latest)};
}

core::Result<ports::PendingChange> read_pending(const sqlite::Statement& row) {
  return ports::PendingChange{.number = row.int64(0),
                              .change = {.player_id = core::PlayerId::trusted(std::string(row.text(1))),
                                         .blocked = row.int64(2) != 0,
                                         .until = read_optional_time(row, 3),
                                         .version = row.int64(4),
                                         .at = read_time(row, 5),
                                         .reason = std::string(row.text(6)),
                                         .disqualified = read_disqualification(row, 7),
                                         .overturned_since = read_optional_time(row, 9)}};
}

}  // namespace

core::Result<std::vector<ports::PlayerStanding>> VerdictReader::active(core::Timestamp now) {
  sqlite::Statement statement =
      database_.prepare("SELECT " + std::string(kStandingColumns) +
                        " FROM standings WHERE state <> 'allow' AND (until IS NULL OR until > ?) ORDER BY player");
  bind_time(statement, 1, now);
  return collect(statement, read_standing);
}

core::Result<ports::DecisionRecord> VerdictReader::decision(const std::string& id) {
  sqlite::Statement statement =
      database_.prepare("SELECT " + std::string(kDecisionColumns) + " FROM decisions WHERE id = ?");
  statement.bind_text(1, id);
  const auto found = statement.step();
  if (!found) return std::unexpected(found.error());
  if (!*found) return core::fail(core::Errc::not_found, "There is no such decision, or it is too old to be kept.");
  return read_decision(statement, 0);
}

core::Result<ports::PlayerHistory> VerdictReader::history(const core::PlayerId& player, std::size_t limit) {
  ports::PlayerHistory history;
  sqlite::Statement statement =
      database_.prepare("SELECT " + std::string(kStandingColumns) + " FROM standings WHERE player = ?");
  statement.bind_text(1, player.str());
  auto standing = collect(statement, read_standing);
  if (!standing) return std::unexpected(standing.error());
  if (!standing->empty()) history.standing = std::move(standing->front());
  auto decisions = decisions_of(player, limit);
  if (!decisions) return std::unexpected(decisions.error());
  history.decisions = std::move(*decisions);
  auto audit = audit_of(player, limit);
  if (!audit) return std::unexpected(audit.error());
  history.audit = std::move(*audit);
  return history;
}

core::Result<std::vector<ports::DecisionRecord>> VerdictReader::decisions_of(const core::PlayerId& player,
                                                                             std::size_t limit) {
  sqlite::Statement statement = database_.prepare("SELECT " + std::string(kDecisionColumns) +
                                                  " FROM decisions WHERE player = ? ORDER BY number DESC LIMIT ?");
  statement.bind_text(1, player.str()).bind(2, static_cast<std::int64_t>(limit));
  return collect(statement, [](const sqlite::Statement& row) { return read_decision(row, 0); });
}

core::Result<std::vector<ports::AuditEntry>> VerdictReader::audit_of(const core::PlayerId& player, std::size_t limit) {
  sqlite::Statement statement = database_.prepare("SELECT " + std::string(kAuditColumns) +
                                                  " FROM audit WHERE player = ? ORDER BY number DESC LIMIT ?");
  statement.bind_text(1, player.str()).bind(2, static_cast<std::int64_t>(limit));
  return collect(statement, read_audit);
}

core::Result<std::vector<ports::FlaggedPlayer>> VerdictReader::flagged(std::size_t limit,
                                                                       std::optional<std::int64_t> before) {
  sqlite::Statement statement = database_.prepare("SELECT latest, count, " + std::string(kDecisionColumns) +
                                                  " FROM flagged JOIN decisions ON decisions.number = flagged.latest "
                                                  "WHERE latest < ? ORDER BY latest DESC LIMIT ?");
  statement.bind(1, before.value_or(std::numeric_limits<std::int64_t>::max()));
  statement.bind(2, static_cast<std::int64_t>(limit));
  return collect(statement, read_flagged);
}

core::Result<std::vector<ports::PendingChange>> VerdictReader::pending(std::size_t limit) {
  sqlite::Statement statement = database_.prepare(
      "SELECT number, player, blocked, until, version, at, reason, disqualified_since, disqualified_for, "
      "overturned_since FROM outbox ORDER BY number LIMIT ?");
  statement.bind(1, static_cast<std::int64_t>(limit));
  return collect(statement, read_pending);
}

}  // namespace liveops::adapters::store_sqlite::fairness
