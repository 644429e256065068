#include "adapters/bus_redis/house.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace liveops::adapters::bus_redis {

namespace asio = boost::asio;
using core::Status;
using ports::Task;

namespace {

constexpr std::uint32_t kForgetEvery = 60;  // rounds
constexpr int kMaxTrims = 50;               // of one stream in one round, 10,000 messages each

}  // namespace

House::House(Streams& streams, Capacity& capacity, const Options& options, ports::Log& log, ports::Metrics& metrics)
    : streams_(streams),
      capacity_(capacity),
      options_(options),
      log_(log),
      trimmed_(metrics.counter("liveops_bus_redis_trimmed_total", "messages removed that all groups have passed", {})),
      bytes_(metrics.gauge("liveops_bus_redis_bytes", "memory that the streams take on the server", {})),
      messages_(metrics.gauge("liveops_bus_redis_messages", "messages that the streams hold", {})) {}

asio::awaitable<void> House::run(std::string member) {
  bool failing = false;
  while (!stopping_.load()) {
    const auto seen = stopped_.version();
    const auto kept = co_await keep_if_first(member);
    if (!kept && !failing) {
      log_.warn("cannot keep order on the bus: trying again every second",
                {{"error", kept.error().message}, {"detail", kept.error().detail}});
    }
    failing = !kept;
    if (!stopping_.load()) co_await stopped_.wait(seen, options_.house_interval);
  }
}

void House::stop() {
  stopping_.store(true);
  stopped_.notify();
}

Task<void> House::keep_if_first(std::string member) {
  const auto connections = streams_.client().connections();
  if (connections != seen_connections_) {
    co_await look_at_server();
    if (auto made = co_await ensure_groups(); !made) co_return made;
    seen_connections_ = connections;
  }
  if (auto agreed = co_await streams_.agree_on_shards(); !agreed) co_return agreed;
  const auto hold = std::max(options_.house_interval * 9 / 10, std::chrono::milliseconds(1));
  const auto lock = co_await streams_.client().run(
      {"SET", streams_.keys().trim_lock(), std::move(member), "NX", "PX", std::to_string(hold.count())});
  // Out of memory it cannot be locked, and trimming is what helps.
  if (!lock && !says(lock.error(), "OOM ")) co_return std::unexpected(lock.error());
  if (!lock || !lock->is_nil()) {
    if (auto trimmed = co_await trim_all(); !trimmed) co_return trimmed;
    if (rounds_++ % kForgetEvery == 0) {
      if (auto forgotten = co_await forget_members(); !forgotten) {
        log_.debug("cannot forget members that are gone", {{"error", forgotten.error().message}});
      }
    }
  }
  co_return co_await measure();
}

Task<void> House::keep() {
  if (auto made = co_await ensure_groups(); !made) co_return as_unavailable(std::move(made.error()));
  if (auto trimmed = co_await trim_all(); !trimmed) co_return as_unavailable(std::move(trimmed.error()));
  if (auto measured = co_await measure(); !measured) co_return as_unavailable(std::move(measured.error()));
  co_return Status();
}

asio::awaitable<void> House::look_at_server() {
  std::map<std::string, std::string> settings;
  for (const char* name : {"appendonly", "appendfsync", "maxmemory-policy"}) {
    const auto reply = co_await streams_.client().run({"CONFIG", "GET", name});
    if (!reply || reply->elements.size() < 2) co_return;  // not allowed to look
    settings[name] = reply->elements[1].text;
  }
  const bool durable = settings["appendonly"] == "yes" && settings["appendfsync"] == "always";
  if (settings["maxmemory-policy"] == "noeviction" && (durable || options_.wait_replicas > 0)) co_return;
  log_.warn(
      "the Redis of the bus may lose messages: it should run with maxmemory-policy noeviction, appendonly yes and "
      "appendfsync always",
      {{"maxmemory_policy", settings["maxmemory-policy"]},
       {"appendonly", settings["appendonly"]},
       {"appendfsync", settings["appendfsync"]}});
}

