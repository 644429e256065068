#include "adapters/bus_redis/event_bus.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <random>
#include <utility>

#include "adapters/bus_redis/consumer.hpp"
#include "adapters/bus_redis/frame.hpp"

namespace liveops::adapters::bus_redis {

using core::Errc;
using core::Result;
using ports::PublishOutcome;
using ports::Task;

namespace {

constexpr std::size_t kMaxShards = 256;
constexpr std::size_t kMaxBatches = 4;        // of publishes under way; more would only make each smaller
constexpr std::uint64_t kEntryOverhead = 32;  // bytes of an entry beside its frame, about

/// No other process has it: host, process and a random number, as process numbers come again in containers.
std::string make_member_name() {
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) host = {"host"};
  std::random_device random;
  return std::string(host.data()) + "-" + std::to_string(getpid()) + "-" + std::to_string(random());
}

Options complete(Options options) {
  if (options.member.empty()) options.member = make_member_name();
  return options;
}

}  // namespace

Result<std::unique_ptr<EventBus>> EventBus::open(Options options, const core::Clock& clock, ports::Log& log,
                                                 ports::Metrics& metrics) {
  if (options.shards == 0 || options.shards > kMaxShards) {
    return core::fail(Errc::invalid_argument, "REDIS_BUS_SHARDS must be 1 to " + std::to_string(kMaxShards) + ", not " +
                                                  std::to_string(options.shards));
  }
  if (options.visibility < std::chrono::seconds(1)) {
    return core::fail(Errc::invalid_argument, "the bus's visibility timeout must be at least a second");
  }
  auto background = std::make_unique<Background>();
  const Outside outside{clock, log, metrics};
  auto commands = connect(*background, options, "bus", outside);
  if (!commands) return std::unexpected(commands.error());
  Clients clients{.commands = *std::move(commands), .publishing = nullptr};
  if (options.wait_replicas > 0) {
    auto publishing = connect(*background, options, "bus-publish", outside);
    if (!publishing) return std::unexpected(publishing.error());
    clients.publishing = *std::move(publishing);
  }
  return std::unique_ptr<EventBus>(
      new EventBus(std::move(background), std::move(clients), complete(std::move(options)), outside));
}

Result<std::unique_ptr<redis::Client>> EventBus::connect(Background& background, const Options& options,
                                                         std::string name, Outside outside) {
  redis::ClientOptions client{.url = options.url, .name = std::move(name)};
  client.max_queued_bytes = 2 * (options.max_queued_bytes + options.max_body_bytes);  // acks have room beside publishes
  client.command_timeout += options.wait_timeout;
  return redis::Client::create(background.executor(), std::move(client), outside.log, outside.metrics);
}

EventBus::EventBus(std::unique_ptr<Background> background, Clients clients, Options options, Outside outside)
    : options_(std::move(options)),
      outside_(outside),
      background_(std::move(background)),
      clients_(std::move(clients)),
      streams_(*clients_.commands, Keys(options_.prefix), options_.shards),
      capacity_({.bytes = options_.max_bytes, .messages = options_.max_messages}),
      dead_(streams_, options_.max_dead_letters, options_.shards),
      house_(streams_, capacity_, options_, outside.log, outside.metrics),
      publisher_(std::make_shared<Publisher>(
          clients_.publishing ? *clients_.publishing : *clients_.commands, *background_, capacity_,
          Publisher::Options{.max_queued_bytes = options_.max_queued_bytes,
                             .max_batches = options_.wait_replicas > 0 ? 1 : kMaxBatches,
                             .wait_replicas = options_.wait_replicas,
                             .wait_timeout = options_.wait_timeout})),
      taken_over_(outside.metrics.counter("liveops_bus_redis_taken_over_total",
                                          "messages handed out again after a nack or the end of their visibility",
                                          {})) {
  background_->spawn(house_.run(options_.member));
}

EventBus::~EventBus() {
  publisher_->end();
  house_.stop();
  background_->wait();
}

Task<std::vector<PublishOutcome>> EventBus::publish(ports::Topic topic, std::vector<core::Envelope> envelopes) {
  if (envelopes.empty()) co_return core::fail(Errc::invalid_argument, "nothing to publish");
  Publisher::Request request;
  request.outcomes.reserve(envelopes.size());
  request.commands.reserve(envelopes.size());
  for (const auto& envelope : envelopes) {
    if (envelope.body.size() > options_.max_body_bytes) {
      request.outcomes.push_back(PublishOutcome::refused);
      continue;
    }
    request.outcomes.push_back(PublishOutcome::stored);
    const auto stream = streams_.keys().stream(topic, shard_of(envelope.key, options_.shards));
    auto& command = request.commands.emplace_back(
        redis::Command{"XADD", stream, "*", std::string(kFrameField), encode_frame(envelope)});
    request.bytes += command.back().size() + kEntryOverhead;
  }
  if (request.commands.empty()) co_return std::move(request.outcomes);
  co_return co_await publisher_->publish(std::move(request));
}

Task<std::unique_ptr<ports::EventConsumer>> EventBus::open_consumer(ports::Topic topic, std::string group) {
  if (auto agreed = co_await streams_.agree_on_shards(); !agreed) co_return as_unavailable(std::move(agreed.error()));
  if (auto made = co_await streams_.ensure_group(topic, group); !made) co_return std::unexpected(made.error());
  auto blocking = connect(*background_, options_, "bus-" + group, outside_);
  if (!blocking) co_return std::unexpected(blocking.error());
  auto member = next_member(topic, group);
  const Member::Bus bus{streams_, dead_, *background_, releases_, outside_.clock, outside_.log, taken_over_, options_};
  co_return std::make_unique<Consumer>(std::make_shared<Member>(
      bus, Membership{.topic = topic, .group = std::move(group), .member = std::move(member)}, *std::move(blocking)));
}

std::string EventBus::next_member(ports::Topic topic, const std::string& group) {
  const std::lock_guard lock(mutex_);
  return options_.member + "-" + std::to_string(members_[{topic, group}]++);
}

Task<void> EventBus::reach() {
  return clients_.commands->check();
}

Task<void> EventBus::check() {
  if (auto reached = co_await reach(); !reached) co_return reached;
  co_return capacity_.check();
}

Task<std::vector<ports::DeadLetter>> EventBus::list(std::size_t limit, std::string after) {
  return dead_.list(limit, std::move(after));
}

Task<ports::DeadLetter> EventBus::show(std::string id) {
  return dead_.show(std::move(id));
}

Task<void> EventBus::redrive(std::string id) {
  return dead_.redrive(std::move(id));
}

}  // namespace liveops::adapters::bus_redis
