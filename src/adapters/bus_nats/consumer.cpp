#include "adapters/bus_nats/consumer.hpp"

#include <algorithm>
#include <utility>

#include "adapters/bus_nats/frame.hpp"
#include "adapters/bus_nats/js_api.hpp"

namespace liveops::adapters::bus_nats {

using core::Errc;
using core::Status;
using ports::Delivery;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr milliseconds kShortestPull{20};
constexpr milliseconds kLongestPull{5000};  // then the server is asked anew: it may have lost the request
constexpr milliseconds kPullSlack{500};     // that the server may take longer
constexpr milliseconds kQuiet{20};          // nothing came for so long: the rest of the batch is not coming now
constexpr std::string_view kAck = "+ACK";
constexpr std::string_view kInProgress = "+WPI";
constexpr int kConflict = 409;  // consumer deleted, leader changed, too many waiting
constexpr int kNobodyListens = 503;

std::unexpected<core::Error> not_connected() {
  return core::fail(Errc::unavailable, "NATS is not connected");
}

}  // namespace

Consumer::Consumer(Bus bus, ports::Topic topic, std::string group)
    : bus_(std::move(bus)),
      topic_(topic),
      group_(std::move(group)),
      stream_(bus_.names.stream(topic)),
      buffer_(bus_.options.visibility),
      number_(bus_.client.listen(*this)) {}

Consumer::~Consumer() {
  close();
  bus_.client.forget(number_);
}

// What comes in, on libnats' thread.

void Consumer::deliver(Incoming message) {
  const auto ack = parse_ack_subject(message.reply());
  if (!ack) return;
  auto frame = decode_frame(message.data());
  const bool for_us = !frame || frame->only_group.empty() || frame->only_group == group_;
  Arrival arrival{.delivery = {.envelope = {}, .tag = std::string(message.reply()), .attempt = ack->deliveries},
                  .sequence = ack->sequence,
                  .readable = frame.has_value(),
                  .came_at = steady_clock::now()};
  if (frame) {
    arrival.delivery.envelope = std::move(frame->envelope);
  } else {
    arrival.delivery.envelope.body = message.data();
  }
  std::string verb(for_us ? "" : kAck);
  bool worth_telling = false;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) {
      verb = nak({});
    } else if (for_us) {
      buffer_.add(std::move(arrival));
    } else {
      buffer_.skip();
    }
    worth_telling = buffer_.size() == 1 || !buffer_.is_pulling();
  }
  if (worth_telling) signal_.notify();
  if (!verb.empty()) say({std::string(message.reply())}, verb);
}

void Consumer::pull_ended(std::uint64_t pull, int status) {
  {
    const std::lock_guard lock(mutex_);
    buffer_.end_pull(pull);
  }
  if (status == kConflict || status == kNobodyListens) bus_.missing();
  signal_.notify();
}

void Consumer::link_changed() {
  {
    const std::lock_guard lock(mutex_);
    buffer_.end_every_pull();
  }
  signal_.notify();
}

// What goes out.

ports::Task<std::vector<Delivery>> Consumer::receive(std::size_t max, milliseconds wait) {
  const auto deadline = steady_clock::now() + std::max(wait, kShortestPull);
  while (true) {
    const auto seen = signal_.version();
    auto batch = co_await sort_out(take(max));
    const auto left = deadline - steady_clock::now();
    if (!batch.empty() || !is_waiting()) co_return batch;
    if (left <= steady_clock::duration::zero()) {
      if (!bus_.client.is_up()) co_return not_connected();
      co_return batch;
    }
    if (bus_.client.is_up()) {
      co_await pull(max, deadline);
    } else {
      co_await signal_.wait(seen, left);
    }
  }
}

bool Consumer::is_waiting() {
  const std::lock_guard lock(mutex_);
  return !closed_;
}

std::vector<Arrival> Consumer::take(std::size_t max) {
  const std::lock_guard lock(mutex_);
  return buffer_.take(max, steady_clock::now());
}

boost::asio::awaitable<std::vector<Delivery>> Consumer::sort_out(std::vector<Arrival> arrivals) {
  std::vector<Delivery> batch;
  batch.reserve(arrivals.size());
  for (auto& arrival : arrivals) {
    if (arrival.readable) {
      batch.push_back(std::move(arrival.delivery));
    } else {
      // Failing that, it comes again and is tried again.
      static_cast<void>(co_await dead_letter(std::move(arrival.delivery), "not a message of this program"));
    }
  }
  co_return batch;
}

boost::asio::awaitable<void> Consumer::pull(std::size_t max, Instant deadline) {
  const auto start = steady_clock::now();
  const auto expires = std::clamp(std::chrono::ceil<milliseconds>(deadline - start), kShortestPull, kLongestPull);
  std::uint64_t number = 0;
  auto seen = signal_.version();
  {
    const std::lock_guard lock(mutex_);
    if (closed_) co_return;
    number = buffer_.begin_pull(max);
  }
  std::vector<Outgoing> request;
  request.push_back({.subject = "$JS.API.CONSUMER.MSG.NEXT." + stream_ + "." + group_,
                     .reply = bus_.client.pull_inbox(number_, number),
                     .message_id = {},
                     .data = pull_request(max, expires)});
  const bool sent = bus_.client.send(std::move(request));
  std::size_t last_size = 0;
  while (sent) {
    {
      const std::lock_guard lock(mutex_);
      const bool quiet = buffer_.size() > 0 && buffer_.size() == last_size;
      if (closed_ || !buffer_.is_pulling() || quiet) break;
      last_size = buffer_.size();
    }
    const auto left = start + expires + kPullSlack - steady_clock::now();
    if (left <= steady_clock::duration::zero()) break;
    co_await signal_.wait(seen, last_size > 0 ? kQuiet : left);
    seen = signal_.version();
  }
  bool nothing = false;
  {
    const std::lock_guard lock(mutex_);
    nothing = !closed_ && buffer_.size() == 0;
  }
  // Refused at once, or not sent at all: no busy loop.
  const auto pause = start + kShortestPull - steady_clock::now();
  if (nothing && pause > steady_clock::duration::zero()) co_await signal_.wait(signal_.version(), pause);
}

