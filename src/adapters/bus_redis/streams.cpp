#include "adapters/bus_redis/streams.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

namespace liveops::adapters::bus_redis {

using core::Errc;
using core::Result;
using core::Status;
using ports::Task;
using redis::Command;

namespace {

/// XGROUP DELCONSUMER drops what the consumer has pending: so looking and forgetting must be one step.
constexpr const char* kForgetMembers = R"(local forgotten = 0
for _, fields in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local consumer = {}
  for i = 1, #fields, 2 do consumer[fields[i]] = fields[i + 1] end
  local wanted = ARGV[3] == '' or consumer['name'] == ARGV[3]
  if wanted and consumer['pending'] == 0 and consumer['idle'] >= tonumber(ARGV[2]) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], consumer['name'])
    forgotten = forgotten + 1
  end
end
return forgotten)";

const redis::Script& forget_script() {
  static const redis::Script script{kForgetMembers};
  return script;
}

const GroupInfo* find_group(const std::vector<GroupInfo>& groups, std::string_view name) {
  const auto found = std::ranges::find(groups, name, &GroupInfo::name);
  return found == groups.end() ? nullptr : &*found;
}

}  // namespace

bool says(const core::Error& error, std::string_view word) {
  return error.detail.contains(word) || error.message.contains(word);
}

std::unexpected<core::Error> as_unavailable(core::Error error) {
  if (error.code == Errc::unavailable) return std::unexpected(std::move(error));
  return core::fail(Errc::unavailable, "the bus cannot be used: " + error.message, std::move(error.detail));
}

Task<void> Streams::agree_on_shards() {
  auto stored = co_await client_.run({"GET", keys_.shards()});
  if (!stored) co_return std::unexpected(stored.error());
  std::size_t theirs = 0;
  std::from_chars(stored->text.data(), stored->text.data() + stored->text.size(), theirs);
  const std::size_t ours = shards_.load();
  if (theirs > ours) shards_.store(theirs);
  if (theirs >= ours) co_return Status();
  auto told = co_await client_.run({"SET", keys_.shards(), std::to_string(ours)});
  if (!told && !says(told.error(), "OOM ")) co_return std::unexpected(told.error());
  co_return Status();
}

Task<void> Streams::ensure_group(ports::Topic topic, std::string group) {
  for (std::size_t shard = 0; shard < shards(); ++shard) {
    // Looks first: a server without memory does not even say that the group exists.
    const auto there = co_await groups(topic, shard);
    if (!there) co_return as_unavailable(there.error());
    if (find_group(*there, group) != nullptr) continue;
    const auto made = co_await client_.run({"XGROUP", "CREATE", keys_.stream(topic, shard), group, "0", "MKSTREAM"});
    if (!made && !says(made.error(), "BUSYGROUP")) co_return as_unavailable(made.error());
  }
  co_return Status();
}

Task<std::vector<GroupInfo>> Streams::groups(ports::Topic topic, std::size_t shard) {
  auto reply = co_await client_.run({"XINFO", "GROUPS", keys_.stream(topic, shard)});
  if (reply) co_return read_groups(*std::move(reply));
  if (says(reply.error(), "no such key")) co_return std::vector<GroupInfo>();
  co_return std::unexpected(reply.error());
}

Task<std::optional<StreamId>> Streams::oldest_pending(ports::Topic topic, std::size_t shard, std::string group) {
  const auto reply = co_await client_.run({"XPENDING", keys_.stream(topic, shard), group});
  if (!reply) co_return std::unexpected(reply.error());
  co_return read_oldest_pending(*reply);
}

