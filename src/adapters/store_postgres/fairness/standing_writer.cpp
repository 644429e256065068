#include "adapters/store_postgres/fairness/standing_writer.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "adapters/store_postgres/fairness/audit_writer.hpp"
#include "adapters/store_postgres/fairness/rows.hpp"
#include "ports/standing_rules.hpp"

namespace liveops::adapters::store_postgres::fairness {
namespace {

constexpr std::chrono::days kKeepEnded{30};

// A player without a standing gets an empty one (version 0), so that there is a row to lock: it never outlives the
// transaction, as the request that it was made for is always granted. The update changes nothing but locks the row.
constexpr postgres::Statement kLock{"fairness_lock_standings", R"sql(
INSERT INTO fairness.standings AS s(player, state, version, reason, rule, policy, decision, at, action, written_by)
SELECT p.player, 'allow', 0, '', '', '', '', 0, '', '0'::xid8
FROM unnest($1::text[]) WITH ORDINALITY AS p(player, place) ORDER BY p.place
ON CONFLICT (player) DO UPDATE SET version = s.version
RETURNING s.player, s.state, s.until, s.version, s.reason, s.rule, s.policy, s.decision, s.at, s.disqualified_since,
  s.disqualified_for)sql"};

constexpr postgres::Statement kStore{"fairness_store_standings", R"sql(
UPDATE fairness.standings AS s
SET state = v.state, until = v.until, version = v.version, reason = v.reason, rule = v.rule, policy = v.policy,
  decision = v.decision, at = v.at, action = v.action, disqualified_since = v.disqualified_since,
  disqualified_for = v.disqualified_for, written_by = pg_current_xact_id()
FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[],
  $9::bigint[], $10::text[], $11::bigint[], $12::text[])
  AS v(player, state, until, version, reason, rule, policy, decision, at, action, disqualified_since, disqualified_for)
WHERE s.player = v.player)sql"};

constexpr postgres::Statement kAnnounce{"fairness_add_outbox", R"sql(
INSERT INTO fairness.outbox(player, blocked, until, version, at, reason, disqualified_since, disqualified_for,
  overturned_since)
SELECT v.player, v.blocked <> 0, v.until, v.version, v.at, v.reason, v.disqualified_since,
  CASE WHEN v.disqualified_since IS NOT NULL THEN v.disqualified_for END, v.overturned_since
FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::bigint[], $8::text[],
  $9::bigint[])
  WITH ORDINALITY AS v(player, blocked, until, version, at, reason, disqualified_since, disqualified_for,
    overturned_since, place)
ORDER BY v.place)sql"};

// Rows that somebody else holds are left for another time: waiting for them here could close a circle.
constexpr postgres::Statement kPrune{"fairness_prune_standings", R"sql(
DELETE FROM fairness.standings WHERE player IN (
  SELECT player FROM fairness.standings WHERE over_at < $1::bigint AND version > 0 AND disqualified_since IS NULL
  LIMIT 100
  FOR UPDATE SKIP LOCKED))sql"};

using Texts = std::vector<std::string_view>;
using Numbers = std::vector<std::int64_t>;
using OptionalNumbers = std::vector<std::optional<std::int64_t>>;

std::optional<std::int64_t> since_of(const std::optional<core::Disqualification>& disqualified) {
  if (!disqualified) return std::nullopt;
  return micros_of(disqualified->since);
}

