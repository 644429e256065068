#include "runtime/metered_bus.hpp"

#include <chrono>
#include <utility>

namespace liveops::runtime {

namespace {

constexpr std::size_t kFailed = 3;

ports::Counter& outcome_counter(ports::Metrics& metrics, ports::Topic topic, const char* outcome) {
  return metrics.counter("liveops_bus_publish_total", "Envelopes handed to the bus, by what became of them",
                         {{"topic", std::string(to_string(topic))}, {"outcome", outcome}});
}

}  // namespace

MeteredBus::TopicMetrics::TopicMetrics(ports::Metrics& metrics, ports::Topic topic)
    : outcomes{&outcome_counter(metrics, topic, "stored"), &outcome_counter(metrics, topic, "retry"),
               &outcome_counter(metrics, topic, "refused"), &outcome_counter(metrics, topic, "failed")},
      seconds(metrics.histogram("liveops_bus_publish_duration_seconds", "Time until the bus holds a publish durably",
                                {{"topic", std::string(to_string(topic))}}, ports::latency_buckets())) {}

MeteredBus::MeteredBus(ports::EventBus& bus, ports::Metrics& metrics)
    : bus_(bus), topics_{TopicMetrics(metrics, ports::Topic::events), TopicMetrics(metrics, ports::Topic::verdicts)} {}

ports::Task<std::vector<ports::PublishOutcome>> MeteredBus::publish(ports::Topic topic,
                                                                    std::vector<core::Envelope> envelopes) {
  auto& metrics = topics_[static_cast<std::size_t>(topic)];
  const auto count = envelopes.size();
  const auto started = std::chrono::steady_clock::now();
  auto outcomes = co_await bus_.publish(topic, std::move(envelopes));
  metrics.seconds.observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count());
  if (!outcomes) {
    metrics.outcomes[kFailed]->add(static_cast<double>(count));
    co_return outcomes;
  }
  for (const auto outcome : *outcomes) metrics.outcomes[static_cast<std::size_t>(outcome)]->add();
  co_return outcomes;
}

ports::Task<std::unique_ptr<ports::EventConsumer>> MeteredBus::open_consumer(ports::Topic topic, std::string group) {
  return bus_.open_consumer(topic, std::move(group));
}

}  // namespace liveops::runtime
