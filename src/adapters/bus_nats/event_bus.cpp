#include "adapters/bus_nats/event_bus.hpp"

#include <pthread.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <utility>

#include "adapters/bus_nats/consumer.hpp"
#include "adapters/bus_nats/frame.hpp"

namespace liveops::adapters::bus_nats {

namespace asio = boost::asio;
using core::Errc;
using core::Result;
using core::Status;
using ports::PublishOutcome;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr milliseconds kTick{100};       // how often waits are ended whose time has passed
constexpr milliseconds kLookPause{250};  // between two looks at the server's streams

}  // namespace

Result<std::unique_ptr<EventBus>> EventBus::open(Options options, const core::Clock& clock, ports::Log& log) {
  if (!is_plain(options.prefix)) {
    return core::fail(Errc::invalid_argument, "NATS_PREFIX must be 1-64 of [A-Za-z0-9_-]");
  }
  for (const auto& group : options.groups) {
    if (!is_plain(group.group)) {
      return core::fail(Errc::invalid_argument, "a group's name on NATS must be 1-64 of [A-Za-z0-9_-]");
    }
  }
  std::unique_ptr<EventBus> bus(new EventBus(std::move(options), clock, log));
  if (auto started = bus->start(); !started) return std::unexpected(started.error());
  return bus;
}

EventBus::EventBus(Options options, const core::Clock& clock, ports::Log& log)
    : options_(std::move(options)), names_(options_.prefix), clock_(clock), log_(log) {}

Status EventBus::start() {
  auto client = Client::open(options_, [this] { start_over(); });
  if (!client) return std::unexpected(client.error());
  client_ = *std::move(client);
  streams_ = std::make_unique<Streams>(*client_, options_, names_, log_);
  dead_letters_ = std::make_unique<DeadLetterStream>(*client_, options_, names_);
  auto prepared = asio::co_spawn(io_, prepare(), asio::use_future);
  asio::co_spawn(io_, tick(), asio::detached);
  housekeeper_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "nats-house");
    io_.run();
  });
  const auto status = prepared.get();
  if (status) {
    asio::co_spawn(io_, keep_house(), asio::detached);
  } else {
    house_left_.store(true);
  }
  return status;
}

EventBus::~EventBus() {
  if (!client_) return;
  stopping_.store(true);
  news_.notify();
  client_->give_up();  // what the housekeeping waits for
  if (housekeeper_.joinable()) housekeeper_.join();
  client_.reset();
}

void EventBus::start_over() {
  connections_.fetch_add(1);
  news_.notify();
}

void EventBus::doubt() {
  doubtful_.store(true);
  news_.notify();
}

asio::awaitable<void> EventBus::tick() {
  asio::steady_timer timer(io_);
  while (!house_left_.load()) {
    if (const auto tended = client_->tend(); !tended) {
      const std::lock_guard lock(mutex_);
      problem_ = tended.error().message;
    }
    timer.expires_after(kTick);
    co_await timer.async_wait(asio::use_awaitable);
  }
}

asio::awaitable<void> EventBus::keep_house() {
  auto trim_at = steady_clock::now() + options_.housekeeping;
  auto look_at = steady_clock::now();  // not before, however great the doubt
  while (!stopping_.load()) {
    const auto seen = news_.version();
    const auto now = steady_clock::now();
    const bool anew = !ready() && client_->is_up();
    if ((anew || doubtful_.load()) && now >= look_at) {
      doubtful_.store(false);
      look_at = now + kLookPause;
      if (const auto prepared = co_await prepare(); !prepared) {
        log_.warn("NATS is not ready", {{"error", prepared.error().message}});
      }
    } else if (now >= trim_at && client_->is_up()) {
      trim_at = now + options_.housekeeping;
      if (const auto trimmed = co_await streams_->trim(); !trimmed) {
        log_.warn("cannot remove from NATS what is acked", {{"error", trimmed.error().message}});
        doubtful_.store(true);
      }
    }
    if (!stopping_.load()) co_await news_.wait(seen, kLookPause);
  }
  house_left_.store(true);
}

