#pragma once

#include <gtest/gtest.h>

#include "tests/contract/bus/bus_fixture.hpp"

namespace liveops::test {

/// What every adapter of ports::EventBus and ports::DeadLetters promises; one test a promise. An adapter joins with
/// INSTANTIATE_TEST_SUITE_P(<Name>, BusContract, ...) in a file of its own.
class BusContract : public testing::TestWithParam<BusAdapter> {
 protected:
  void SetUp() override { under_test_ = GetParam().start(); }

  ports::EventBus& bus() { return under_test_->bus(); }
  ports::DeadLetters& dead_letters() { return under_test_->dead_letters(); }
  void advance(std::chrono::milliseconds by) { under_test_->advance(paced(by)); }
  /// A time of the suite, as the bus under test counts it.
  [[nodiscard]] std::chrono::milliseconds paced(std::chrono::milliseconds time) const {
    return time / under_test_->pace();
  }

  [[nodiscard]] bool knows_age_unseen() const { return under_test_->knows_age_unseen(); }

  std::unique_ptr<ports::EventConsumer> open(const std::string& group, ports::Topic topic = ports::Topic::events) {
    auto consumer = run(bus().open_consumer(topic, group));
    EXPECT_TRUE(consumer.has_value());
    return *std::move(consumer);
  }

  void publish(std::vector<core::Envelope> envelopes, ports::Topic topic = ports::Topic::events) {
    const auto count = envelopes.size();
    const auto outcomes = run(bus().publish(topic, std::move(envelopes)));
    ASSERT_TRUE(outcomes.has_value()) << outcomes.error().message;
    ASSERT_EQ(*outcomes, std::vector(count, ports::PublishOutcome::stored));
  }

  /// What can be received now, without waiting for more than what is on its way.
  std::vector<ports::Delivery> receive(ports::EventConsumer& consumer, std::size_t max = 100) {
    std::vector<ports::Delivery> all;
    while (all.size() < max) {
      auto some = run(consumer.receive(max - all.size(), under_test_->patience()));
      EXPECT_TRUE(some.has_value());
      if (!some || some->empty()) break;
      for (auto& delivery : *some) all.push_back(std::move(delivery));
    }
    return all;
  }

  static void ack(ports::EventConsumer& consumer, const std::vector<ports::Delivery>& deliveries) {
    EXPECT_TRUE(run(consumer.ack(tags_of(deliveries))).has_value());
  }

  void nack(ports::EventConsumer& consumer, const std::vector<ports::Delivery>& deliveries,
            std::chrono::milliseconds delay) {
    EXPECT_TRUE(run(consumer.nack(tags_of(deliveries), paced(delay))).has_value());
  }

 private:
  std::unique_ptr<BusUnderTest> under_test_;
};

}  // namespace liveops::test
