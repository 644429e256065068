#include "adapters/bus_nats/client.hpp"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <utility>

#include "adapters/asio/await_callback.hpp"
#include "adapters/bus_nats/js_api.hpp"

namespace liveops::adapters::bus_nats {

using core::Errc;
using core::Result;
using ports::PublishOutcome;
using std::chrono::steady_clock;

namespace {

constexpr int kNobodyListens = 503;

std::unexpected<core::Error> not_connected() {
  return core::fail(Errc::unavailable, "NATS is not connected");
}

/// The number after the last dot, 0 (which none has) when there is none.
std::uint64_t last_number(std::string_view subject) {
  subject.remove_prefix(subject.rfind('.') + 1);
  std::uint64_t number = 0;
  std::from_chars(subject.data(), subject.data() + subject.size(), number);
  return number;
}

/// The outcomes of one publish, gathered as the answers come; the last one ends it.
class Publication {
 public:
  using Done = std::move_only_function<void(std::vector<PublishOutcome>)>;

  Publication(std::size_t messages, std::size_t asked, Done done)
      : outcomes_(messages, PublishOutcome::retry), open_(asked), done_(std::move(done)) {}

  void answer(std::size_t index, const Result<std::string_view>& answer) {
    if (answer) outcomes_[index] = publish_outcome(*answer);
    if (open_.fetch_sub(1, std::memory_order_acq_rel) == 1) done_(std::move(outcomes_));
  }

 private:
  std::vector<PublishOutcome> outcomes_;
  std::atomic<std::size_t> open_;
  Done done_;
};

}  // namespace

Result<std::unique_ptr<Client>> Client::open(const Options& options, std::function<void()> state_changed) {
  std::unique_ptr<Client> client(new Client(options));
  auto* self = client.get();
  self->state_changed_ = std::move(state_changed);
  auto link = Link::open(
      options, {.message = [self](std::uint64_t ear, Incoming message) { self->receive(ear, std::move(message)); },
                .state = [self](bool up) { self->state_changed(up); }});
  if (!link) return std::unexpected(link.error());
  client->link_ = *std::move(link);
  client->link_->listen(kAnswers);
  return client;
}

Client::~Client() {
  link_.reset();
  give_up();
}

ports::Task<std::string> Client::request(Outgoing message, std::chrono::milliseconds timeout) {
  using Answer = Result<std::string>;
  co_return co_await await_callback<Answer>([&](auto resume) {
    auto done = [resume = std::move(resume)](Result<std::string_view> answer) mutable {
      resume(answer ? Answer(std::string(*answer)) : Answer(std::unexpected(std::move(answer.error()))));
    };
    const auto number = answers_.expect(std::move(done), steady_clock::now() + timeout);
    message.reply = answer_inbox(number);
    std::vector<Outgoing> one;
    one.push_back(std::move(message));
    if (!link_->send(std::move(one))) answers_.complete(number, not_connected());
  });
}

ports::Task<boost::json::object> Client::ask(std::string what, std::string json) {
  Outgoing message{.subject = "$JS.API." + what, .reply = {}, .message_id = {}, .data = std::move(json)};
  const auto answer = co_await request(std::move(message), options_.request_timeout);
  if (!answer && answer.error().code == Errc::not_found) {
    co_return core::fail(Errc::unavailable,
                         "NATS answers, but has no JetStream: start nats-server with -js or a `jetstream` block");
  }
  if (!answer) co_return std::unexpected(answer.error());
  co_return parse_answer(*answer);
}

ports::Task<std::vector<PublishOutcome>> Client::publish(std::vector<Outgoing> messages) {
  if (!is_up()) co_return not_connected();
  const auto waiting = answers_.waiting();
  const auto room = options_.max_unanswered - std::min(waiting, options_.max_unanswered);
  const auto asked = std::min(room, messages.size());
  const auto total = messages.size();
  if (asked == 0) co_return std::vector(total, PublishOutcome::retry);
  co_return co_await await_callback<std::vector<PublishOutcome>>([&](auto resume) {
    const auto publication = std::make_shared<Publication>(total, asked, std::move(resume));
    const auto deadline = steady_clock::now() + options_.publish_timeout;
    std::vector<std::uint64_t> numbers;
    numbers.reserve(asked);
    for (std::size_t i = 0; i < asked; ++i) {
      numbers.push_back(
          answers_.expect([publication, i](const auto& answer) { publication->answer(i, answer); }, deadline));
      messages[i].reply = answer_inbox(numbers.back());
    }
    messages.resize(asked);
    if (link_->send(std::move(messages))) return;
    for (const auto number : numbers) answers_.complete(number, not_connected());
  });
}

std::uint64_t Client::listen(Listener& listener) {
  std::uint64_t number = 0;
  {
    const std::lock_guard lock(listeners_mutex_);
    number = ++last_listener_;
    listeners_.emplace(number, &listener);
  }
  link_->listen(number);
  return number;
}

void Client::forget(std::uint64_t number) {
  {
    const std::lock_guard lock(listeners_mutex_);
    listeners_.erase(number);
  }
  link_->forget(number);
}

std::string Client::answer_inbox(std::uint64_t number) const {
  return pull_inbox(kAnswers, number);
}

std::string Client::pull_inbox(std::uint64_t listener, std::uint64_t pull) const {
  return link_->inbox() + "." + std::to_string(listener) + "." + std::to_string(pull);
}

void Client::receive(std::uint64_t ear, Incoming message) {
  // What was pulled comes under its own subject, with another to ack it on; everything else under the inbox's.
  const bool pulled = ear != kAnswers && !message.reply().empty();
  const auto number = pulled ? 0 : last_number(message.subject());
  if (ear == kAnswers) {
    receive_answer(number, message);
    return;
  }
  const std::lock_guard lock(listeners_mutex_);
  const auto listener = listeners_.find(ear);
  if (listener == listeners_.end()) return;
  if (pulled) {
    listener->second->deliver(std::move(message));
  } else {
    listener->second->pull_ended(number, message.status());
  }
}

void Client::receive_answer(std::uint64_t number, const Incoming& message) {
  if (message.status() == kNobodyListens) {
    answers_.complete(number, core::fail(Errc::not_found, "nobody on NATS listens on the subject"));
  } else {
    answers_.complete(number, message.data());
  }
}

void Client::state_changed(bool up) {
  if (!up) answers_.fail_all("NATS went away before it answered");
  {
    const std::lock_guard lock(listeners_mutex_);
    for (const auto& [number, listener] : listeners_) listener->link_changed();
  }
  state_changed_();
}

core::Status Client::tend() {
  answers_.expire(steady_clock::now());
  return link_->tend();
}

}  // namespace liveops::adapters::bus_nats
