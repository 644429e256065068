#include "adapters/store_postgres/fairness/audit_trail.hpp"

#include <utility>

#include "adapters/store_postgres/fairness/rows.hpp"

namespace liveops::adapters::store_postgres::fairness {
namespace {

using postgres::Session;

constexpr std::size_t kLinkColumn = 8;  // after what `read_audit` reads

constexpr postgres::Statement kHead{"fairness_audit_head", "SELECT lines, hash, signature FROM fairness.audit_head"};

constexpr postgres::Statement kLines{"fairness_audit_lines", R"sql(
SELECT number, player, actor, action, reason, until, at, since, position, coalesce(previous, ''), coalesce(hash, '')
FROM fairness.audit WHERE position > $1::bigint ORDER BY position LIMIT $2::bigint)sql"};

constexpr postgres::Statement kLoose{"fairness_audit_loose", R"sql(
SELECT number, player, actor, action, reason, until, at, since
FROM fairness.audit WHERE position IS NULL ORDER BY number LIMIT $1::bigint)sql"};

core::Result<ports::AuditLine> read_line(const postgres::Rows& rows, std::size_t row) {
  auto entry = read_audit(rows, row);
  if (!entry) return std::unexpected(entry.error());
  return ports::AuditLine{.entry = std::move(*entry),
                          .link = {.position = rows.int64(row, kLinkColumn),
                                   .previous = read_text(rows, row, kLinkColumn + 1),
                                   .hash = read_text(rows, row, kLinkColumn + 2)}};
}

ports::Task<std::optional<ports::AuditHead>> read_head(Session& session) {
  const auto rows = co_await session.run(kHead, {});
  if (!rows) co_return std::unexpected(rows.error());
  if (rows->empty()) co_return std::optional<ports::AuditHead>();
  co_return ports::AuditHead{
      .lines = rows->int64(0, 0), .hash = read_text(*rows, 0, 1), .signature = read_text(*rows, 0, 2)};
}

ports::Task<std::vector<ports::AuditLine>> read_lines(Session& session, std::int64_t after, std::size_t limit) {
  postgres::Parameters parameters;
  parameters.add(after).add(static_cast<std::int64_t>(limit));
  const auto rows = co_await session.run(kLines, std::move(parameters));
  co_return collect(rows, read_line);
}

ports::Task<std::vector<ports::AuditEntry>> read_loose(Session& session, std::size_t limit) {
  const auto rows = co_await session.run(kLoose, postgres::Parameters().add(static_cast<std::int64_t>(limit)));
  co_return collect(rows, read_audit);
}

}  // namespace

ports::Task<std::optional<ports::AuditHead>> AuditTrail::head() {
  co_return co_await pool_.read<std::optional<ports::AuditHead>>([](Session& session) { return read_head(session); });
}

ports::Task<std::vector<ports::AuditLine>> AuditTrail::lines(std::int64_t after, std::size_t limit) {
  co_return co_await pool_.read<std::vector<ports::AuditLine>>(
      [after, limit](Session& session) { return read_lines(session, after, limit); });
}

ports::Task<std::vector<ports::AuditEntry>> AuditTrail::loose(std::size_t limit) {
  co_return co_await pool_.read<std::vector<ports::AuditEntry>>(
      [limit](Session& session) { return read_loose(session, limit); });
}

}  // namespace liveops::adapters::store_postgres::fairness
