#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "apps/host/service_shell.hpp"
#include "ports/event_bus.hpp"
#include "ports/health.hpp"
#include "runtime/batch_consumer.hpp"
#include "runtime/periodic.hpp"

namespace liveops::apps {

/// A consumer group's member of this process: opens it and feeds its batches to a handler in the background; measures
/// how far behind the group is (`liveops_bus_backlog_messages` and `liveops_bus_backlog_oldest_seconds{topic,group}`).
///
/// As a dependency of /readyz it is not required: while batches cannot be processed, what is known can still be read.
class ConsumerTask final : public ports::HealthCheck {
 public:
  /// Joins `group` of `topic`; `gather` as in BatchConsumer::Options. Errors: as EventBus::open_consumer.
  [[nodiscard]] static core::Result<std::unique_ptr<ConsumerTask>> open(
      Host& host, ServiceShell& shell, ports::EventBus& bus, ports::Topic topic, std::string group,
      runtime::BatchConsumer::Handler handler, std::chrono::milliseconds gather = std::chrono::milliseconds(0));

  /// Spawns the consumer into the shell's background. Call once.
  void start();
  [[nodiscard]] ports::EventConsumer& consumer() { return *consumer_; }

  /// "consumer-events"
  [[nodiscard]] std::string name() const override;
  /// Errors: why the last batch could not be processed.
  [[nodiscard]] ports::Task<void> check() override;
  [[nodiscard]] bool stops_service(const core::Error& /*failure*/) const override { return false; }

 private:
  ConsumerTask(ServiceShell& shell, ports::Topic topic, std::unique_ptr<ports::EventConsumer> consumer,
               runtime::BatchConsumer::Handler handler, runtime::BatchConsumer::Options options);
  [[nodiscard]] boost::asio::awaitable<void> measure_backlog();

  ServiceShell& shell_;
  ports::Topic topic_;
  std::string group_;
  std::unique_ptr<ports::EventConsumer> consumer_;
  runtime::BatchConsumer batches_;
  ports::Gauge& backlog_messages_;
  ports::Gauge& backlog_seconds_;
  std::unique_ptr<runtime::Periodic> measuring_;
};

}  // namespace liveops::apps
