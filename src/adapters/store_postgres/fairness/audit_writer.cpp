#include "adapters/store_postgres/fairness/audit_writer.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include "adapters/store_postgres/fairness/rows.hpp"

namespace liveops::adapters::store_postgres::fairness {
namespace {

constexpr std::int64_t kAdoptedAtOnce = 1000;

constexpr postgres::Statement kLockHead{"fairness_lock_audit_head",
                                        "SELECT lines, hash, signature FROM fairness.audit_head FOR UPDATE"};

constexpr postgres::Statement kMoveHead{
    "fairness_move_audit_head",
    "UPDATE fairness.audit_head SET lines = $1::bigint, hash = $2::text, signature = $3::text"};

constexpr postgres::Statement kAppend{"fairness_add_audit", R"sql(
INSERT INTO fairness.audit(player, actor, action, reason, until, at, since, position, previous, hash)
SELECT v.player, v.actor, v.action, v.reason, v.until, v.at, v.since, v.position, v.previous, v.hash
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
  $9::text[], $10::text[]) AS v(player, actor, action, reason, until, at, since, position, previous, hash)
ORDER BY v.position)sql"};

constexpr postgres::Statement kLoose{"fairness_loose_audit", R"sql(
SELECT number, player, actor, action, reason, until, at, since
FROM fairness.audit WHERE position IS NULL ORDER BY number LIMIT $1::bigint)sql"};

constexpr postgres::Statement kLinkUp{"fairness_link_audit", R"sql(
UPDATE fairness.audit AS a SET position = v.position, previous = v.previous, hash = v.hash
FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[]) AS v(number, position, previous, hash)
WHERE a.number = v.number)sql"};

ports::Task<ports::AuditHead> lock_head(postgres::Session& session) {
  const auto rows = co_await session.run(kLockHead, {});
  if (!rows) co_return std::unexpected(rows.error());
  if (rows->empty()) co_return core::fail(core::Errc::corrupt, "fairness.audit_head is empty: the audit has no end");
  co_return ports::AuditHead{
      .lines = rows->int64(0, 0), .hash = read_text(*rows, 0, 1), .signature = read_text(*rows, 0, 2)};
}

ports::Task<void> move_head(postgres::Session& session, ports::AuditHead head) {
  postgres::Parameters parameters;
  parameters.add(head.lines).add_text(head.hash).add_text(head.signature);
  const auto moved = co_await session.run(kMoveHead, std::move(parameters));
  if (!moved) co_return std::unexpected(moved.error());
  co_return core::Status{};
}

/// The links of lines that follow `head`, which is moved to their end.
std::vector<ports::AuditLink> link_up(const std::vector<ports::AuditEntry>& entries, const ports::AuditSigner& signer,
                                      ports::AuditHead& head) {
  std::vector<ports::AuditLink> links;
  links.reserve(entries.size());
  for (const ports::AuditEntry& entry : entries) {
    links.push_back(ports::link_after(head, entry));
    head.lines = links.back().position;
    head.hash = links.back().hash;
  }
  head.signature = signer.sign(head.lines, head.hash);
  return links;
}

postgres::Parameters parameters_of(const std::vector<ports::AuditEntry>& entries,
                                   const std::vector<ports::AuditLink>& links) {
  std::vector<std::string_view> players, actors, actions, reasons, previous, hashes;
  std::vector<std::optional<std::int64_t>> untils, sinces;
  std::vector<std::int64_t> times, positions;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    players.push_back(entries[i].player_id.str());
    actors.push_back(entries[i].actor);
    actions.push_back(entries[i].action);
    reasons.push_back(entries[i].reason);
    untils.push_back(micros_of(entries[i].until));
    sinces.push_back(micros_of(entries[i].since));
    times.push_back(micros_of(entries[i].at));
    positions.push_back(links[i].position);
    previous.push_back(links[i].previous);
    hashes.push_back(links[i].hash);
  }
  postgres::Parameters out;
  out.add_text_array(players).add_text_array(actors).add_text_array(actions).add_text_array(reasons);
  out.add_array(untils).add_array(times).add_array(sinces).add_array(positions);
  out.add_text_array(previous).add_text_array(hashes);
  return out;
}

postgres::Parameters link_parameters(const std::vector<ports::AuditEntry>& entries,
                                     const std::vector<ports::AuditLink>& links) {
  std::vector<std::string_view> previous, hashes;
  std::vector<std::int64_t> numbers, positions;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    numbers.push_back(entries[i].number);
    positions.push_back(links[i].position);
    previous.push_back(links[i].previous);
    hashes.push_back(links[i].hash);
  }
  postgres::Parameters out;
  out.add_array(numbers).add_array(positions).add_text_array(previous).add_text_array(hashes);
  return out;
}

}  // namespace

ports::Task<void> append_audit(postgres::Session& session, const std::vector<ports::AuditEntry>& entries,
                               const ports::AuditSigner& signer) {
  if (entries.empty()) co_return core::Status{};
  auto head = co_await lock_head(session);
  if (!head) co_return std::unexpected(head.error());
  const auto links = link_up(entries, signer, *head);
  const auto added = co_await session.run(kAppend, parameters_of(entries, links));
  if (!added) co_return std::unexpected(added.error());
  co_return co_await move_head(session, std::move(*head));
}

ports::Task<void> adopt_audit(postgres::Session& session, const ports::AuditSigner& signer) {
  auto head = co_await lock_head(session);
  if (!head) co_return std::unexpected(head.error());
  if (!head->signature.empty()) co_return core::Status{};
  head->signature = signer.sign(head->lines, head->hash);
  for (;;) {
    const auto rows = co_await session.run(kLoose, postgres::Parameters().add(kAdoptedAtOnce));
    const auto lines = collect(rows, read_audit);
    if (!lines) co_return std::unexpected(lines.error());
    if (lines->empty()) break;
    const auto links = link_up(*lines, signer, *head);
    const auto linked = co_await session.run(kLinkUp, link_parameters(*lines, links));
    if (!linked) co_return std::unexpected(linked.error());
  }
  const std::int64_t adopted = head->lines;
  if (auto moved = co_await move_head(session, std::move(*head)); !moved || adopted == 0) co_return moved;
  const std::vector<ports::AuditEntry> note{ports::adoption_of(adopted, core::SystemClock().now())};
  co_return co_await append_audit(session, note, signer);
}

}  // namespace liveops::adapters::store_postgres::fairness
