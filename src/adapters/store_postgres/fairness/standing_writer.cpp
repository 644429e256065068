#include "adapters/store_postgres/fairness/standing_writer.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "adapters/store_postgres/fairness/rows.hpp"
#include "ports/standing_rules.hpp"

namespace liveops::adapters::store_postgres::fairness {
namespace {

constexpr std::string_view kEngine = "engine";
constexpr std::chrono::days kKeepEnded{30};

// A player without a standing gets an empty one (version 0), so that there is a row to lock: it never outlives the
// transaction, as the request that it was made for is always granted. The update changes nothing but locks the row.
constexpr postgres::Statement kLock{"fairness_lock_standings", R"sql(
INSERT INTO fairness.standings AS s(player, state, version, reason, rule, policy, decision, at, action, written_by)
SELECT p.player, 'allow', 0, '', '', '', '', 0, '', '0'::xid8
FROM unnest($1::text[]) WITH ORDINALITY AS p(player, place) ORDER BY p.place
ON CONFLICT (player) DO UPDATE SET version = s.version
RETURNING s.player, s.state, s.until, s.version, s.reason, s.rule, s.policy, s.decision, s.at)sql"};

constexpr postgres::Statement kStore{"fairness_store_standings", R"sql(
UPDATE fairness.standings AS s
SET state = v.state, until = v.until, version = v.version, reason = v.reason, rule = v.rule, policy = v.policy,
  decision = v.decision, at = v.at, action = v.action, written_by = pg_current_xact_id()
FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[],
  $9::bigint[], $10::text[]) AS v(player, state, until, version, reason, rule, policy, decision, at, action)
WHERE s.player = v.player)sql"};

constexpr postgres::Statement kAudit{"fairness_add_audit", R"sql(
INSERT INTO fairness.audit(player, actor, action, reason, until, at)
SELECT v.player, v.actor, v.action, v.reason, v.until, v.at
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
  WITH ORDINALITY AS v(player, actor, action, reason, until, at, place) ORDER BY v.place)sql"};

constexpr postgres::Statement kAnnounce{"fairness_add_outbox", R"sql(
INSERT INTO fairness.outbox(player, blocked, until, version, at, reason)
SELECT v.player, v.blocked <> 0, v.until, v.version, v.at, v.reason
FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[])
  WITH ORDINALITY AS v(player, blocked, until, version, at, reason, place) ORDER BY v.place)sql"};

// Rows that somebody else holds are left for another time: waiting for them here could close a circle.
constexpr postgres::Statement kPrune{"fairness_prune_standings", R"sql(
DELETE FROM fairness.standings WHERE player IN (
  SELECT player FROM fairness.standings WHERE over_at < $1::bigint AND version > 0 LIMIT 100
  FOR UPDATE SKIP LOCKED))sql"};

using Texts = std::vector<std::string_view>;
using Numbers = std::vector<std::int64_t>;
using OptionalNumbers = std::vector<std::optional<std::int64_t>>;

/// The requests of one transaction, settled one after the other.
class Batch {
 public:
  /// `held`: of every player, the row that was locked.
  explicit Batch(std::map<core::PlayerId, std::optional<ports::PlayerStanding>> held) : held_(std::move(held)) {}

  void settle(const ports::StandingRequest& request) {
    std::optional<ports::PlayerStanding>& held = held_[request.wanted.player_id];
    ports::SettledStanding settled = ports::settle(held, request);
    if (settled.changed) {
      held = settled.standing;
      latest_[request.wanted.player_id] = {settled.standing, request.action};
      audited_.push_back(&request);
      if (settled.to_be_published) announced_.push_back(ports::change_of(settled.standing));
    }
    results_.push_back(std::move(settled.standing));
  }

  [[nodiscard]] bool changed_anything() const { return !latest_.empty(); }
  [[nodiscard]] bool announces_anything() const { return !announced_.empty(); }
  [[nodiscard]] postgres::Parameters standings() const;
  [[nodiscard]] postgres::Parameters audit() const;
  [[nodiscard]] postgres::Parameters announcements() const;
  [[nodiscard]] std::vector<ports::PlayerStanding> take_results() { return std::move(results_); }

 private:
  std::map<core::PlayerId, std::optional<ports::PlayerStanding>> held_;
  std::map<core::PlayerId, ports::StandingNews> latest_;
  std::vector<const ports::StandingRequest*> audited_;
  std::vector<core::StandingChange> announced_;
  std::vector<ports::PlayerStanding> results_;
};

