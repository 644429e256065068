#include "adapters/store_sqlite/fairness/standing_writer.hpp"

#include <chrono>
#include <string>

#include "adapters/store_sqlite/fairness/rows.hpp"
#include "ports/standing_rules.hpp"

namespace liveops::adapters::store_sqlite::fairness {
namespace {

constexpr std::chrono::days kKeepEnded{30};

}  // namespace

StandingWriter::StandingWriter(sqlite::Database& database, AuditWriter& audit)
    : database_(database),
      audit_(audit),
      select_(database.prepare("SELECT " + std::string(kStandingColumns) + " FROM standings WHERE player = ?")),
      upsert_(database.prepare("INSERT OR REPLACE INTO standings(" + std::string(kStandingColumns) +
                               ") VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")),
      insert_outbox_(
          database.prepare("INSERT INTO outbox(player, blocked, until, version, at, reason, disqualified_since, "
                           "disqualified_for, overturned_since) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)")),
      prune_(database.prepare("DELETE FROM standings WHERE player IN (SELECT player FROM standings WHERE at < ?1 AND "
                              "(state = 'allow' OR until < ?1) AND disqualified_since IS NULL LIMIT 100)")) {}

core::Result<std::vector<ports::PlayerStanding>> StandingWriter::put(
    const std::vector<ports::StandingRequest>& requests) {
  auto transaction = sqlite::Transaction::begin(database_);
  if (!transaction) return std::unexpected(transaction.error());
  std::vector<ports::PlayerStanding> results;
  results.reserve(requests.size());
  for (const ports::StandingRequest& request : requests) {
    auto standing = put_one(request);
    if (!standing) return std::unexpected(standing.error());
    results.push_back(std::move(*standing));
  }
  if (!requests.empty()) {
    if (auto pruned = prune(requests.front().wanted.at); !pruned) return std::unexpected(pruned.error());
  }
  if (auto committed = transaction->commit(); !committed) return std::unexpected(committed.error());
  return results;
}

core::Result<ports::PlayerStanding> StandingWriter::put_one(const ports::StandingRequest& request) {
  const auto held = current(request.wanted.player_id);
  if (!held) return std::unexpected(held.error());
  ports::SettledStanding settled = ports::settle(*held, request);
  if (!settled.changed) return std::move(settled.standing);
  if (auto stored = store(settled.standing); !stored) return std::unexpected(stored.error());
  if (auto noted = audit_.append(ports::audit_entry_of(request)); !noted) return std::unexpected(noted.error());
  if (settled.change) {
    if (auto announced = announce(*settled.change); !announced) return std::unexpected(announced.error());
  }
  return std::move(settled.standing);
}

core::Result<std::optional<ports::PlayerStanding>> StandingWriter::current(const core::PlayerId& player) {
  select_.reset();
  select_.bind_text(1, player.str());
  const auto found = select_.step();
  if (!found) return std::unexpected(found.error());
  std::optional<ports::PlayerStanding> standing;
  if (*found) {
    auto read = read_standing(select_);
    if (!read) return std::unexpected(read.error());
    standing = std::move(*read);
  }
  select_.reset();
  return standing;
}

core::Status StandingWriter::store(const ports::PlayerStanding& standing) {
  upsert_.bind_text(1, standing.player_id.str()).bind_text(2, core::to_string(standing.state));
  bind_time(upsert_, 3, standing.until);
  upsert_.bind(4, standing.version).bind_text(5, standing.reason).bind_text(6, standing.rule);
  upsert_.bind_text(7, standing.policy_version).bind_text(8, standing.decision_id);
  bind_time(upsert_, 9, standing.at);
  bind_disqualification(upsert_, 10, standing.disqualified);
  return upsert_.run();
}

core::Status StandingWriter::announce(const core::StandingChange& change) {
  insert_outbox_.bind_text(1, change.player_id.str()).bind(2, std::int64_t{change.blocked ? 1 : 0});
  bind_time(insert_outbox_, 3, change.until);
  insert_outbox_.bind(4, change.version);
  bind_time(insert_outbox_, 5, change.at);
  insert_outbox_.bind_text(6, change.reason);
  bind_disqualification(insert_outbox_, 7, change.disqualified);
  bind_time(insert_outbox_, 9, change.overturned_since);
  return insert_outbox_.run();
}

core::Status StandingWriter::prune(core::Timestamp now) {
  bind_time(prune_, 1, now - kKeepEnded);
  return prune_.run();
}

}  // namespace liveops::adapters::store_sqlite::fairness
