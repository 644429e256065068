// Publishing and consuming; event_bus_letters.cpp has the dead letters.
#include "adapters/bus_servicebus/event_bus.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <exception>
#include <filesystem>
#include <utility>

#include "adapters/bus_servicebus/consumer.hpp"
#include "adapters/bus_servicebus/subscriber.hpp"

namespace liveops::adapters::bus_servicebus {

namespace asio = boost::asio;
using core::Errc;
using core::Result;
using core::Status;
using ports::PublishOutcome;
using std::chrono::steady_clock;

namespace {

constexpr std::size_t kMaxMessageIdChars = 128;  // of which an event id takes 36

Status check_options(const Options& options, const ConnectionString& where) {
  if (!options.ca_file.empty() && !std::filesystem::exists(options.ca_file)) {
    return core::fail(Errc::invalid_argument, "SERVICEBUS_CA: there is no file '" + options.ca_file + "'");
  }
  if (options.login == Login::plain && where.key.empty()) {
    return core::fail(Errc::invalid_argument, "SERVICEBUS_LOGIN=plain needs SharedAccessKey in the connection string");
  }
  for (const auto& group : options.groups) {
    if (group.queue.empty() && !is_subscription_name(group.group)) {
      return core::fail(Errc::invalid_argument, "a group's name on Service Bus must be 1-50 of [A-Za-z0-9._-]");
    }
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<EventBus>> EventBus::open(Options options, const core::Clock& clock, ports::Log& log) {
  auto where = parse_connection_string(options.connection_string);
  if (!where) return std::unexpected(where.error());
  if (auto sound = check_options(options, *where); !sound) return std::unexpected(sound.error());
  std::unique_ptr<EventBus> bus(new EventBus(std::move(options), *std::move(where), clock, log));
  if (auto started = bus->start(); !started) return std::unexpected(started.error());
  return bus;
}

EventBus::EventBus(Options options, ConnectionString where, const core::Clock& clock, ports::Log& log)
    : options_(std::move(options)),
      entities_(options_),
      access_{.options = options_, .where = std::move(where), .clock = clock, .log = log} {
  for (const auto& group : options_.groups) groups_.emplace(group.topic, group.group);
}

Status EventBus::start() {
  loop_ = std::make_unique<Loop>(options_.container_id);
  publisher_ = std::make_shared<Publisher>(*loop_, access_, entities_.all_targets());
  loop_->add(publisher_);
  asio::io_context io(1);
  auto is_ready = asio::co_spawn(io, ready(), asio::use_future);
  io.run();
  return is_ready.get();
}

EventBus::~EventBus() {
  if (publisher_) publisher_->close();
  if (desk_) desk_->close();
  loop_.reset();
}

ports::Task<void> EventBus::ready() {
  const auto deadline = steady_clock::now() + options_.request_timeout;
  while (true) {
    const auto seen = publisher_->news().version();
    auto is_ready = co_await check();
    const auto left = deadline - steady_clock::now();
    const bool known = is_ready || is_ready.error().code == Errc::unauthenticated;
    if (known || left <= steady_clock::duration::zero()) co_return is_ready;
    co_await publisher_->news().wait(seen, left);
  }
}

ports::Task<std::vector<PublishOutcome>> EventBus::publish(ports::Topic topic, std::vector<core::Envelope> envelopes) {
  if (envelopes.empty()) co_return core::fail(Errc::invalid_argument, "nothing to publish");
  std::vector<PublishOutcome> outcomes(envelopes.size(), PublishOutcome::refused);
  std::vector<std::string> messages;
  std::vector<std::size_t> places;  // in `outcomes`
  for (std::size_t i = 0; i < envelopes.size(); ++i) {
    if (envelopes[i].body.size() > max_body_bytes() || envelopes[i].key.size() > kMaxMessageIdChars) continue;
    places.push_back(i);
    messages.push_back(encode_message(envelopes[i]));
  }
  if (messages.empty()) co_return outcomes;
  const auto answers = co_await publisher_->publish(entities_.targets(topic), std::move(messages));
  if (!answers) co_return core::fail(Errc::unavailable, answers.error().message, answers.error().detail);
  for (std::size_t i = 0; i < places.size(); ++i) outcomes[places[i]] = (*answers)[i];
  co_return outcomes;
}

ports::Task<std::unique_ptr<ports::EventConsumer>> EventBus::open_consumer(ports::Topic topic, std::string group) {
  if (!is_subscription_name(group)) {
    co_return core::fail(Errc::invalid_argument, "a group's name on Service Bus must be 1-50 of [A-Za-z0-9._-]", group);
  }
  auto subscriber = std::make_shared<Subscriber>(*loop_, access_, entities_.source(topic, group), group);
  loop_->add(subscriber);
  auto consumer = std::make_unique<Consumer>(subscriber, access_);
  if (auto attached = co_await consumer->attached(); !attached) co_return std::unexpected(attached.error());
  const std::lock_guard lock(mutex_);
  groups_.emplace(topic, std::move(group));
  co_return consumer;
}

ports::Task<void> EventBus::check() {
  co_return publisher_->check(entities_.all_targets());
}

std::size_t EventBus::max_body_bytes() const {
  return options_.max_body_bytes;
}

}  // namespace liveops::adapters::bus_servicebus