Task<Streams::Behind> Streams::behind(ports::Topic topic, std::size_t shard, std::string group) {
  const auto all = co_await groups(topic, shard);
  if (!all) co_return std::unexpected(all.error());
  const auto* found = find_group(*all, group);
  const GroupInfo info = found == nullptr ? GroupInfo{} : *found;  // made again at its next read, from the start
  const auto key = keys_.stream(topic, shard);
  auto length = co_await client_.run({"XLEN", key});
  if (!length) co_return std::unexpected(length.error());
  auto range = co_await client_.run({"XRANGE", key, info.last_delivered.next().str(), "+", "COUNT", "1"});
  if (!range) co_return std::unexpected(range.error());
  const auto unread = read_entries(*std::move(range));
  if (!unread) co_return std::unexpected(unread.error());

  const std::uint64_t at_most = unread->empty() ? 0 : static_cast<std::uint64_t>(length->integer);
  Behind behind{.messages = info.pending + std::min(info.lag.value_or(at_most), at_most), .oldest = StreamId::max()};
  if (!unread->empty()) behind.oldest = unread->front().id;
  if (info.pending == 0) co_return behind;
  const auto pending = co_await oldest_pending(topic, shard, std::move(group));
  if (!pending) co_return std::unexpected(pending.error());
  if (*pending) behind.oldest = std::min(behind.oldest, **pending);
  co_return behind;
}

Task<ports::Backlog> Streams::backlog(ports::Topic topic, std::string group, core::Timestamp now) {
  ports::Backlog backlog;
  StreamId oldest = StreamId::max();
  for (std::size_t shard = 0; shard < shards(); ++shard) {
    const auto part = co_await behind(topic, shard, group);
    if (!part) co_return std::unexpected(part.error());
    backlog.messages += part->messages;
    oldest = std::min(oldest, part->oldest);
  }
  if (backlog.messages > 0 && oldest != StreamId::max()) {
    const auto now_ms = std::chrono::floor<std::chrono::milliseconds>(now).time_since_epoch();
    backlog.oldest_age = std::max(now_ms - std::chrono::milliseconds(oldest.ms), std::chrono::milliseconds(0));
  }
  co_return backlog;
}

Command Streams::read_new(const Membership& who, Span span, std::size_t count, std::chrono::milliseconds block) const {
  const std::size_t of_each = std::max<std::size_t>(1, count / span.streams);
  Command command{"XREADGROUP", "GROUP", who.group, who.member, "COUNT", std::to_string(of_each)};
  // BLOCK 0 would wait for ever.
  if (block.count() > 0) command.insert(command.end(), {"BLOCK", std::to_string(block.count())});
  command.emplace_back("STREAMS");
  for (std::size_t i = 0; i < span.streams; ++i) {
    command.push_back(keys_.stream(who.topic, (span.first + i) % shards()));
  }
  command.insert(command.end(), span.streams, ">");
  return command;
}

Task<std::vector<Entry>> Streams::read_own(Membership who, std::size_t shard, StreamId after, std::size_t count) {
  auto reply = co_await client_.run({"XREADGROUP", "GROUP", who.group, who.member, "COUNT", std::to_string(count),
                                     "STREAMS", keys_.stream(who.topic, shard), after.str()});
  if (!reply) co_return std::unexpected(reply.error());
  auto streams = read_streams(*std::move(reply));
  if (!streams) co_return std::unexpected(streams.error());
  if (streams->empty()) co_return std::vector<Entry>();
  co_return std::move(streams->front().entries);
}

Task<Claimed> Streams::take_over(Membership who, std::size_t shard, std::chrono::milliseconds idle, StreamId cursor,
                                 std::size_t count) {
  auto reply = co_await client_.run({"XAUTOCLAIM", keys_.stream(who.topic, shard), who.group, who.member,
                                     std::to_string(idle.count()), cursor.str(), "COUNT", std::to_string(count)});
  if (!reply) co_return std::unexpected(reply.error());
  co_return read_claimed(*std::move(reply));
}