std::string_view reason_of(const std::optional<core::Disqualification>& disqualified) {
  return disqualified ? std::string_view(disqualified->reason) : std::string_view();
}

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
      audited_.push_back(ports::audit_entry_of(request));
      if (settled.change) announced_.push_back(std::move(*settled.change));
    }
    results_.push_back(std::move(settled.standing));
  }

  [[nodiscard]] bool changed_anything() const { return !latest_.empty(); }
  [[nodiscard]] bool announces_anything() const { return !announced_.empty(); }
  [[nodiscard]] postgres::Parameters standings() const;
  [[nodiscard]] const std::vector<ports::AuditEntry>& audited() const { return audited_; }
  [[nodiscard]] postgres::Parameters announcements() const;
  [[nodiscard]] std::vector<ports::PlayerStanding> take_results() { return std::move(results_); }

 private:
  std::map<core::PlayerId, std::optional<ports::PlayerStanding>> held_;
  std::map<core::PlayerId, ports::StandingNews> latest_;
  std::vector<ports::AuditEntry> audited_;
  std::vector<core::StandingChange> announced_;
  std::vector<ports::PlayerStanding> results_;
};

postgres::Parameters Batch::standings() const {
  Texts players, states, reasons, rules, policies, decisions, actions, disqualified_for;
  OptionalNumbers untils, disqualified_since;
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
    disqualified_since.push_back(since_of(standing.disqualified));
    disqualified_for.push_back(reason_of(standing.disqualified));
  }
  postgres::Parameters out;
  out.add_text_array(players).add_text_array(states).add_array(untils).add_array(versions);
  out.add_text_array(reasons).add_text_array(rules).add_text_array(policies).add_text_array(decisions);
  out.add_array(times).add_text_array(actions).add_array(disqualified_since).add_text_array(disqualified_for);
  return out;
}

postgres::Parameters Batch::announcements() const {
  Texts players, reasons, disqualified_for;
  OptionalNumbers untils, disqualified_since, overturned_since;
  Numbers blocked, versions, times;
  for (const core::StandingChange& change : announced_) {
    players.push_back(change.player_id.str());
    blocked.push_back(change.blocked ? 1 : 0);
    untils.push_back(micros_of(change.until));
    versions.push_back(change.version);
    times.push_back(micros_of(change.at));
    reasons.push_back(change.reason);
    disqualified_since.push_back(since_of(change.disqualified));
    disqualified_for.push_back(reason_of(change.disqualified));
    overturned_since.push_back(micros_of(change.overturned_since));
  }
  postgres::Parameters out;
  out.add_text_array(players).add_array(blocked).add_array(untils).add_array(versions).add_array(times);
  out.add_text_array(reasons).add_array(disqualified_since).add_text_array(disqualified_for);
  out.add_array(overturned_since);
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

ports::Task<void> write(postgres::Session& session, const Batch& batch, const ports::AuditSigner& signer) {
  if (const auto stored = co_await session.run(kStore, batch.standings()); !stored) {
    co_return std::unexpected(stored.error());
  }
  if (batch.announces_anything()) {
    const auto announced = co_await session.run(kAnnounce, batch.announcements());
    if (!announced) co_return std::unexpected(announced.error());
  }
  // Last: from here on no other replica can add to the audit until this transaction ends.
  co_return co_await append_audit(session, batch.audited(), signer);
}

}  // namespace

ports::Task<std::vector<ports::PlayerStanding>> put_standings(postgres::Session& session,
                                                              const std::vector<ports::StandingRequest>& requests,
                                                              const ports::AuditSigner& signer) {
  if (requests.empty()) co_return std::vector<ports::PlayerStanding>{};
  if (auto done = co_await session.look_up_by_key(); !done) co_return std::unexpected(done.error());
  auto batch = co_await lock_players(session, requests);
  if (!batch) co_return std::unexpected(batch.error());
  for (const ports::StandingRequest& request : requests) batch->settle(request);
  if (batch->changed_anything()) {
    const std::int64_t long_ago = micros_of(requests.front().wanted.at - kKeepEnded);
    const auto pruned = co_await session.run(kPrune, postgres::Parameters().add(long_ago));
    if (!pruned) co_return std::unexpected(pruned.error());
    const auto written = co_await write(session, *batch, signer);
    if (!written) co_return std::unexpected(written.error());
  }
  co_return batch->take_results();
}

}  // namespace liveops::adapters::store_postgres::fairness
