#include "adapters/store_sqlite/fairness/review_reader.hpp"

#include <limits>
#include <string>
#include <utility>

#include "adapters/store_sqlite/fairness/rows.hpp"

namespace liveops::adapters::store_sqlite::fairness {
namespace {

constexpr std::string_view kSelect =
    "SELECT id, player, rule, action, evidence, summary, remark, at, remarks, opened_at, worker, claimed_until, "
    "outcome, decided_by, reason, decided_at, carried_out FROM reviews ";

core::Result<ports::ReviewCase> read_case(const sqlite::Statement& row) {
  ports::ReviewCase found{.id = row.int64(0),
                          .latest = {.player_id = core::PlayerId::trusted(std::string(row.text(1))),
                                     .rule = std::string(row.text(2)),
                                     .action = std::string(row.text(3)),
                                     .evidence = row.real(4),
                                     .summary = std::string(row.text(5)),
                                     .decision_id = std::string(row.text(6)),
                                     .at = read_time(row, 7)},
                          .remarks = row.int64(8),
                          .opened_at = read_time(row, 9),
                          .claim = {},
                          .decision = {}};
  if (!row.is_null(10)) found.claim = {.worker = std::string(row.text(10)), .until = read_time(row, 11)};
  if (!row.is_null(12)) {
    found.decision = {.outcome = static_cast<ports::ReviewOutcome>(row.int64(12)),
                      .worker = std::string(row.text(13)),
                      .reason = std::string(row.text(14)),
                      .at = read_time(row, 15),
                      .carried_out = row.int64(16) != 0};
  }
  return found;
}

std::string_view condition(ports::ReviewState state) {
  switch (state) {
    case ports::ReviewState::open:
      return " AND outcome IS NULL AND (claimed_until IS NULL OR claimed_until <= ?2)";
    case ports::ReviewState::claimed:
      return " AND outcome IS NULL AND claimed_until > ?2";
    case ports::ReviewState::decided:
      return " AND outcome IS NOT NULL";
  }
  return {};
}

core::Result<ports::RuleReviews> read_rule(const sqlite::Statement& row) {
  return ports::RuleReviews{
      .rule = std::string(row.text(0)), .undecided = row.int64(1), .upheld = row.int64(2), .overturned = row.int64(3)};
}

}  // namespace

core::Result<std::vector<ports::ReviewCase>> ReviewReader::list(const ports::ReviewFilter& filter, core::Timestamp now,
                                                                std::size_t limit, std::optional<std::int64_t> before) {
  std::string sql = std::string(kSelect) + "WHERE id < ?1";
  if (filter.state) sql += condition(*filter.state);
  if (filter.rule) sql += " AND rule = ?3";
  if (filter.player) sql += " AND player = ?4";
  sqlite::Statement query = database_.prepare(sql + " ORDER BY id DESC LIMIT ?5");
  query.bind(1, before.value_or(std::numeric_limits<std::int64_t>::max()));
  if (filter.state && *filter.state != ports::ReviewState::decided) bind_time(query, 2, now);
  if (filter.rule) query.bind_text(3, *filter.rule);
  if (filter.player) query.bind_text(4, filter.player->str());
  query.bind(5, static_cast<std::int64_t>(limit));
  return collect(query, read_case);
}

core::Result<ports::ReviewCase> ReviewReader::find(std::int64_t id) {
  sqlite::Statement query = database_.prepare(std::string(kSelect) + "WHERE id = ?");
  query.bind(1, id);
  auto found = collect(query, read_case);
  if (!found) return std::unexpected(found.error());
  if (found->empty()) return core::fail(core::Errc::not_found, "There is no such case, or it is too old to be kept.");
  return std::move(found->front());
}

core::Result<std::vector<ports::ReviewCase>> ReviewReader::to_carry_out(std::size_t limit) {
  sqlite::Statement query = database_.prepare(std::string(kSelect) + "WHERE carried_out = 0 ORDER BY id LIMIT ?");
  query.bind(1, static_cast<std::int64_t>(limit));
  return collect(query, read_case);
}

core::Result<std::vector<ports::RuleReviews>> ReviewReader::summary() {
  sqlite::Statement query = database_.prepare(
      "SELECT rule, sum(undecided), sum(upheld), sum(overturned) FROM ("
      "SELECT rule, 1 AS undecided, 0 AS upheld, 0 AS overturned FROM reviews WHERE outcome IS NULL "
      "UNION ALL SELECT rule, 0, upheld, overturned FROM review_outcomes) GROUP BY rule ORDER BY rule");
  return collect(query, read_rule);
}

}  // namespace liveops::adapters::store_sqlite::fairness
