#include "adapters/store_sqlite/fairness/standing_writer.hpp"

#include <algorithm>
#include <chrono>
#include <string>

#include "adapters/store_sqlite/fairness/rows.hpp"

namespace liveops::adapters::store_sqlite::fairness {
namespace {

constexpr std::string_view kEngine = "engine";
constexpr std::chrono::days kKeepEnded{30};

bool in_force(const ports::PlayerStanding& standing, core::Timestamp now) {
  return standing.state != core::VerdictAction::allow && (!standing.until || *standing.until > now);
}

/// Is `held` at least as strong and as long as `wanted`?
bool covers(const ports::PlayerStanding& held, const ports::PlayerStanding& wanted) {
  if (held.state != wanted.state) return held.state > wanted.state;
  return !held.until || (wanted.until && *held.until >= *wanted.until);
}

}  // namespace

StandingWriter::StandingWriter(sqlite::Database& database)
    : database_(database),
      select_(database.prepare("SELECT " + std::string(kStandingColumns) + " FROM standings WHERE player = ?")),
      upsert_(database.prepare("INSERT OR REPLACE INTO standings(" + std::string(kStandingColumns) +
                               ") VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)")),
      insert_audit_(
          database.prepare("INSERT INTO audit(player, actor, action, reason, until, at) VALUES(?, ?, ?, ?, ?, ?)")),
      insert_outbox_(
          database.prepare("INSERT INTO outbox(player, blocked, until, version, at, reason) VALUES(?, ?, ?, ?, ?, ?)")),
      prune_(database.prepare("DELETE FROM standings WHERE player IN (SELECT player FROM standings WHERE at < ?1 AND "
                              "(state = 'allow' OR until < ?1) LIMIT 100)")) {}

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
  const core::Timestamp now = request.wanted.at;
  auto held = current(request.wanted.player_id);
  if (!held) return std::unexpected(held.error());
  const bool engine = request.actor.empty();
  const bool was_blocked = *held && (*held)->state == core::VerdictAction::block && in_force(**held, now);
  if (engine && *held && in_force(**held, now) && covers(**held, request.wanted)) return std::move(**held);

  ports::PlayerStanding standing = request.wanted;
  // Time in the version keeps it ascending when the row it would have followed was pruned.
  const std::int64_t now_us = now.time_since_epoch().count();
  standing.version = *held ? std::max((*held)->version + 1, now_us) : now_us;
  if (auto stored = store(standing); !stored) return std::unexpected(stored.error());
  if (auto noted = audit(request); !noted) return std::unexpected(noted.error());
  const bool blocked = standing.state == core::VerdictAction::block;
  if (blocked || was_blocked) {
    if (auto announced = announce(standing); !announced) return std::unexpected(announced.error());
  }
  return standing;
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
  return upsert_.run();
}

core::Status StandingWriter::audit(const ports::StandingRequest& request) {
  const ports::PlayerStanding& wanted = request.wanted;
  insert_audit_.bind_text(1, wanted.player_id.str());
  insert_audit_.bind_text(2, request.actor.empty() ? kEngine : std::string_view(request.actor));
  insert_audit_.bind_text(3, request.action).bind_text(4, wanted.reason);
  bind_time(insert_audit_, 5, wanted.until);
  bind_time(insert_audit_, 6, wanted.at);
  return insert_audit_.run();
}

core::Status StandingWriter::announce(const ports::PlayerStanding& standing) {
  const bool blocked = standing.state == core::VerdictAction::block;
  insert_outbox_.bind_text(1, standing.player_id.str()).bind(2, std::int64_t{blocked ? 1 : 0});
  bind_time(insert_outbox_, 3, blocked ? standing.until : std::nullopt);
  insert_outbox_.bind(4, standing.version);
  bind_time(insert_outbox_, 5, standing.at);
  insert_outbox_.bind_text(6, standing.reason);
  return insert_outbox_.run();
}

core::Status StandingWriter::prune(core::Timestamp now) {
  bind_time(prune_, 1, now - kKeepEnded);
  return prune_.run();
}

}  // namespace liveops::adapters::store_sqlite::fairness
