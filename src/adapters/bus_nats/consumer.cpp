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

constexpr std::string_view kAck = "+ACK";
constexpr std::string_view kInProgress = "+WPI";

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
