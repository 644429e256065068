#include "runtime/metered_bus.hpp"

#include <gtest/gtest.h>

#include "tests/support/recording_metrics.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::runtime {
namespace {

/// Answers every publish with what it was told.
class ScriptedBus final : public ports::EventBus {
 public:
  core::Result<std::vector<ports::PublishOutcome>> answer;

  ports::Task<std::vector<ports::PublishOutcome>> publish(ports::Topic, std::vector<core::Envelope>) override {
    co_return answer;
  }
  ports::Task<std::unique_ptr<ports::EventConsumer>> open_consumer(ports::Topic, std::string) override {
    co_return core::fail(core::Errc::unavailable, "no consumers here");
  }
  ports::Task<void> check() override { co_return core::Status{}; }
  [[nodiscard]] std::size_t max_body_bytes() const override { return 7; }
};

class MeteredBusTest : public ::testing::Test {
 protected:
  double count(const char* outcome) {
    return metrics_.value(std::string("liveops_bus_publish_total{topic=events,outcome=") + outcome + "}");
  }
  ScriptedBus inner_;
  test::RecordingMetrics metrics_;
  MeteredBus bus_{inner_, metrics_};
};

TEST_F(MeteredBusTest, CountsEveryEnvelopeByItsOutcome) {
  inner_.answer = {ports::PublishOutcome::stored, ports::PublishOutcome::retry, ports::PublishOutcome::stored};
  const auto outcomes = test::run(bus_.publish(ports::Topic::events, std::vector<core::Envelope>(3)));
  EXPECT_EQ(outcomes.value(), inner_.answer.value());
  EXPECT_EQ(count("stored"), 2);
  EXPECT_EQ(count("retry"), 1);
  EXPECT_EQ(count("refused"), 0);
  EXPECT_EQ(metrics_.value("liveops_bus_publish_duration_seconds{topic=events}"), 1);
}

TEST_F(MeteredBusTest, CountsAFailedCallForAllItsEnvelopes) {
  inner_.answer = core::fail(core::Errc::unavailable, "away");
  EXPECT_FALSE(test::run(bus_.publish(ports::Topic::events, std::vector<core::Envelope>(4))));
  EXPECT_EQ(count("failed"), 4);
}

TEST_F(MeteredBusTest, PassesTheRestThrough) {
  EXPECT_EQ(bus_.max_body_bytes(), 7U);
  EXPECT_TRUE(test::run(bus_.check()));
  EXPECT_EQ(test::run(bus_.open_consumer(ports::Topic::events, "g")).error().code, core::Errc::unavailable);
}

}  // namespace
}  // namespace liveops::runtime