void Consumer::say(std::vector<std::string> tags, std::string_view verb) {
  std::vector<Outgoing> messages;
  messages.reserve(tags.size());
  for (auto& tag : tags) {
    messages.push_back({.subject = std::move(tag), .reply = {}, .message_id = {}, .data = std::string(verb)});
  }
  // Lost, the message comes again when its visibility ends.
  if (!messages.empty()) static_cast<void>(bus_.client.send(std::move(messages)));
}

std::optional<AckSubject> Consumer::parse_tag(std::string_view tag) const {
  const auto ack = parse_ack_subject(tag);
  const bool ours = ack && ack->stream == stream_ && ack->consumer == group_;
  return ours ? ack : std::nullopt;
}

ports::Task<std::vector<std::uint64_t>> Consumer::settle(std::vector<std::string> tags, std::string verb) {
  std::vector<std::uint64_t> sequences;
  std::erase_if(tags, [&](const auto& tag) {
    const auto ack = parse_tag(tag);
    if (ack) sequences.push_back(ack->sequence);
    return !ack;
  });
  if (tags.empty()) co_return sequences;
  if (!bus_.client.is_up()) co_return not_connected();
  // The server takes them in order: its answer to the last one is one to all.
  Outgoing last{.subject = std::move(tags.back()), .reply = {}, .message_id = {}, .data = verb};
  tags.pop_back();
  say(std::move(tags), verb);
  const auto answer = co_await bus_.client.request(std::move(last), bus_.options.request_timeout);
  if (!answer) {
    if (answer.error().code == Errc::not_found) bus_.missing();
    co_return core::fail(Errc::unavailable, answer.error().message);
  }
  co_return sequences;
}

ports::Task<void> Consumer::ack(std::vector<std::string> tags) {
  const auto acked = co_await settle(std::move(tags), std::string(kAck));
  if (!acked) co_return std::unexpected(acked.error());
  const std::lock_guard lock(mutex_);
  for (const auto sequence : *acked) buffer_.done(sequence);
  co_return Status();
}

ports::Task<void> Consumer::nack(std::vector<std::string> tags, milliseconds delay) {
  const auto given_back = co_await settle(std::move(tags), nak(delay));
  if (!given_back) co_return std::unexpected(given_back.error());
  const std::lock_guard lock(mutex_);
  for (const auto sequence : *given_back) buffer_.done(sequence);
  co_return Status();
}

ports::Task<void> Consumer::extend(std::vector<std::string> tags) {
  const auto extended = co_await settle(std::move(tags), std::string(kInProgress));
  if (!extended) co_return std::unexpected(extended.error());
  const std::lock_guard lock(mutex_);
  for (const auto sequence : *extended) buffer_.extended(sequence, steady_clock::now());
  co_return Status();
}

ports::Task<void> Consumer::dead_letter(Delivery delivery, std::string reason) {
  const auto tag = parse_tag(delivery.tag);
  if (!tag) co_return Status();
  std::string message_id = "dead." + stream_ + "." + group_ + "." + std::to_string(tag->sequence);
  message_id.append(".").append(tag->published_at);  // sequences start anew on a server that lost its streams
  auto added = co_await bus_.dead_letters.add(
      {.topic = topic_, .group = group_},
      {.reason = std::move(reason), .attempts = delivery.attempt, .dead_at = bus_.clock.now()},
      encode_frame(delivery.envelope), std::move(message_id));
  if (!added) co_return added;
  std::vector<std::string> tags;
  tags.push_back(std::move(delivery.tag));
  co_return co_await ack(std::move(tags));
}

ports::Task<ports::Backlog> Consumer::backlog() {
  const auto info = co_await bus_.client.ask("CONSUMER.INFO." + stream_ + "." + group_, {});
  if (!info && info.error().code == Errc::not_found) bus_.missing();
  if (!info) co_return core::fail(Errc::unavailable, info.error().message, info.error().detail);
  const auto state = parse_consumer(*info);
  if (!state) co_return std::unexpected(state.error());
  ports::Backlog backlog{.messages = state->pending + state->ack_pending};
  if (backlog.messages == 0) co_return backlog;
  const auto oldest = co_await bus_.client.ask("STREAM.MSG.GET." + stream_,
                                               next_message_request(state->ack_floor + 1, bus_.names.subjects(topic_)));
  if (!oldest && oldest.error().code == Errc::not_found) co_return backlog;  // acked meanwhile
  if (!oldest) co_return std::unexpected(oldest.error());
  const auto message = parse_message(*oldest);
  if (!message) co_return std::unexpected(message.error());
  const auto age = std::chrono::floor<milliseconds>(bus_.clock.now() - message->published_at);
  backlog.oldest_age = std::max(age, milliseconds(0));
  co_return backlog;
}

void Consumer::close() {
  std::vector<std::string> tags;
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(closed_, true)) return;
    tags = buffer_.release(steady_clock::now());
  }
  say(std::move(tags), nak({}));
  signal_.notify();
}

}  // namespace liveops::adapters::bus_nats
