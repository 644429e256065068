#pragma once

#include <gmock/gmock.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/contract/bus/bus_fixture.hpp"

/// Calls of the bus for an adapter's own tests: those that must succeed, and fail the test where they do not.
namespace liveops::test {

/// What is there now, at most `max`.
inline std::vector<ports::Delivery> receive(ports::EventConsumer& consumer, std::size_t max = 100) {
  std::vector<ports::Delivery> all;
  while (all.size() < max) {
    auto some = run(consumer.receive(max - all.size(), std::chrono::milliseconds(0)));
    EXPECT_TRUE(some.has_value()) << some.error().message << some.error().detail;
    if (!some || some->empty()) break;
    for (auto& delivery : *some) all.push_back(std::move(delivery));
  }
  return all;
}

inline std::unique_ptr<ports::EventConsumer> open(ports::EventBus& bus, const std::string& group) {
  auto consumer = run(bus.open_consumer(ports::Topic::events, group));
  EXPECT_TRUE(consumer.has_value()) << consumer.error().message << consumer.error().detail;
  return *std::move(consumer);
}

inline void publish(ports::EventBus& bus, std::vector<core::Envelope> envelopes) {
  const auto outcomes = run(bus.publish(ports::Topic::events, std::move(envelopes)));
  ASSERT_TRUE(outcomes.has_value()) << outcomes.error().message << outcomes.error().detail;
  EXPECT_THAT(*outcomes, testing::Each(ports::PublishOutcome::stored));
}

}  // namespace liveops::test
