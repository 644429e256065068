#include "adapters/bus_sqs/event_bus.hpp"

#include <pthread.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <cctype>
#include <utility>

#include "adapters/asio/await_callback.hpp"
#include "adapters/bus_sqs/consumer.hpp"

namespace liveops::adapters::bus_sqs {

namespace asio = boost::asio;
using core::Errc;
using core::Result;
using core::Status;
using ports::PublishOutcome;

namespace {

constexpr std::size_t kMaxNameChars = 40;  // of prefix and group: a queue's name has at most 80
constexpr std::chrono::seconds kLongestFarewell{1};
constexpr std::size_t kSmallestMax = 8192;
constexpr std::size_t kLargestMax = 1U << 20U;  // of SQS

bool is_plain(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNameChars &&
         std::ranges::all_of(name, [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; });
}

/// As the port has it: `unavailable` where it may pass.
core::Error for_port(core::Error error) {
  if (error.code == Errc::timeout || error.code == Errc::rate_limited) error.code = Errc::unavailable;
  if (error.code == Errc::not_found) error.code = Errc::invalid_argument;
  return error;
}

std::unexpected<core::Error> bad_group(std::string group) {
  return core::fail(Errc::invalid_argument, "a group's name on SQS must be 1-40 of [A-Za-z0-9_-]", std::move(group));
}

}  // namespace

Result<std::unique_ptr<EventBus>> EventBus::open(Options options, aws::Environment environment,
                                                 const core::Clock& clock, ports::Log& log) {
  if (!is_plain(options.prefix)) {
    return core::fail(Errc::invalid_argument, "SQS_PREFIX must be 1-40 of [A-Za-z0-9_-]", options.prefix);
  }
  for (const auto& group : options.groups) {
    if (!is_plain(group.group)) return bad_group(group.group);
  }
  if (options.max_bytes < kSmallestMax || options.max_bytes > kLargestMax) {
    return core::fail(Errc::invalid_argument, "SQS_MAX_MESSAGE_BYTES must be 8192 to 1048576");
  }
  auto client = aws::Client::open(environment, clock, log);
  if (!client) return std::unexpected(client.error());
  std::unique_ptr<EventBus> bus(new EventBus(std::move(options), *std::move(client), clock, log));
  if (auto started = bus->start(); !started) return std::unexpected(for_port(std::move(started.error())));
  return bus;
}

EventBus::EventBus(Options options, std::unique_ptr<aws::Client> client, const core::Clock& clock, ports::Log& log)
    : options_(std::move(options)),
      clock_(clock),
      log_(log),
      client_(std::move(client)),
      api_(*client_),
      queues_(api_, options_) {}

Status EventBus::start() {
  if (!options_.events_topic_arn.empty()) {
    add_lane(ports::Topic::events, topic_sender(*client_, options_.events_topic_arn));
  }
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "sqs-bus");
    io_.run();
  });
  return asio::co_spawn(io_, open_groups(), asio::use_future).get();
}

EventBus::~EventBus() {
  if (thread_.joinable()) {
    {
      std::unique_lock lock(mutex_);  // what consumers gave back when they were closed
      idle_.wait_for(lock, kLongestFarewell, [this] { return background_ == 0; });
    }
    asio::post(io_, [this] {
      for (const auto& one : lanes_) one.lane->stop();
    });
    client_->give_up();
    work_.reset();
    thread_.join();
  }
}

ports::Task<void> EventBus::open_groups() {
  for (const auto& group : options_.groups) {
    const auto joined = co_await join(group);
    if (!joined) co_return std::unexpected(joined.error());
  }
  co_return Status();
}

ports::Task<GroupAtAws> EventBus::join(GroupQueue group) {
  for (const auto& known : groups()) {
    if (known.topic == group.topic && known.group == group.group) co_return known;
  }
  auto queue = co_await queues_.find(group);
  if (options_.create_missing && !queue && queue.error().code == Errc::not_found) queue = co_await queues_.make(group);
  if (!queue) co_return std::unexpected(queue.error());
  for (const auto& problem : problems_of(*queue, options_)) {
    log_.warn("an SQS queue is not as it should be", {{"queue", queue->name}, {"problem", problem}});
  }
  GroupAtAws joined{.topic = group.topic, .group = std::move(group.group), .queue = *std::move(queue)};
  add(joined);
  co_return joined;
}

void EventBus::add(GroupAtAws group) {
  {
    const std::lock_guard lock(mutex_);
    const bool known = std::ranges::any_of(
        groups_, [&](const auto& one) { return one.topic == group.topic && one.group == group.group; });
    if (known) return;
    groups_.push_back(group);
  }
  const bool by_topic = group.topic == ports::Topic::events && !options_.events_topic_arn.empty();
  if (!by_topic) add_lane(group.topic, queue_sender(api_, group.queue.url, group.queue.fifo()));
}

void EventBus::add_lane(ports::Topic topic, std::unique_ptr<BatchSender> sender) {
  auto lane = std::make_unique<Lane>(io_, std::move(sender), options_, client_->backoff(), log_);
  const std::lock_guard lock(mutex_);
  lanes_.push_back({.topic = topic, .lane = std::move(lane)});
}

std::vector<GroupAtAws> EventBus::groups() const {
  const std::lock_guard lock(mutex_);
  return groups_;
}

