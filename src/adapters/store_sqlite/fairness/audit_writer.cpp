#include "adapters/store_sqlite/fairness/audit_writer.hpp"

#include <string>
#include <vector>

#include "adapters/store_sqlite/fairness/rows.hpp"

namespace liveops::adapters::store_sqlite::fairness {

AuditWriter::AuditWriter(sqlite::Database& database, std::string_view secret)
    : database_(database),
      signer_(secret),
      head_(database.prepare("SELECT lines, hash, signature FROM audit_head")),
      move_head_(database.prepare("INSERT OR REPLACE INTO audit_head(one, lines, hash, signature) VALUES(1, ?, ?, ?)")),
      insert_(database.prepare("INSERT INTO audit(player, actor, action, reason, until, at, since, position, previous, "
                               "hash) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {}

core::Status AuditWriter::append(const ports::AuditEntry& entry) {
  const auto last = head();
  if (!last) return std::unexpected(last.error());
  const ports::AuditLink link = ports::link_after(*last, entry);
  insert_.bind_text(1, entry.player_id.str()).bind_text(2, entry.actor);
  insert_.bind_text(3, entry.action).bind_text(4, entry.reason);
  bind_time(insert_, 5, entry.until);
  bind_time(insert_, 6, entry.at);
  bind_time(insert_, 7, entry.since);
  insert_.bind(8, link.position).bind_text(9, link.previous).bind_text(10, link.hash);
  if (auto added = insert_.run(); !added) return added;
  return move_head(signer_.head_at(link));
}

core::Status AuditWriter::adopt() {
  auto transaction = sqlite::Transaction::begin(database_);
  if (!transaction) return std::unexpected(transaction.error());
  auto last = head();
  if (!last) return std::unexpected(last.error());
  if (!last->signature.empty()) return {};
  sqlite::Statement read =
      database_.prepare("SELECT " + std::string(kAuditColumns) + " FROM audit WHERE position IS NULL ORDER BY number");
  const auto lines = collect(read, read_audit);
  if (!lines) return std::unexpected(lines.error());
  read.reset();
  sqlite::Statement link_up =
      database_.prepare("UPDATE audit SET position = ?2, previous = ?3, hash = ?4 WHERE number = ?1");
  ports::AuditHead end{.signature = signer_.sign(0, ports::kNoLine)};
  for (const ports::AuditEntry& line : *lines) {
    const ports::AuditLink link = ports::link_after(end, line);
    link_up.bind(1, line.number).bind(2, link.position).bind_text(3, link.previous).bind_text(4, link.hash);
    if (auto linked = link_up.run(); !linked) return linked;
    end = signer_.head_at(link);
  }
  if (auto moved = move_head(end); !moved) return moved;
  if (!lines->empty()) {
    if (auto noted = append(ports::adoption_of(end.lines, core::SystemClock().now())); !noted) return noted;
  }
  return transaction->commit();
}

core::Result<ports::AuditHead> AuditWriter::head() {
  head_.reset();
  const auto found = head_.step();
  if (!found) return std::unexpected(found.error());
  ports::AuditHead head;
  if (*found) {
    head = {.lines = head_.int64(0), .hash = std::string(head_.text(1)), .signature = std::string(head_.text(2))};
  }
  head_.reset();
  return head;
}

core::Status AuditWriter::move_head(const ports::AuditHead& head) {
  return move_head_.bind(1, head.lines).bind_text(2, head.hash).bind_text(3, head.signature).run();
}

}  // namespace liveops::adapters::store_sqlite::fairness
