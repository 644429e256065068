// The half of the consumer that gets messages; consumer.cpp has the half that is done with them.
#include <algorithm>
#include <utility>

#include "adapters/bus_nats/consumer.hpp"
#include "adapters/bus_nats/frame.hpp"
#include "adapters/bus_nats/js_api.hpp"

namespace liveops::adapters::bus_nats {

using ports::Delivery;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr milliseconds kShortestPull{20};
constexpr milliseconds kLongestPull{1000};  // then the server is asked anew: it may have lost the request
constexpr milliseconds kPullSlack{500};     // that the server may take longer
constexpr milliseconds kQuiet{20};          // nothing came for so long: the rest of the batch is not coming now
constexpr int kConflict = 409;              // consumer deleted, leader changed, too many waiting
constexpr int kNobodyListens = 503;

}  // namespace

ports::Task<std::vector<Delivery>> Consumer::receive(std::size_t max, milliseconds wait) {
  const auto deadline = steady_clock::now() + std::max(wait, kShortestPull);
  while (true) {
    const auto seen = signal_.version();
    auto batch = co_await sort_out(take(max));
    const auto left = deadline - steady_clock::now();
    if (!batch.empty() || !is_waiting()) co_return batch;
    if (left <= steady_clock::duration::zero()) {
      if (!bus_.client.is_up()) {
        co_return core::fail(core::Errc::unavailable, "NATS is not connected");
      }
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
  const auto seen = signal_.version();
  if (ask(max, expires)) co_await gather(seen, start + expires + kPullSlack);
  // Refused at once, or not sent at all: no busy loop.
  const auto pause = start + kShortestPull - steady_clock::now();
  if (pause > steady_clock::duration::zero() && is_empty()) co_await signal_.wait(signal_.version(), pause);
}

bool Consumer::ask(std::size_t max, milliseconds expires) {
  std::uint64_t number = 0;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    number = buffer_.begin_pull(max);
  }
  std::vector<Outgoing> request;
  request.push_back({.subject = "$JS.API.CONSUMER.MSG.NEXT." + stream_ + "." + group_,
                     .reply = bus_.client.pull_inbox(number_, number),
                     .message_id = {},
                     .data = pull_request(max, expires)});
  return bus_.client.send(std::move(request));
}

boost::asio::awaitable<void> Consumer::gather(std::uint64_t seen, Instant until) {
  std::size_t last_size = 0;
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      const bool quiet = buffer_.size() > 0 && buffer_.size() == last_size;
      if (closed_ || !buffer_.is_pulling() || quiet) co_return;
      last_size = buffer_.size();
    }
    const auto left = until - steady_clock::now();
    if (left <= steady_clock::duration::zero()) break;
    co_await signal_.wait(seen, last_size > 0 ? std::min<steady_clock::duration>(kQuiet, left) : left);
    seen = signal_.version();
  }
  bus_.missing();  // a server says nothing to those who ask for a group that it does not have
}

bool Consumer::is_empty() {
  const std::lock_guard lock(mutex_);
  return !closed_ && buffer_.size() == 0;
}

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
  std::string verb(for_us ? "" : "+ACK");
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

}  // namespace liveops::adapters::bus_nats