postgres::Parameters Batch::standings() const {
  Texts players, states, reasons, rules, policies, decisions, actions;
  OptionalNumbers untils;
  Numbers versions, times;
  for (const auto& [player, news] : latest_) {
    const ports::PlayerStanding& standing = news.standing;
    players.push_back(player.str());
    states.push_back(core::to_string(standing.state));
    untils.push_back(micros_of(standing.until));
    versions.push_back(standing.version);
    reasons.push_back(standing.reason);
    rules.push_back(standing.rule);
    policies.push_back(standing.policy_version);
    decisions.push_back(standing.decision_id);
    times.push_back(micros_of(standing.at));
    actions.push_back(news.action);
  }
  postgres::Parameters out;
  out.add_text_array(players).add_text_array(states).add_array(untils).add_array(versions);
  out.add_text_array(reasons).add_text_array(rules).add_text_array(policies).add_text_array(decisions);
  out.add_array(times).add_text_array(actions);
  return out;
}

postgres::Parameters Batch::audit() const {
  Texts players, actors, actions, reasons;
  OptionalNumbers untils;
  Numbers times;
  for (const ports::StandingRequest* request : audited_) {
    players.push_back(request->wanted.player_id.str());
    actors.push_back(request->actor.empty() ? kEngine : std::string_view(request->actor));
    actions.push_back(request->action);
    reasons.push_back(request->wanted.reason);
    untils.push_back(micros_of(request->wanted.until));
    times.push_back(micros_of(request->wanted.at));
  }
  postgres::Parameters out;
  out.add_text_array(players).add_text_array(actors).add_text_array(actions).add_text_array(reasons);
  out.add_array(untils).add_array(times);
  return out;
}

postgres::Parameters Batch::announcements() const {
  Texts players, reasons;
  OptionalNumbers untils;
  Numbers blocked, versions, times;
  for (const core::StandingChange& change : announced_) {
    players.push_back(change.player_id.str());
    blocked.push_back(change.blocked ? 1 : 0);
    untils.push_back(micros_of(change.until));
    versions.push_back(change.version);
    times.push_back(micros_of(change.at));
    reasons.push_back(change.reason);
  }
  postgres::Parameters out;
  out.add_text_array(players).add_array(blocked).add_array(untils).add_array(versions).add_array(times);
  out.add_text_array(reasons);
  return out;
}

ports::Task<Batch> lock_players(postgres::Session& session, const std::vector<ports::StandingRequest>& requests) {
  std::map<core::PlayerId, std::optional<ports::PlayerStanding>> held;  // its order is that of the locks
  for (const ports::StandingRequest& request : requests) held.try_emplace(request.wanted.player_id);
  Texts players;
  for (const auto& [player, standing] : held) players.push_back(player.str());
  const auto rows = co_await session.run(kLock, postgres::Parameters().add_text_array(players));
  if (!rows) co_return std::unexpected(rows.error());
  for (std::size_t row = 0; row < rows->size(); ++row) {
    auto standing = read_standing(*rows, row);
    if (!standing) co_return std::unexpected(standing.error());
    if (standing->version > 0) held[standing->player_id] = std::move(*standing);
  }
  co_return Batch(std::move(held));
}

ports::Task<void> write(postgres::Session& session, const Batch& batch) {
  if (const auto stored = co_await session.run(kStore, batch.standings()); !stored) {
    co_return std::unexpected(stored.error());
  }
  if (const auto noted = co_await session.run(kAudit, batch.audit()); !noted) co_return std::unexpected(noted.error());
  if (!batch.announces_anything()) co_return core::Status{};
  const auto announced = co_await session.run(kAnnounce, batch.announcements());
  if (!announced) co_return std::unexpected(announced.error());
  co_return core::Status{};
}

}  // namespace

ports::Task<std::vector<ports::PlayerStanding>> put_standings(postgres::Session& session,
                                                              const std::vector<ports::StandingRequest>& requests) {
  if (requests.empty()) co_return std::vector<ports::PlayerStanding>{};
  auto batch = co_await lock_players(session, requests);
  if (!batch) co_return std::unexpected(batch.error());
  for (const ports::StandingRequest& request : requests) batch->settle(request);
  if (batch->changed_anything()) {
    if (const auto written = co_await write(session, *batch); !written) co_return std::unexpected(written.error());
    const std::int64_t long_ago = micros_of(requests.front().wanted.at - kKeepEnded);
    const auto pruned = co_await session.run(kPrune, postgres::Parameters().add(long_ago));
    if (!pruned) co_return std::unexpected(pruned.error());
  }
  co_return batch->take_results();
}

}  // namespace liveops::adapters::store_postgres::fairness
