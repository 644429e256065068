#include "adapters/bus_local/dead_letter_table.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "adapters/bus_local/segment.hpp"

namespace liveops::adapters::bus_local {

using core::Result;
using core::Status;
using ports::DeadLetter;

namespace {

constexpr std::string_view kColumns =
    "SELECT id, topic, consumer_group, reason, attempts, dead_us, frame FROM dead_letters ";

/// 0, which no letter has, for what is not a number.
std::int64_t parse_id(std::string_view text) {
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  return error == std::errc() && end == text.data() + text.size() ? id : 0;
}

std::string select(std::string_view where) {
  return std::string(kColumns) + std::string(where);
}

Result<DeadLetter> read_row(const sqlite::Statement& row) {
  const auto frames = Frames::parse(row.blob(6), 1);
  if (!frames) return std::unexpected(frames.error());
  auto envelope = frames->read(0);
  if (!envelope) return std::unexpected(envelope.error());
  return DeadLetter{.id = std::to_string(row.int64(0)),
                    .topic = static_cast<ports::Topic>(row.int64(1)),
                    .group = std::string(row.text(2)),
                    .reason = std::string(row.text(3)),
                    .attempts = static_cast<std::uint32_t>(row.int64(4)),
                    .dead_at = core::Timestamp(std::chrono::microseconds(row.int64(5))),
                    .envelope = *std::move(envelope)};
}

std::unexpected<core::Error> no_such_letter() {
  return core::fail(core::Errc::not_found, "no such dead letter");
}

}  // namespace

DeadLetterTable::DeadLetterTable(sqlite::Database& database)
    : database_(database),
      insert_(database.prepare("INSERT INTO dead_letters (topic, consumer_group, reason, attempts, dead_us, frame)"
                               " VALUES (?1, ?2, ?3, ?4, ?5, ?6)")),
      list_(database.prepare(select("WHERE id > ?1 AND redrive_requested = 0 ORDER BY id LIMIT ?2"))),
      find_(database.prepare(select("WHERE id = ?1 AND redrive_requested = 0"))),
      request_(
          database.prepare("UPDATE dead_letters SET redrive_requested = 1 WHERE id = ?1 AND redrive_requested = 0")),
      requested_(database.prepare(select("WHERE redrive_requested = 1 ORDER BY id LIMIT 256"))),
      remove_(database.prepare("DELETE FROM dead_letters WHERE id = ?1")) {}

Status DeadLetterTable::add(const DeadLetter& letter) {
  Frames frames;
  if (!frames.add(letter.envelope)) return core::fail(core::Errc::invalid_argument, "envelope too large to store");
  insert_.bind(1, static_cast<std::int64_t>(letter.topic)).bind_text(2, letter.group).bind_text(3, letter.reason);
  insert_.bind(4, std::int64_t{letter.attempts}).bind(5, letter.dead_at.time_since_epoch().count());
  return insert_.bind_blob(6, frames.bytes).run();
}

Result<std::vector<DeadLetter>> DeadLetterTable::list(std::size_t limit, std::string_view after) {
  const auto most = std::min<std::size_t>(limit, std::numeric_limits<std::int32_t>::max());
  list_.bind(1, parse_id(after)).bind(2, static_cast<std::int64_t>(most));
  return read_all(list_);
}

Result<DeadLetter> DeadLetterTable::find(std::string_view id) {
  find_.bind(1, parse_id(id));
  auto found = read_all(find_);
  if (!found) return std::unexpected(found.error());
  if (found->empty()) return no_such_letter();
  return std::move(found->front());
}

Status DeadLetterTable::request_redrive(std::string_view id) {
  if (auto done = request_.bind(1, parse_id(id)).run(); !done) return done;
  if (database_.changes() == 0) return no_such_letter();
  return {};
}

Result<std::vector<DeadLetter>> DeadLetterTable::requested() {
  return read_all(requested_);
}

Status DeadLetterTable::remove(std::string_view id) {
  return remove_.bind(1, parse_id(id)).run();
}

Result<std::vector<DeadLetter>> DeadLetterTable::read_all(sqlite::Statement& select) {
  std::vector<DeadLetter> letters;
  while (true) {
    const auto row = select.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) break;
    auto letter = read_row(select);
    if (!letter) {
      select.reset();
      return std::unexpected(letter.error());
    }
    letters.push_back(*std::move(letter));
  }
  select.reset();
  return letters;
}

}  // namespace liveops::adapters::bus_local
