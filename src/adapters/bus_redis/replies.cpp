#include "adapters/bus_redis/replies.hpp"

#include <charconv>
#include <utility>

namespace liveops::adapters::bus_redis {

using core::Result;
using redis::Reply;

namespace {

bool is_array(const Reply& reply, std::size_t at_least = 0) {
  return reply.kind == Reply::Kind::array && reply.elements.size() >= at_least;
}

std::unexpected<core::Error> unexpected_shape(std::string_view command) {
  return core::fail(core::Errc::corrupt, "Redis gave an answer of another shape", std::string(command));
}

void set_field(Entry& entry, std::string_view name, std::string value) {
  if (name == kFrameField) {
    entry.frame = std::move(value);
  } else if (name == kGroupField) {
    entry.group = std::move(value);
  } else if (name == kReasonField) {
    entry.reason = std::move(value);
  } else if (name == kAttemptsField) {
    std::from_chars(value.data(), value.data() + value.size(), entry.attempts);
  }
}

bool read_entry(Reply& reply, Entry& entry) {
  if (!is_array(reply, 2)) return false;
  const auto id = StreamId::parse(reply.elements[0].text);
  if (!id) return false;
  entry.id = *id;
  auto& fields = reply.elements[1];
  entry.deleted = fields.is_nil();
  if (entry.deleted) return true;
  if (!is_array(fields)) return false;
  for (std::size_t i = 0; i + 1 < fields.elements.size(); i += 2) {
    set_field(entry, fields.elements[i].text, std::move(fields.elements[i + 1].text));
  }
  return true;
}

bool read_group(Reply& reply, GroupInfo& group) {
  if (!is_array(reply)) return false;
  for (std::size_t i = 0; i + 1 < reply.elements.size(); i += 2) {
    const std::string_view name = reply.elements[i].text;
    auto& value = reply.elements[i + 1];
    if (name == "name") group.name = std::move(value.text);
    if (name == "pending") group.pending = static_cast<std::uint64_t>(value.integer);
    if (name == "lag" && value.kind == Reply::Kind::integer) group.lag = static_cast<std::uint64_t>(value.integer);
    if (name == "last-delivered-id") {
      const auto id = StreamId::parse(value.text);
      if (!id) return false;
      group.last_delivered = *id;
    }
  }
  return true;
}

}  // namespace

Result<std::vector<Entry>> read_entries(Reply reply) {
  std::vector<Entry> entries;
  if (reply.is_nil()) return entries;
  if (!is_array(reply)) return unexpected_shape("XRANGE");
  entries.reserve(reply.elements.size());
  for (auto& element : reply.elements) {
    if (!read_entry(element, entries.emplace_back())) return unexpected_shape("XRANGE");
  }
  return entries;
}

Result<std::vector<StreamEntries>> read_streams(Reply reply) {
  std::vector<StreamEntries> streams;
  if (reply.is_nil()) return streams;  // nothing came in time
  if (!is_array(reply)) return unexpected_shape("XREADGROUP");
  for (auto& element : reply.elements) {
    if (!is_array(element, 2)) return unexpected_shape("XREADGROUP");
    auto entries = read_entries(std::move(element.elements[1]));
    if (!entries) return std::unexpected(entries.error());
    streams.push_back({std::move(element.elements[0].text), *std::move(entries)});
  }
  return streams;
}

Result<Claimed> read_claimed(Reply reply) {
  if (!is_array(reply, 2)) return unexpected_shape("XAUTOCLAIM");
  const auto next = StreamId::parse(reply.elements[0].text);
  auto entries = read_entries(std::move(reply.elements[1]));
  if (!next || !entries) return unexpected_shape("XAUTOCLAIM");
  Claimed claimed{.next = *next, .entries = *std::move(entries), .deleted = {}};
  if (reply.elements.size() < 3) return claimed;  // servers before 7.0
  for (const auto& element : reply.elements[2].elements) {
    if (const auto id = StreamId::parse(element.text)) claimed.deleted.push_back(*id);
  }
  return claimed;
}

Result<std::vector<GroupInfo>> read_groups(Reply reply) {
  if (!is_array(reply)) return unexpected_shape("XINFO GROUPS");
  std::vector<GroupInfo> groups;
  for (auto& element : reply.elements) {
    if (!read_group(element, groups.emplace_back())) return unexpected_shape("XINFO GROUPS");
  }
  return groups;
}

Result<std::vector<Pending>> read_pending(const Reply& reply) {
  if (!is_array(reply)) return unexpected_shape("XPENDING");
  std::vector<Pending> pending;
  for (const auto& element : reply.elements) {
    if (!is_array(element, 4)) return unexpected_shape("XPENDING");
    const auto id = StreamId::parse(element.elements[0].text);
    if (!id) return unexpected_shape("XPENDING");
    pending.push_back({*id, static_cast<std::uint32_t>(element.elements[3].integer)});
  }
  return pending;
}

Result<std::optional<StreamId>> read_oldest_pending(const Reply& reply) {
  if (!is_array(reply, 2)) return unexpected_shape("XPENDING");
  if (reply.elements[0].integer == 0) return std::nullopt;
  const auto id = StreamId::parse(reply.elements[1].text);
  if (!id) return unexpected_shape("XPENDING");
  return id;
}

}  // namespace liveops::adapters::bus_redis
