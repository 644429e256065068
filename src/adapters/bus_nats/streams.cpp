#include "adapters/bus_nats/streams.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <limits>
#include <utility>

namespace liveops::adapters::bus_nats {

namespace json = boost::json;
using core::Errc;
using core::Status;
using ports::Topic;

namespace {

constexpr std::array kTopics{Topic::events, Topic::verdicts};

std::size_t index_of(Topic topic) {
  return static_cast<std::size_t>(topic);
}

core::Error about(std::string_view what, core::Error error) {
  error.message = std::string(what) + ": " + error.message;
  return error;
}

}  // namespace

Streams::Streams(Client& client, const Options& options, const Names& names, ports::Log& log)
    : client_(client), options_(options), names_(names), log_(log), groups_(options.groups) {}

ports::Task<void> Streams::ensure() {
  for (const auto topic : kTopics) {
    auto made = co_await ensure_stream(names_.stream(topic), names_.subjects(topic), options_.max_bytes);
    if (!made) co_return made;
  }
  auto made = co_await ensure_stream(names_.dead_stream(), names_.dead_subjects(), options_.max_dead_bytes);
  if (!made) co_return made;
  std::vector<GroupOfTopic> groups;
  {
    const std::lock_guard lock(mutex_);
    groups = groups_;
    trimmed_to_ = {};  // the streams may be new ones
  }
  for (auto& group : groups) {
    if (auto added = co_await ensure_consumer(std::move(group)); !added) co_return added;
  }
  co_return Status();
}

ports::Task<void> Streams::ensure_stream(std::string name, std::string subjects, std::uint64_t max_bytes) {
  const auto max_age = name == names_.dead_stream() ? std::chrono::seconds(0) : options_.max_age;
  const auto config = to_json({.name = name,
                               .subjects = std::move(subjects),
                               .max_bytes = max_bytes,
                               .max_age = max_age,
                               .duplicate_window = max_age.count() == 0 ? options_.duplicate_window
                                                                        : std::min(options_.duplicate_window, max_age),
                               .replicas = options_.replicas});
  auto made = co_await client_.ask("STREAM.CREATE." + name, config);
  if (!made && made.error().code == Errc::conflict) {
    log_.info("a stream's settings are changed to what is configured", {{"stream", name}});
    made = co_await client_.ask("STREAM.UPDATE." + name, config);
  }
  if (!made) co_return std::unexpected(about("stream " + name, std::move(made.error())));
  co_return Status();
}

ports::Task<void> Streams::add_group(GroupOfTopic group) {
  {
    const std::lock_guard lock(mutex_);
    if (std::ranges::find(groups_, group) == groups_.end()) groups_.push_back(group);
    consumed_[index_of(group.topic)] = true;
  }
  return ensure_consumer(std::move(group));
}

ports::Task<void> Streams::ensure_consumer(GroupOfTopic group) {
  const auto stream = names_.stream(group.topic);
  // The filter leaves nothing out. A server before 2.9.12 forgets what the consumers of a stream that is purged have in
  // hand, so that it never comes again, but spares those with a filter. Source: `purge` in server/stream.go and
  // server/consumer.go of nats-server 2.9.10.
  const auto config = to_json(ConsumerConfig{.stream = stream,
                                             .name = group.group,
                                             .subjects = names_.types(group.topic),
                                             .ack_wait = options_.visibility,
                                             .max_ack_pending = options_.max_in_flight});
  auto made = co_await client_.ask("CONSUMER.DURABLE.CREATE." + stream + "." + group.group, config);
  if (!made) co_return std::unexpected(about("group " + group.group + " of " + stream, std::move(made.error())));
  co_return Status();
}

ports::Task<void> Streams::trim() {
  for (const auto topic : kTopics) {
    {
      const std::lock_guard lock(mutex_);
      if (!consumed_[index_of(topic)]) continue;
    }
    if (auto trimmed = co_await trim(topic); !trimmed) co_return trimmed;
  }
  co_return Status();
}

ports::Task<void> Streams::trim(Topic topic) {
  const auto stream = names_.stream(topic);
  const auto found = co_await consumers(stream);
  if (!found) co_return std::unexpected(found.error());
  std::uint64_t acked_by_all = std::numeric_limits<std::uint64_t>::max();
  {
    const std::lock_guard lock(mutex_);
    for (const auto& group : groups_) {
      const bool exists = std::ranges::find(*found, group.group, &ConsumerState::name) != found->end();
      if (group.topic == topic && !exists) {
        co_return core::fail(Errc::unavailable, "group " + group.group + " is not there", stream);
      }
    }
    for (const auto& consumer : *found) acked_by_all = std::min(acked_by_all, consumer.ack_floor);
    if (found->empty() || acked_by_all <= trimmed_to_[index_of(topic)]) co_return Status();
  }
  const auto keep_from = json::serialize(json::object{{"seq", acked_by_all + 1}});
  auto purged = co_await client_.ask("STREAM.PURGE." + stream, keep_from);
  if (!purged) co_return std::unexpected(about("stream " + stream, std::move(purged.error())));
  const std::lock_guard lock(mutex_);
  trimmed_to_[index_of(topic)] = acked_by_all;
  co_return Status();
}

ports::Task<std::vector<ConsumerState>> Streams::consumers(std::string stream) {
  std::vector<ConsumerState> found;
  std::size_t seen = 0;
  while (true) {
    const auto page = co_await client_.ask("CONSUMER.LIST." + stream, json::serialize(json::object{{"offset", seen}}));
    if (!page) co_return std::unexpected(about("stream " + stream, page.error()));
    const auto* list = page->if_contains("consumers");
    if (list == nullptr || !list->is_array() || list->get_array().empty()) co_return found;
    for (const auto& info : list->get_array()) {
      auto consumer = parse_consumer(info.is_object() ? info.get_object() : json::object());
      if (!consumer) co_return std::unexpected(consumer.error());
      if (consumer->durable) found.push_back(*std::move(consumer));
    }
    seen += list->get_array().size();
    const auto* total = page->if_contains("total");
    if (total == nullptr || !total->is_int64() || static_cast<std::int64_t>(seen) >= total->get_int64())
      co_return found;
  }
}

ports::Task<void> Streams::check() {
  const auto stream = names_.stream(Topic::events);
  const auto info = co_await client_.ask("STREAM.INFO." + stream, {});
  if (!info) co_return core::fail(Errc::unavailable, about("stream " + stream, info.error()).message);
  const auto bytes = parse_stream_bytes(*info);
  if (!bytes) co_return std::unexpected(bytes.error());
  if (*bytes + options_.max_body_bytes > options_.max_bytes) {
    co_return core::fail(Errc::rate_limited, "stream " + stream +
                                                 " is full: a consumer group is behind, or gone for good (then remove "
                                                 "it), or NATS_MAX_BYTES is too small");
  }
  co_return Status();
}

}  // namespace liveops::adapters::bus_nats