std::vector<Lane*> EventBus::lanes_of(ports::Topic topic) const {
  std::vector<Lane*> lanes;
  const std::lock_guard lock(mutex_);
  for (const auto& one : lanes_) {
    if (one.topic == topic) lanes.push_back(one.lane.get());
  }
  return lanes;
}

void EventBus::in_background(asio::awaitable<void> work) {
  {
    const std::lock_guard lock(mutex_);
    ++background_;
  }
  asio::co_spawn(io_, std::move(work), [this](const std::exception_ptr&) {
    const std::lock_guard lock(mutex_);
    if (--background_ == 0) idle_.notify_all();
  });
}

asio::awaitable<std::vector<PublishOutcome>> send_to_all(std::vector<Lane*> lanes, Messages messages) {
  struct Join {
    std::vector<PublishOutcome> outcomes;
    std::size_t left;  // lanes; all of them answer on one thread
    std::move_only_function<void(std::vector<PublishOutcome>)> resume;
  };
  auto join = std::make_shared<Join>(
      Join{.outcomes = std::vector(messages->size(), PublishOutcome::stored), .left = lanes.size(), .resume = {}});
  auto start = [join, lanes = std::move(lanes), messages = std::move(messages)](auto resume) mutable {
    join->resume = std::move(resume);
    for (auto* lane : lanes) {
      lane->send(messages, [join](const std::vector<PublishOutcome>& outcomes) {
        for (std::size_t i = 0; i < outcomes.size(); ++i) {
          if (join->outcomes[i] != PublishOutcome::refused && outcomes[i] != PublishOutcome::stored) {
            join->outcomes[i] = outcomes[i];
          }
        }
        if (--join->left == 0) join->resume(std::move(join->outcomes));
      });
    }
  };
  co_return co_await await_callback<std::vector<PublishOutcome>>(std::move(start));
}

ports::Task<std::vector<PublishOutcome>> EventBus::publish(ports::Topic topic, std::vector<core::Envelope> envelopes) {
  if (envelopes.empty()) co_return core::fail(Errc::invalid_argument, "nothing to publish");
  auto lanes = lanes_of(topic);
  if (lanes.empty()) {
    co_return core::fail(Errc::unavailable, "no consumer group of this topic has an SQS queue",
                         std::string(to_string(topic)));
  }
  std::vector<PublishOutcome> outcomes(envelopes.size(), PublishOutcome::refused);
  auto messages = std::make_shared<std::vector<Message>>();
  std::vector<std::size_t> places;  // in `outcomes`
  for (std::size_t i = 0; i < envelopes.size(); ++i) {
    if (envelopes[i].body.size() > max_body_bytes()) continue;
    auto message = encode(envelopes[i]);
    if (message.bytes() > options_.max_bytes) continue;
    places.push_back(i);
    messages->push_back(std::move(message));
  }
  if (places.empty()) co_return outcomes;
  const auto sent = co_await send_to_all(std::move(lanes), std::move(messages));
  for (std::size_t i = 0; i < places.size(); ++i) outcomes[places[i]] = sent[i];
  co_return outcomes;
}

ports::Task<std::unique_ptr<ports::EventConsumer>> EventBus::open_consumer(ports::Topic topic, std::string group) {
  if (!is_plain(group)) co_return bad_group(std::move(group));
  auto joined = co_await join({.topic = topic, .group = group});
  if (!joined) co_return std::unexpected(for_port(std::move(joined.error())));
  co_return std::make_unique<Consumer>(
      Consumer::Bus{.api = api_,
                    .options = options_,
                    .clock = clock_,
                    .in_background = [this](asio::awaitable<void> work) { in_background(std::move(work)); }},
      topic, std::move(group), std::move(joined->queue));
}

ports::Task<void> EventBus::check() {
  for (const auto& group : groups()) {
    boost::json::object question{{"QueueUrl", group.queue.url}, {"AttributeNames", {"QueueArn"}}};
    const auto answer =
        co_await api_.ask("GetQueueAttributes", std::move(question), {.attempt = options_.request_timeout});
    if (!answer) {
      co_return core::fail(Errc::unavailable, "SQS queue '" + group.queue.name + "': " + answer.error().message,
                           answer.error().detail);
    }
  }
  co_return Status();
}

std::size_t EventBus::max_body_bytes() const {
  return options_.max_bytes - std::min(options_.max_bytes, kMaxOverheadBytes);
}

ports::Task<std::vector<ports::DeadLetter>> EventBus::list(std::size_t limit, std::string after) {
  LetterBox letters(api_, options_, groups());
  co_return co_await letters.list(limit, std::move(after));
}

ports::Task<ports::DeadLetter> EventBus::show(std::string id) {
  LetterBox letters(api_, options_, groups());
  co_return co_await letters.show(std::move(id));
}

ports::Task<void> EventBus::redrive(std::string id) {
  std::vector<std::string> one;
  one.push_back(std::move(id));
  co_return co_await redrive_each(std::move(one));
}

ports::Task<void> EventBus::redrive_each(std::vector<std::string> ids) {
  LetterBox letters(api_, options_, groups());
  co_return co_await letters.redrive(std::move(ids));
}

}  // namespace liveops::adapters::bus_sqs