Task<void> House::ensure_groups() {
  for (const auto& group : options_.groups) {
    if (auto made = co_await streams_.ensure_group(group.topic, group.name); !made) co_return made;
  }
  co_return Status();
}

Task<void> House::trim_all() {
  if (options_.groups.empty()) co_return Status();  // cannot tell who may still come
  for (const auto topic : kTopics) {
    for (std::size_t shard = 0; shard < streams_.shards(); ++shard) {
      if (auto trimmed = co_await trim(topic, shard); !trimmed) co_return trimmed;
    }
  }
  co_return Status();
}

Task<void> House::trim(ports::Topic topic, std::size_t shard) {
  const auto need = co_await lowest_need(topic, shard);
  if (!need) co_return std::unexpected(need.error());
  if (need->is_zero()) co_return Status();
  for (int i = 0; i < kMaxTrims; ++i) {
    // Whole nodes only: cheap, and what stays is less than one node.
    const auto removed =
        co_await streams_.client().run({"XTRIM", streams_.keys().stream(topic, shard), "MINID", "~", need->str()});
    if (!removed) co_return std::unexpected(removed.error());
    if (removed->integer == 0) break;
    trimmed_.add(static_cast<double>(removed->integer));
  }
  co_return Status();
}

Task<StreamId> House::lowest_need(ports::Topic topic, std::size_t shard) {
  const auto groups = co_await streams_.groups(topic, shard);
  if (!groups) co_return std::unexpected(groups.error());
  for (const auto& known : options_.groups) {
    if (known.topic != topic) continue;
    if (std::ranges::find(*groups, known.name, &GroupInfo::name) != groups->end()) continue;
    auto made = co_await streams_.ensure_group(topic, known.name);
    if (!made) co_return std::unexpected(made.error());
    co_return StreamId();  // it starts at the oldest message: all is needed
  }
  if (groups->empty()) co_return StreamId();
  StreamId lowest = StreamId::max();
  for (const auto& group : *groups) {
    // What was given by then and is not pending now is done: so later progress of the group cannot make this wrong.
    StreamId need = group.last_delivered.next();
    if (group.pending > 0) {
      const auto oldest = co_await streams_.oldest_pending(topic, shard, group.name);
      if (!oldest) co_return std::unexpected(oldest.error());
      if (*oldest) need = **oldest;
    }
    lowest = std::min(lowest, need);
  }
  co_return lowest;
}

Task<void> House::forget_members() {
  const auto idle = 2 * options_.visibility + std::chrono::minutes(1);
  for (const auto& group : options_.groups) {
    if (auto done = co_await streams_.forget_members(group.topic, group.name, idle, {}); !done) co_return done;
  }
  co_return Status();
}

Task<void> House::measure() {
  const auto before = capacity_.settled();
  std::vector<redis::Command> commands;
  for (const auto topic : kTopics) {
    for (std::size_t shard = 0; shard < streams_.shards(); ++shard) {
      const auto key = streams_.keys().stream(topic, shard);
      commands.push_back({"XLEN", key});
      commands.push_back({"MEMORY", "USAGE", key});
    }
  }
  auto replies = co_await streams_.client().run_all(std::move(commands));
  if (!replies) co_return std::unexpected(replies.error());
  Capacity::Use used;
  for (std::size_t i = 0; i + 1 < replies->size(); i += 2) {
    const auto& length = (*replies)[i];
    const auto& bytes = (*replies)[i + 1];
    if (!length) co_return std::unexpected(length.error());
    used.messages += static_cast<std::uint64_t>(length->integer);
    if (bytes) used.bytes += static_cast<std::uint64_t>(bytes->integer);  // nil: no such key; an error: not allowed
  }
  capacity_.measured(used, before);
  bytes_.set(static_cast<double>(used.bytes));
  messages_.set(static_cast<double>(used.messages));
  co_return Status();
}

}  // namespace liveops::adapters::bus_redis
