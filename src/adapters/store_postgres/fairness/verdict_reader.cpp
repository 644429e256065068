#include "adapters/store_postgres/fairness/verdict_reader.hpp"

#include <limits>
#include <utility>

#include "adapters/store_postgres/fairness/rows.hpp"

namespace liveops::adapters::store_postgres::fairness {
namespace {

constexpr postgres::Statement kActive{"fairness_active", R"sql(
SELECT player, state, until, version, reason, rule, policy, decision, at, disqualified_since, disqualified_for
FROM fairness.standings WHERE state <> 'allow' AND (until IS NULL OR until > $1::bigint) ORDER BY player)sql"};

constexpr postgres::Statement kPosition{"fairness_position", R"sql(
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint)sql"};

constexpr postgres::Statement kChanges{"fairness_changes", R"sql(
SELECT player, state, until, version, reason, rule, policy, decision, at, disqualified_since, disqualified_for, action
FROM fairness.standings WHERE written_by >= $1::text::xid8)sql"};

constexpr postgres::Statement kDecision{"fairness_decision", R"sql(
SELECT id, player, event_id, action, rule, mode, observed, expected, evidence, explanation, policy, at, detail
FROM fairness.decisions WHERE id = $1::text)sql"};

constexpr postgres::Statement kStandingOf{"fairness_standing_of", R"sql(
SELECT player, state, until, version, reason, rule, policy, decision, at, disqualified_since, disqualified_for
FROM fairness.standings WHERE player = $1::text)sql"};

constexpr postgres::Statement kDecisionsOf{"fairness_decisions_of", R"sql(
SELECT id, player, event_id, action, rule, mode, observed, expected, evidence, explanation, policy, at, detail
FROM fairness.decisions WHERE player = $1::text ORDER BY number DESC LIMIT $2::bigint)sql"};

constexpr postgres::Statement kAuditOf{"fairness_audit_of", R"sql(
SELECT number, player, actor, action, reason, until, at, since
FROM fairness.audit WHERE player = $1::text ORDER BY number DESC LIMIT $2::bigint)sql"};

constexpr postgres::Statement kFlagged{"fairness_flagged", R"sql(
SELECT f.latest, f.count, d.id, d.player, d.event_id, d.action, d.rule, d.mode, d.observed, d.expected, d.evidence,
  d.explanation, d.policy, d.at, d.detail
FROM fairness.flagged AS f JOIN fairness.decisions AS d ON d.number = f.latest
WHERE f.latest < $1::bigint ORDER BY f.latest DESC LIMIT $2::bigint)sql"};

constexpr postgres::Statement kPending{"fairness_pending", R"sql(
SELECT number, player, blocked, until, version, at, reason, disqualified_since, disqualified_for, overturned_since
FROM fairness.outbox ORDER BY number LIMIT $1::bigint)sql"};

core::Result<ports::DecisionRecord> read_plain_decision(const postgres::Rows& rows, std::size_t row) {
  return read_decision(rows, row, 0);
}

core::Result<ports::StandingNews> read_news(const postgres::Rows& rows, std::size_t row) {
  auto standing = read_standing(rows, row);
  if (!standing) return std::unexpected(standing.error());
  return ports::StandingNews{.standing = std::move(*standing), .action = read_text(rows, row, 11)};
}

core::Result<ports::FlaggedPlayer> read_flagged_player(const postgres::Rows& rows, std::size_t row) {
  auto latest = read_decision(rows, row, 2);
  if (!latest) return std::unexpected(latest.error());
  const core::PlayerId player = latest->player_id;
  return ports::FlaggedPlayer{
      .position = rows.int64(row, 0), .player_id = player, .count = rows.int64(row, 1), .latest = std::move(*latest)};
}

core::Result<ports::PendingChange> read_change(const postgres::Rows& rows, std::size_t row) {
  return ports::PendingChange{.number = rows.int64(row, 0),
                              .change = {.player_id = core::PlayerId::trusted(read_text(rows, row, 1)),
                                         .blocked = rows.boolean(row, 2),
                                         .until = read_optional_time(rows, row, 3),
                                         .version = rows.int64(row, 4),
                                         .at = read_time(rows, row, 5),
                                         .reason = read_text(rows, row, 6),
                                         .disqualified = read_disqualification(rows, row, 7),
                                         .overturned_since = read_optional_time(rows, row, 9)}};
}

postgres::Parameters player_and_limit(const core::PlayerId& player, std::size_t limit) {
  return std::move(postgres::Parameters().add_text(player.str()).add(static_cast<std::int64_t>(limit)));
}

}  // namespace

ports::Task<std::vector<ports::PlayerStanding>> read_active(postgres::Session& session, core::Timestamp now) {
  co_return collect(co_await session.run(kActive, postgres::Parameters().add(micros_of(now))), read_standing);
}

ports::Task<ports::StandingFeed> read_changes(postgres::Session& session, std::int64_t position) {
  ports::StandingFeed feed;
  // The same snapshot as that of the rows below: what it does not show yet is at or above the position.
  const auto next = co_await session.run(kPosition, {});
  if (!next) co_return std::unexpected(next.error());
  feed.position = next->int64(0, 0);
  if (position == 0) co_return feed;
  auto news =
      collect(co_await session.run(kChanges, postgres::Parameters().add_text(std::to_string(position))), read_news);
  if (!news) co_return std::unexpected(news.error());
  feed.news = std::move(*news);
  co_return feed;
}

ports::Task<ports::DecisionRecord> read_one_decision(postgres::Session& session, const std::string& id) {
  const auto rows = co_await session.run(kDecision, postgres::Parameters().add_text(id));
  if (!rows) co_return std::unexpected(rows.error());
  if (rows->empty()) {
    co_return core::fail(core::Errc::not_found, "There is no such decision, or it is too old to be kept.");
  }
  co_return read_decision(*rows, 0, 0);
}

ports::Task<ports::PlayerHistory> read_history(postgres::Session& session, const core::PlayerId& player,
                                               std::size_t limit) {
  ports::PlayerHistory history;
  auto standings =
      collect(co_await session.run(kStandingOf, postgres::Parameters().add_text(player.str())), read_standing);
  if (!standings) co_return std::unexpected(standings.error());
  if (!standings->empty()) history.standing = std::move(standings->front());
  auto decisions = collect(co_await session.run(kDecisionsOf, player_and_limit(player, limit)), read_plain_decision);
  if (!decisions) co_return std::unexpected(decisions.error());
  history.decisions = std::move(*decisions);
  auto audit = collect(co_await session.run(kAuditOf, player_and_limit(player, limit)), read_audit);
  if (!audit) co_return std::unexpected(audit.error());
  history.audit = std::move(*audit);
  co_return history;
}

ports::Task<std::vector<ports::FlaggedPlayer>> read_flagged(postgres::Session& session, std::size_t limit,
                                                            std::optional<std::int64_t> before) {
  postgres::Parameters parameters;
  parameters.add(before.value_or(std::numeric_limits<std::int64_t>::max())).add(static_cast<std::int64_t>(limit));
  co_return collect(co_await session.run(kFlagged, std::move(parameters)), read_flagged_player);
}

ports::Task<std::vector<ports::PendingChange>> read_pending(postgres::Session& session, std::size_t limit) {
  co_return collect(co_await session.run(kPending, postgres::Parameters().add(static_cast<std::int64_t>(limit))),
                    read_change);
}

}  // namespace liveops::adapters::store_postgres::fairness
