#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "ports/event_bus.hpp"
#include "ports/metrics.hpp"

namespace liveops::runtime {

/// A bus whose publishing is measured: `liveops_bus_publish_total{topic,outcome}` (stored, retry, refused, failed; an
/// envelope each) and `liveops_bus_publish_duration_seconds{topic}`. Everything else passes through.
///
/// Threads: as the bus. The bus outlives it.
class MeteredBus final : public ports::EventBus {
 public:
  MeteredBus(ports::EventBus& bus, ports::Metrics& metrics);

  ports::Task<std::vector<ports::PublishOutcome>> publish(ports::Topic topic,
                                                          std::vector<core::Envelope> envelopes) override;
  ports::Task<std::unique_ptr<ports::EventConsumer>> open_consumer(ports::Topic topic, std::string group) override;
  ports::Task<void> check() override { return bus_.check(); }
  [[nodiscard]] std::size_t max_body_bytes() const override { return bus_.max_body_bytes(); }

 private:
  static constexpr std::size_t kOutcomes = 4;  // of PublishOutcome, and the failure of a whole call
  struct TopicMetrics {
    TopicMetrics(ports::Metrics& metrics, ports::Topic topic);
    std::array<ports::Counter*, kOutcomes> outcomes;
    ports::Histogram& seconds;
  };

  ports::EventBus& bus_;
  std::array<TopicMetrics, 2> topics_;
};

}  // namespace liveops::runtime
