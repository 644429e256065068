// The half of the consumer that gets messages; consumer.cpp has the half that is done with them.
#include <algorithm>
#include <iterator>
#include <utility>

#include "adapters/asio/when_all.hpp"
#include "adapters/aws/pause.hpp"
#include "adapters/bus_sqs/consumer.hpp"
#include "adapters/bus_sqs/settle.hpp"

namespace liveops::adapters::bus_sqs {

using core::Errc;
using ports::Delivery;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

constexpr seconds kLongestWait{20};  // that SQS takes
constexpr milliseconds kLongestFailurePause{2000};
constexpr milliseconds kShortPollPause{100};  // between two short polls of a wait

}  // namespace

ports::Task<std::vector<Received>> Consumer::poll(std::size_t max, seconds wait) {
  return bus_.api.receive({.queue_url = queue_.url,
                           .max = std::clamp<std::size_t>(max, 1, kMaxEntries),
                           .wait = wait,
                           .visibility = std::chrono::ceil<seconds>(bus_.options.visibility),
                           .fifo = queue_.fifo()},
                          {.attempt = bus_.options.request_timeout, .stop = stop_.get_token()});
}

ports::Task<std::vector<Received>> Consumer::first(std::size_t max, Instant deadline) {
  while (true) {
    const auto left = std::max(deadline - steady_clock::now(), steady_clock::duration::zero());
    const auto wait = std::min(std::chrono::round<seconds>(left), kLongestWait);
    auto polled = co_await poll(max, wait);
    if (!polled || !polled->empty() || stop_.stop_requested()) co_return polled;
    const auto rest = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    if (rest <= milliseconds(0)) co_return polled;
    if (wait == seconds(0)) co_await aws::pause(std::min(rest, kShortPollPause), stop_.get_token());
  }
}

boost::asio::awaitable<void> Consumer::fill(std::vector<Received>& batch, std::size_t max) {
  auto asked = std::min(max, kMaxEntries);
  auto brought = batch.size();
  while (batch.size() < max && 2 * brought >= asked) {
    const auto wanted = max - batch.size();
    const auto polls = std::min(polls_, (wanted + kMaxEntries - 1) / kMaxEntries);
    std::vector<ports::Task<std::vector<Received>>> tasks;
    for (std::size_t i = 0; i < polls; ++i) tasks.push_back(poll(wanted - i * kMaxEntries, seconds(0)));
    asked = std::min(wanted, polls * kMaxEntries);
    brought = 0;
    for (auto& polled : co_await when_all(std::move(tasks))) {
      if (!polled) continue;  // there is something to work on: the next receive will see
      brought += polled->size();
      std::ranges::move(*polled, std::back_inserter(batch));
    }
    polls_ = 2 * brought >= asked ? std::min(polls_ * 2, std::max<std::size_t>(bus_.options.max_polls, 1))
                                  : std::max<std::size_t>(polls_ / 2, 1);
  }
}

ports::Task<std::vector<Delivery>> Consumer::receive(std::size_t max, milliseconds wait) {
  if (max == 0 || stop_.stop_requested()) co_return std::vector<Delivery>();
  const auto now = steady_clock::now();
  const auto longest = std::chrono::floor<milliseconds>(Instant::max() - now) / 2;
  auto batch = co_await first(max, now + std::min(std::max(wait, milliseconds(0)), longest));
  if (stop_.stop_requested() && !batch) co_return std::vector<Delivery>();
  if (!batch) {
    const bool throttled = batch.error().code == Errc::rate_limited;
    const auto delay = bus_.api.client().backoff().delay(++failures_, throttled);
    co_await aws::pause(std::min(delay, kLongestFailurePause), stop_.get_token());
    co_return core::fail(Errc::unavailable, batch.error().message, batch.error().detail);
  }
  failures_ = 0;
  if (!batch->empty()) co_await fill(*batch, max);
  if (hold(*batch)) co_return co_await sort_out(*std::move(batch));
  std::vector<std::string> late;  // it was closed meanwhile
  for (auto& received : *batch) late.push_back(std::move(received.receipt));
  static_cast<void>(
      co_await settle(bus_.api, queue_.url, std::move(late), seconds(0), {.attempt = bus_.options.request_timeout}));
  co_return std::vector<Delivery>();
}

bool Consumer::hold(const std::vector<Received>& batch) {
  const auto now = steady_clock::now();
  const std::lock_guard lock(hand_->mutex);
  if (hand_->closed) return false;
  for (const auto& received : batch) {
    hand_->held.add(received.receipt, received.sent_at, now);
    hand_->last_sent_at = received.sent_at;
  }
  return true;
}

boost::asio::awaitable<std::vector<Delivery>> Consumer::sort_out(std::vector<Received> batch) {
  std::vector<Delivery> deliveries;
  deliveries.reserve(batch.size());
  for (auto& received : batch) {
    Delivery delivery{.envelope = {}, .tag = received.receipt, .attempt = std::max(received.receives, 1U)};
    if (auto envelope = decode(received)) {
      delivery.envelope = *std::move(envelope);
      deliveries.push_back(std::move(delivery));
    } else {
      delivery.envelope.body = std::move(received.body);
      // Failing that, it comes again and is tried again.
      static_cast<void>(co_await dead_letter(std::move(delivery), envelope.error().message));
    }
  }
  co_return deliveries;
}

ports::Task<ports::Backlog> Consumer::backlog() {
  auto question = boost::json::object{
      {"QueueUrl", queue_.url},
      {"AttributeNames",
       {"ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"}}};
  const auto answer = co_await bus_.api.ask("GetQueueAttributes", std::move(question),
                                            {.attempt = bus_.options.request_timeout, .stop = stop_.get_token()});
  if (!answer) co_return core::fail(Errc::unavailable, answer.error().message, answer.error().detail);
  ports::Backlog backlog{.messages = count_messages(*answer)};
  const std::lock_guard lock(hand_->mutex);
  const auto now = bus_.clock.now();
  if (backlog.messages == 0) hand_->last_sent_at = {};
  const auto last = hand_->last_sent_at == core::Timestamp() ? now : hand_->last_sent_at;
  const auto oldest = hand_->held.empty() ? last : hand_->held.oldest(now);
  if (backlog.messages > 0) {
    backlog.oldest_age = std::max(std::chrono::floor<milliseconds>(now - oldest), milliseconds(0));
  }
  co_return backlog;
}

}  // namespace liveops::adapters::bus_sqs
