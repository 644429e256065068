// The half of the consumer that is done with messages; consumer_receive.cpp has the half that gets them.
#include "adapters/bus_sqs/consumer.hpp"

#include <algorithm>
#include <utility>

#include "adapters/aws/pause.hpp"
#include "adapters/bus_sqs/settle.hpp"

namespace liveops::adapters::bus_sqs {

using core::Status;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

constexpr seconds kLongestVisibility{43'200};

seconds whole(milliseconds time) {
  return std::clamp(std::chrono::ceil<seconds>(time), seconds(0), kLongestVisibility);
}

}  // namespace

Consumer::Consumer(Bus bus, ports::Topic topic, std::string group, Queue queue)
    : bus_(std::move(bus)),
      topic_(topic),
      group_(std::move(group)),
      queue_(std::move(queue)),
      hand_(std::make_shared<Hand>(whole(bus_.options.visibility))) {
  if (bus_.options.hold.count() > 0) bus_.in_background(keep_extending(bus_, queue_.url, hand_, stop_.get_token()));
}

Consumer::~Consumer() {
  close();
}

ports::Task<void> Consumer::ack(std::vector<std::string> tags) {
  auto acked = co_await settle(bus_.api, queue_.url, tags, std::nullopt, {.attempt = bus_.options.request_timeout});
  let_go(tags);
  co_return acked;
}

ports::Task<void> Consumer::nack(std::vector<std::string> tags, milliseconds delay) {
  auto given_back =
      co_await settle(bus_.api, queue_.url, tags, whole(delay), {.attempt = bus_.options.request_timeout});
  let_go(tags);
  co_return given_back;
}

void Consumer::let_go(const std::vector<std::string>& tags) {
  const std::lock_guard lock(hand_->mutex);
  for (const auto& tag : tags) hand_->held.done(tag);
}

ports::Task<void> Consumer::extend(std::vector<std::string> tags) {
  auto extended = co_await settle(bus_.api, queue_.url, tags, whole(bus_.options.visibility),
                                  {.attempt = bus_.options.request_timeout});
  if (!extended) {
    let_go(tags);
    co_return extended;
  }
  const std::lock_guard lock(hand_->mutex);
  for (const auto& tag : tags) hand_->held.extended(tag, steady_clock::now());
  co_return Status();
}

boost::asio::awaitable<void> Consumer::keep_extending(Bus bus, std::string url, std::shared_ptr<Hand> hand,
                                                      std::stop_token stop) {
  while (!stop.stop_requested()) {
    co_await aws::pause(milliseconds(whole(bus.options.visibility)) / 8, stop);
    std::vector<std::string> tags;
    {
      const std::lock_guard lock(hand->mutex);
      tags = hand->held.to_extend(steady_clock::now(), bus.options.hold);
    }
    if (tags.empty() || stop.stop_requested()) continue;
    const auto extended = co_await settle(bus.api, url, tags, whole(bus.options.visibility),
                                          {.attempt = bus.options.request_timeout, .stop = stop});
    if (!extended) continue;  // tried again while there is time
    const std::lock_guard lock(hand->mutex);
    for (const auto& tag : tags) hand->held.extended(tag, steady_clock::now());
  }
}

ports::Task<void> Consumer::dead_letter(ports::Delivery delivery, std::string reason) {
  const Obituary obituary{.topic = topic_,
                          .group = group_,
                          .reason = std::move(reason),
                          .attempts = delivery.attempt,
                          .dead_at = bus_.clock.now()};
  auto added = co_await add_letter(bus_.api, queue_, encode_letter(delivery.envelope, obituary),
                                   {.attempt = bus_.options.request_timeout});
  std::vector<std::string> tags;
  tags.push_back(std::move(delivery.tag));
  if (added) co_return co_await ack(std::move(tags));
  let_go(tags);
  co_return added;
}

void Consumer::close() {
  std::vector<std::string> tags;
  {
    const std::lock_guard lock(hand_->mutex);
    if (std::exchange(hand_->closed, true)) return;
    tags = hand_->held.release(steady_clock::now());
  }
  stop_.request_stop();
  if (tags.empty()) return;
  const auto release = [](SqsApi& api, std::string url, std::vector<std::string> all,
                          milliseconds timeout) -> boost::asio::awaitable<void> {
    // What fails comes again when its visibility ends.
    static_cast<void>(co_await settle(api, std::move(url), std::move(all), seconds(0), {.attempt = timeout}));
  };
  bus_.in_background(release(bus_.api, queue_.url, std::move(tags), bus_.options.request_timeout));
}

}  // namespace liveops::adapters::bus_sqs