Task<std::vector<std::uint32_t>> Streams::deliveries(Membership who, std::size_t shard, std::vector<StreamId> ids) {
  std::vector<std::uint32_t> counts(ids.size(), 1);
  if (ids.empty()) co_return counts;
  std::vector<Command> commands;
  commands.reserve(ids.size());
  const auto key = keys_.stream(who.topic, shard);
  for (const auto& id : ids) commands.push_back({"XPENDING", key, who.group, id.str(), id.str(), "1", who.member});
  const auto replies = co_await client_.run_all(std::move(commands));
  if (!replies) co_return std::unexpected(replies.error());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto& reply = (*replies)[i];
    if (!reply) co_return std::unexpected(reply.error());
    const auto pending = read_pending(*reply);
    if (!pending) co_return std::unexpected(pending.error());
    if (!pending->empty()) counts[i] = std::max(1U, pending->front().deliveries);
  }
  co_return counts;
}

Task<void> Streams::run_all(std::vector<Command> commands) {
  if (commands.empty()) co_return Status();
  auto replies = co_await client_.run_all(std::move(commands));
  if (!replies) co_return std::unexpected(replies.error());
  for (auto& reply : *replies) {
    if (!reply && !says(reply.error(), "NOGROUP")) co_return std::unexpected(reply.error());
  }
  co_return Status();
}

std::vector<Command> Streams::by_stream(Command front, ports::Topic topic, const std::vector<Handout>& handouts,
                                        const Command& middle, const Command& back) const {
  std::map<std::uint32_t, Command> commands;
  for (const auto& handout : handouts) {
    auto& command = commands[handout.shard];
    if (command.empty()) {
      command = front;
      command.push_back(keys_.stream(topic, handout.shard));
      command.insert(command.end(), middle.begin(), middle.end());
    }
    command.push_back(handout.id.str());
  }
  std::vector<Command> all;
  for (auto& [shard, command] : commands) {
    command.insert(command.end(), back.begin(), back.end());
    all.push_back(std::move(command));
  }
  return all;
}

Task<void> Streams::ack(ports::Topic topic, std::string group, std::vector<Handout> handouts) {
  co_return co_await run_all(by_stream({"XACK"}, topic, handouts, {group}, {}));
}

Task<void> Streams::set_idle(Membership who, std::vector<Handout> handouts, std::chrono::milliseconds idle) {
  co_return co_await run_all(by_stream({"XCLAIM"}, who.topic, handouts, {who.group, who.member, "0"},
                                       {"IDLE", std::to_string(idle.count()), "JUSTID"}));
}

Task<void> Streams::set_all_idle(Membership who, std::chrono::milliseconds idle) {
  constexpr std::size_t kPage = 1000;
  for (std::uint32_t shard = 0; shard < shards(); ++shard) {
    StreamId from;
    while (true) {
      const auto reply = co_await client_.run(
          {"XPENDING", keys_.stream(who.topic, shard), who.group, from.str(), "+", std::to_string(kPage), who.member});
      if (!reply && says(reply.error(), "NOGROUP")) break;
      if (!reply) co_return std::unexpected(reply.error());
      const auto page = read_pending(*reply);
      if (!page) co_return std::unexpected(page.error());
      std::vector<Handout> handouts;
      for (const auto& pending : *page) handouts.push_back({.shard = shard, .id = pending.id});
      if (auto done = co_await set_idle(who, std::move(handouts), idle); !done) co_return done;
      if (page->size() < kPage) break;
      from = page->back().id.next();
    }
  }
  co_return Status();
}

Task<void> Streams::forget_members(ports::Topic topic, std::string group, std::chrono::milliseconds idle,
                                   std::string only) {
  for (std::size_t shard = 0; shard < shards(); ++shard) {
    const auto reply = co_await forget_script().run(client_, {keys_.stream(topic, shard)},
                                                    {group, std::to_string(idle.count()), only});
    if (!reply) co_return std::unexpected(reply.error());
  }
  co_return Status();
}

}  // namespace liveops::adapters::bus_redis