ports::Task<void> EventBus::prepare() {
  const auto connection = connections_.load();
  auto prepared = co_await streams_->ensure();
  const std::lock_guard lock(mutex_);
  prepared_for_ = prepared ? connection : 0;
  problem_ = prepared ? "" : prepared.error().message;
  co_return prepared;
}

Status EventBus::ready() const {
  if (!client_->is_up()) {
    return core::fail(Errc::unavailable, "NATS at " + without_secrets(options_.url) + " is not connected");
  }
  const std::lock_guard lock(mutex_);
  if (prepared_for_ == connections_.load()) return {};
  return core::fail(Errc::unavailable,
                    problem_.empty() ? "NATS was just connected: its streams are being looked at" : problem_);
}

ports::Task<std::vector<PublishOutcome>> EventBus::publish(ports::Topic topic, std::vector<core::Envelope> envelopes) {
  if (envelopes.empty()) co_return core::fail(Errc::invalid_argument, "nothing to publish");
  if (auto is_ready = ready(); !is_ready) co_return std::unexpected(is_ready.error());
  std::vector<PublishOutcome> outcomes(envelopes.size(), PublishOutcome::refused);
  std::vector<Outgoing> messages;
  std::vector<std::size_t> places;  // in `outcomes`
  messages.reserve(envelopes.size());
  places.reserve(envelopes.size());
  for (std::size_t i = 0; i < envelopes.size(); ++i) {
    const auto& envelope = envelopes[i];
    if (envelope.body.size() > max_body_bytes() || !fits_a_frame(envelope)) continue;
    places.push_back(i);
    messages.push_back({.subject = names_.subject(topic, envelope.type),
                        .reply = {},
                        .message_id = envelope.id.str(),
                        .data = encode_frame(envelope)});
  }
  if (messages.empty()) co_return outcomes;
  const auto answers = co_await client_->publish(std::move(messages));
  if (!answers) co_return std::unexpected(answers.error());
  for (std::size_t i = 0; i < places.size(); ++i) outcomes[places[i]] = (*answers)[i];
  if (std::ranges::find(*answers, PublishOutcome::retry) != answers->end()) doubt();
  co_return outcomes;
}

ports::Task<std::unique_ptr<ports::EventConsumer>> EventBus::open_consumer(ports::Topic topic, std::string group) {
  if (!is_plain(group)) {
    co_return core::fail(Errc::invalid_argument, "a group's name on NATS must be 1-64 of [A-Za-z0-9_-]", group);
  }
  if (auto added = co_await streams_->add_group({topic, group}); !added) co_return std::unexpected(added.error());
  co_return std::make_unique<Consumer>(Consumer::Bus{.client = *client_,
                                                     .dead_letters = *dead_letters_,
                                                     .options = options_,
                                                     .names = names_,
                                                     .clock = clock_,
                                                     .missing = [this] { doubt(); }},
                                       topic, std::move(group));
}

ports::Task<void> EventBus::check() {
  if (auto is_ready = ready(); !is_ready) co_return is_ready;
  co_return co_await streams_->check();
}

std::size_t EventBus::max_body_bytes() const {
  const auto payload = client_->max_payload_bytes();
  return std::min(options_.max_body_bytes, payload - std::min(payload, kMaxOverheadBytes));
}

ports::Task<std::vector<ports::DeadLetter>> EventBus::list(std::size_t limit, std::string after) {
  return dead_letters_->list(limit, std::move(after));
}

ports::Task<ports::DeadLetter> EventBus::show(std::string id) {
  return dead_letters_->show(std::move(id));
}

ports::Task<void> EventBus::redrive(std::string id) {
  return dead_letters_->redrive(std::move(id));
}

ports::Task<void> EventBus::tidy() {
  return streams_->trim();
}

}  // namespace liveops::adapters::bus_nats
