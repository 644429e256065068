#include "adapters/store_postgres/fairness/decision_writer.hpp"

#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <unordered_set>

#include "adapters/store_postgres/fairness/rows.hpp"
#include "core/crypto/digest.hpp"

namespace liveops::adapters::store_postgres::fairness {
namespace {

// Ids that are known are left out before they take a number: numbers are what the ring counts.
constexpr postgres::Statement kRecord{"fairness_record_decisions", R"sql(
WITH added AS (
  INSERT INTO fairness.decisions(id, player, event_id, action, rule, mode, observed, expected, evidence, explanation,
    policy, at, detail)
  SELECT v.id, v.player, v.event_id, v.action, v.rule, v.mode, v.observed, v.expected, v.evidence, v.explanation,
    v.policy, v.at, v.detail
  FROM unnest($1::text[], $2::text[], $3::bytea[], $4::text[], $5::text[], $6::text[], $7::double precision[],
    $8::double precision[], $9::double precision[], $10::text[], $11::text[], $12::bigint[], $13::text[])
    WITH ORDINALITY AS v(id, player, event_id, action, rule, mode, observed, expected, evidence, explanation, policy, at,
      detail, place)
  WHERE NOT EXISTS (SELECT FROM fairness.decisions AS known WHERE known.id = v.id)
  ORDER BY v.place
  ON CONFLICT (id) DO NOTHING
  RETURNING player, number)
INSERT INTO fairness.flagged AS f(player, latest, count)
SELECT player, max(number), count(*) FROM added GROUP BY player ORDER BY player
ON CONFLICT (player) DO UPDATE SET latest = greatest(f.latest, excluded.latest), count = f.count + excluded.count)sql"};

// Whoever's latest remark has left the ring leaves the list with it. Rows that another replica removes just now are
// left to it.
constexpr postgres::Statement kTrimFlagged{"fairness_trim_flagged", R"sql(
DELETE FROM fairness.flagged WHERE player IN (
  SELECT player FROM fairness.flagged WHERE latest <= (SELECT max(number) FROM fairness.decisions) - $1::bigint
  LIMIT 2000 FOR UPDATE SKIP LOCKED))sql"};
constexpr postgres::Statement kTrim{"fairness_trim_decisions", R"sql(
DELETE FROM fairness.decisions WHERE number IN (
  SELECT number FROM fairness.decisions WHERE number <= (SELECT max(number) FROM fairness.decisions) - $1::bigint
  ORDER BY number LIMIT 2000 FOR UPDATE SKIP LOCKED))sql"};

using Texts = std::vector<std::string_view>;

/// Numbers as text, exactly.
class Reals {
 public:
  void add(double value) {
    std::array<char, 32> text;
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
    texts_.emplace_back(text.data(), end.ptr);
  }
  [[nodiscard]] Texts views() const { return {texts_.begin(), texts_.end()}; }

 private:
  std::vector<std::string> texts_;
};

postgres::Parameters parameters_of(const std::vector<ports::DecisionRecord>& decisions) {
  Texts ids, players, events, actions, rules, modes, explanations, policies, details;
  Reals observed, expected, evidence;
  std::vector<std::int64_t> times;
  std::unordered_set<std::string_view> seen;
  for (const ports::DecisionRecord& decision : decisions) {
    if (!seen.insert(decision.id).second) continue;
    ids.push_back(decision.id);
    players.push_back(decision.player_id.str());
    events.push_back(core::crypto::as_bytes(decision.event_id.bytes()));
    actions.push_back(decision.action);
    rules.push_back(decision.rule);
    modes.push_back(decision.mode);
    observed.add(decision.observed);
    expected.add(decision.expected);
    evidence.add(decision.evidence);
    explanations.push_back(decision.explanation);
    policies.push_back(decision.policy_version);
    times.push_back(micros_of(decision.at));
    details.push_back(decision.detail);
  }
  postgres::Parameters out;
  out.add_text_array(ids).add_text_array(players).add_bytes_array(events);
  out.add_text_array(actions).add_text_array(rules).add_text_array(modes);
  out.add_text_array(observed.views()).add_text_array(expected.views()).add_text_array(evidence.views());
  out.add_text_array(explanations).add_text_array(policies).add_array(times);
  out.add_text_array(details);
  return out;
}

}  // namespace

ports::Task<void> record_decisions(postgres::Session& session, const std::vector<ports::DecisionRecord>& decisions,
                                   std::int64_t kept) {
  if (decisions.empty()) co_return core::Status{};
  if (auto done = co_await session.look_up_by_key(); !done) co_return std::unexpected(done.error());
  if (const auto recorded = co_await session.run(kRecord, parameters_of(decisions)); !recorded) {
    co_return std::unexpected(recorded.error());
  }
  for (const postgres::Statement& trim : {kTrimFlagged, kTrim}) {
    const auto trimmed = co_await session.run(trim, postgres::Parameters().add(kept));
    if (!trimmed) co_return std::unexpected(trimmed.error());
  }
  co_return core::Status{};
}

}  // namespace liveops::adapters::store_postgres::fairness
