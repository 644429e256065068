#pragma once

#include <memory>
#include <string>

#include "apps/host/service_shell.hpp"
#include "ports/event_bus.hpp"
#include "runtime/batch_consumer.hpp"

namespace liveops::apps {

/// A consumer group's member of this process: opens it and feeds its batches to a handler in the background.
class ConsumerTask {
 public:
  /// Joins `group` of `topic`. Errors: as EventBus::open_consumer.
  [[nodiscard]] static core::Result<std::unique_ptr<ConsumerTask>> open(Host& host, ServiceShell& shell,
                                                                        ports::EventBus& bus, ports::Topic topic,
                                                                        std::string group,
                                                                        runtime::BatchConsumer::Handler handler);

  /// Spawns the consumer into the shell's background. Call once.
  void start();
  [[nodiscard]] ports::EventConsumer& consumer() { return *consumer_; }

 private:
  ConsumerTask(ServiceShell& shell, std::string group, std::unique_ptr<ports::EventConsumer> consumer,
               runtime::BatchConsumer::Handler handler);

  ServiceShell& shell_;
  std::string group_;
  std::unique_ptr<ports::EventConsumer> consumer_;
  runtime::BatchConsumer batches_;
};

}  // namespace liveops::apps
