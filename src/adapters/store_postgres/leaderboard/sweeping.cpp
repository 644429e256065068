#include "adapters/store_postgres/leaderboard/sweeping.hpp"

#include <algorithm>
#include <optional>

#include "adapters/store_postgres/leaderboard/columns.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

namespace {

constexpr postgres::Statement kPurgeable{"lb_purgeable", R"sql(
SELECT id FROM leaderboard.standings_tables WHERE state = $1::int AND NOT purged ORDER BY id)sql"};

constexpr postgres::Statement kPurgeEnd{"lb_purge_end", R"sql(
SELECT ctid::text FROM leaderboard.standings WHERE ctid > $1::tid OFFSET $2 LIMIT 1)sql"};

constexpr postgres::Statement kPurge{"lb_purge", R"sql(
DELETE FROM leaderboard.standings WHERE ctid > $1::tid AND ctid <= $2::tid AND table_id = ANY($3::int[]))sql"};

constexpr postgres::Statement kPurged{
    "lb_purged", "UPDATE leaderboard.standings_tables SET purged = true WHERE id = ANY($1::int[])"};

constexpr postgres::Statement kForgetEnd{"lb_forget_end", R"sql(
SELECT ctid::text FROM leaderboard.inbox WHERE ctid > $1::tid OFFSET $2 LIMIT 1)sql"};

constexpr postgres::Statement kForget{"lb_forget", R"sql(
DELETE FROM leaderboard.inbox WHERE ctid > $1::tid AND ctid <= $2::tid AND noted_day < $3::int)sql"};

constexpr const char* kTableEnd = "(4294967295,65535)";

/// The place of the `limit`-th row after `after`; nullopt when there are fewer.
ports::Task<std::optional<std::string>> end_of_step(postgres::Session& session, const postgres::Statement& statement,
                                                    const std::string& after, std::size_t limit) {
  postgres::Parameters parameters;
  parameters.add_text(after).add(static_cast<std::int64_t>(std::max<std::size_t>(limit, 1)) - 1);
  const auto found = co_await session.run(statement, std::move(parameters));
  if (!found) co_return std::unexpected(found.error());
  if (found->empty()) co_return std::nullopt;
  co_return std::string(found->text(0, 0));
}

template <class Position>
struct Step {
  Position next;
  std::uint64_t removed = 0;
};

using PurgeStep = Step<PurgeRound::Position>;
using ForgetStep = Step<std::string>;

ports::Task<std::vector<std::int64_t>> purgeable_tables(postgres::Session& session) {
  postgres::Parameters parameters;
  parameters.add(number(ports::StandingsState::sealed));
  const auto rows = co_await session.run(kPurgeable, std::move(parameters));
  if (!rows) co_return std::unexpected(rows.error());
  std::vector<std::int64_t> tables;
  for (std::size_t i = 0; i < rows->size(); ++i) tables.push_back(rows->int64(i, 0));
  co_return tables;
}

ports::Task<PurgeStep> purge(postgres::Session& session, PurgeRound::Position from, std::size_t limit) {
  if (from.tables.empty()) {
    auto tables = co_await purgeable_tables(session);
    if (!tables) co_return std::unexpected(tables.error());
    if (tables->empty()) co_return PurgeStep{};
    from = {kTableStart, std::move(*tables)};
  }
  const auto end = co_await end_of_step(session, kPurgeEnd, from.after, limit);
  if (!end) co_return std::unexpected(end.error());
  postgres::Parameters parameters;
  parameters.add_text(from.after).add_text(end->value_or(kTableEnd)).add_array(from.tables);
  const auto removed = co_await session.run(kPurge, std::move(parameters));
  if (!removed) co_return std::unexpected(removed.error());
  if (*end) co_return PurgeStep{{**end, std::move(from.tables)}, removed->affected()};
  postgres::Parameters cleared;
  cleared.add_array(from.tables);
  const auto marked = co_await session.run(kPurged, std::move(cleared));
  if (!marked) co_return std::unexpected(marked.error());
  co_return PurgeStep{{}, removed->affected()};
}

ports::Task<ForgetStep> forget(postgres::Session& session, std::string after, core::Timestamp before,
                               std::size_t limit) {
  const auto end = co_await end_of_step(session, kForgetEnd, after, limit);
  if (!end) co_return std::unexpected(end.error());
  postgres::Parameters parameters;
  parameters.add_text(after).add_text(end->value_or(kTableEnd)).add(day_of(before));
  const auto removed = co_await session.run(kForget, std::move(parameters));
  if (!removed) co_return std::unexpected(removed.error());
  co_return ForgetStep{end->value_or(kTableStart), removed->affected()};
}

template <class T>
T copy_of(std::mutex& mutex, const T& value) {
  const std::lock_guard lock(mutex);
  return value;
}

template <class T>
void assign(std::mutex& mutex, T& to, T value) {
  const std::lock_guard lock(mutex);
  to = std::move(value);
}

}  // namespace

ports::Task<std::uint64_t> PurgeRound::step(postgres::Pool& pool, std::size_t limit) {
  const auto from = copy_of(mutex_, position_);
  auto done =
      co_await pool.transaction<PurgeStep>([&](postgres::Session& session) { return purge(session, from, limit); });
  if (!done) co_return std::unexpected(done.error());
  assign(mutex_, position_, std::move(done->next));
  co_return done->removed;
}

ports::Task<std::uint64_t> ForgetRound::step(postgres::Pool& pool, core::Timestamp before, std::size_t limit) {
  const auto from = copy_of(mutex_, after_);
  auto done = co_await pool.transaction<ForgetStep>(
      [&](postgres::Session& session) { return forget(session, from, before, limit); });
  if (!done) co_return std::unexpected(done.error());
  assign(mutex_, after_, std::move(done->next));
  co_return done->removed;
}

}  // namespace liveops::adapters::store_postgres::leaderboard
