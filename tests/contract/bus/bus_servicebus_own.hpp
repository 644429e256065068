#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/contract/bus/bus_fixture.hpp"
#include "tests/contract/bus/bus_servicebus_fixture.hpp"

namespace liveops::test {

/// Waits for the first of them up to `wait`, then takes what comes with it.
inline std::vector<ports::Delivery> receive_within(ports::EventConsumer& consumer, std::chrono::milliseconds wait,
                                                   std::size_t max = 100) {
  std::vector<ports::Delivery> all;
  while (all.size() < max) {
    auto some = run(consumer.receive(max - all.size(), all.empty() ? wait : std::chrono::milliseconds(250)));
    if (!some || some->empty()) break;
    for (auto& delivery : *some) all.push_back(std::move(delivery));
  }
  return all;
}

inline std::vector<ports::Delivery> receive_now(ports::EventConsumer& consumer, std::size_t max = 100) {
  return receive_within(consumer, std::chrono::milliseconds(250), max);
}

inline std::unique_ptr<ports::EventConsumer> open_group(ports::EventBus& bus, const std::string& group) {
  auto opened = run(bus.open_consumer(ports::Topic::events, group));
  EXPECT_TRUE(opened.has_value()) << (opened ? "" : opened.error().message);
  return opened ? *std::move(opened) : nullptr;
}

/// Whether all of them were stored.
inline bool try_publish(ports::EventBus& bus, std::vector<core::Envelope> envelopes) {
  const auto outcomes = run(bus.publish(ports::Topic::events, std::move(envelopes)));
  return outcomes && *outcomes == std::vector(outcomes->size(), ports::PublishOutcome::stored);
}

}  // namespace liveops::test
