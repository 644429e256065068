#include "adapters/store_postgres/fairness/review_reader.hpp"

#include <limits>
#include <utility>

#include "adapters/store_postgres/fairness/rows.hpp"

namespace liveops::adapters::store_postgres::fairness {
namespace {

// The state as a number: ports::ReviewState. A parameter that is NULL filters nothing.
constexpr postgres::Statement kList{"fairness_list_reviews", R"sql(
SELECT id, player, rule, action, evidence, summary, remark, at, remarks, opened_at, worker, claimed_until, outcome,
  decided_by, reason, decided_at, carried_out
FROM fairness.reviews
WHERE id < $1::bigint AND ($2::text IS NULL OR rule = $2) AND ($3::text IS NULL OR player = $3)
  AND ($4::int IS NULL OR $4 = CASE WHEN outcome IS NOT NULL THEN 2 WHEN claimed_until > $5::bigint THEN 1 ELSE 0 END)
ORDER BY id DESC LIMIT $6::bigint)sql"};

constexpr postgres::Statement kFind{"fairness_find_review", R"sql(
SELECT id, player, rule, action, evidence, summary, remark, at, remarks, opened_at, worker, claimed_until, outcome,
  decided_by, reason, decided_at, carried_out
FROM fairness.reviews WHERE id = $1::bigint)sql"};

constexpr postgres::Statement kLock{"fairness_lock_review", R"sql(
SELECT id, player, rule, action, evidence, summary, remark, at, remarks, opened_at, worker, claimed_until, outcome,
  decided_by, reason, decided_at, carried_out
FROM fairness.reviews WHERE id = $1::bigint FOR UPDATE)sql"};

constexpr postgres::Statement kToCarryOut{"fairness_reviews_to_carry_out", R"sql(
SELECT id, player, rule, action, evidence, summary, remark, at, remarks, opened_at, worker, claimed_until, outcome,
  decided_by, reason, decided_at, carried_out
FROM fairness.reviews WHERE NOT carried_out ORDER BY id LIMIT $1::bigint)sql"};

constexpr postgres::Statement kSummary{"fairness_review_summary", R"sql(
SELECT rule, sum(undecided)::bigint, sum(upheld)::bigint, sum(overturned)::bigint FROM (
  SELECT rule, 1 AS undecided, 0 AS upheld, 0 AS overturned FROM fairness.reviews WHERE outcome IS NULL
  UNION ALL SELECT rule, 0, upheld, overturned FROM fairness.review_outcomes) AS counted
GROUP BY rule ORDER BY rule)sql"};

core::Result<ports::ReviewCase> read_case(const postgres::Rows& rows, std::size_t row) {
  ports::ReviewCase found{.id = rows.int64(row, 0),
                          .latest = {.player_id = core::PlayerId::trusted(read_text(rows, row, 1)),
                                     .rule = read_text(rows, row, 2),
                                     .action = read_text(rows, row, 3),
                                     .evidence = rows.real(row, 4),
                                     .summary = read_text(rows, row, 5),
                                     .decision_id = read_text(rows, row, 6),
                                     .at = read_time(rows, row, 7)},
                          .remarks = rows.int64(row, 8),
                          .opened_at = read_time(rows, row, 9),
                          .claim = {},
                          .decision = {}};
  if (!rows.is_null(row, 10)) found.claim = {.worker = read_text(rows, row, 10), .until = read_time(rows, row, 11)};
  if (!rows.is_null(row, 12)) {
    found.decision = {.outcome = static_cast<ports::ReviewOutcome>(rows.int64(row, 12)),
                      .worker = read_text(rows, row, 13),
                      .reason = read_text(rows, row, 14),
                      .at = read_time(rows, row, 15),
                      .carried_out = rows.boolean(row, 16)};
  }
  return found;
}

core::Result<ports::RuleReviews> read_rule(const postgres::Rows& rows, std::size_t row) {
  return ports::RuleReviews{.rule = read_text(rows, row, 0),
                            .undecided = rows.int64(row, 1),
                            .upheld = rows.int64(row, 2),
                            .overturned = rows.int64(row, 3)};
}

ports::Task<ports::ReviewCase> read_one(postgres::Session& session, const postgres::Statement& statement,
                                        std::int64_t id) {
  const auto rows = co_await session.run(statement, postgres::Parameters().add(id));
  auto found = collect(rows, read_case);
  if (!found) co_return std::unexpected(found.error());
  if (found->empty()) {
    co_return core::fail(core::Errc::not_found, "There is no such case, or it is too old to be kept.");
  }
  co_return std::move(found->front());
}

}  // namespace

ports::Task<std::vector<ports::ReviewCase>> list_reviews(postgres::Session& session, const ports::ReviewFilter& filter,
                                                         core::Timestamp now, std::size_t limit,
                                                         std::optional<std::int64_t> before) {
  postgres::Parameters parameters;
  parameters.add(before.value_or(std::numeric_limits<std::int64_t>::max()));
  filter.rule ? parameters.add_text(*filter.rule) : parameters.add_null();
  filter.player ? parameters.add_text(filter.player->str()) : parameters.add_null();
  filter.state ? parameters.add(static_cast<std::int64_t>(*filter.state)) : parameters.add_null();
  parameters.add(micros_of(now)).add(static_cast<std::int64_t>(limit));
  const auto rows = co_await session.run(kList, std::move(parameters));
  co_return collect(rows, read_case);
}

ports::Task<ports::ReviewCase> find_review(postgres::Session& session, std::int64_t id) {
  return read_one(session, kFind, id);
}

ports::Task<ports::ReviewCase> lock_review(postgres::Session& session, std::int64_t id) {
  return read_one(session, kLock, id);
}

ports::Task<std::vector<ports::ReviewCase>> reviews_to_carry_out(postgres::Session& session, std::size_t limit) {
  const auto rows = co_await session.run(kToCarryOut, postgres::Parameters().add(static_cast<std::int64_t>(limit)));
  co_return collect(rows, read_case);
}

ports::Task<std::vector<ports::RuleReviews>> summarize_reviews(postgres::Session& session) {
  const auto rows = co_await session.run(kSummary, {});
  co_return collect(rows, read_rule);
}

}  // namespace liveops::adapters::store_postgres::fairness
