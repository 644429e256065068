#include "apps/host/consumer_task.hpp"

#include <utility>

#include "apps/host/blocking.hpp"

namespace liveops::apps {

core::Result<std::unique_ptr<ConsumerTask>> ConsumerTask::open(Host& host, ServiceShell& shell, ports::EventBus& bus,
                                                               ports::Topic topic, std::string group,
                                                               runtime::BatchConsumer::Handler handler) {
  auto consumer = wait_for(host.io.background(), bus.open_consumer(topic, group));
  if (!consumer) return std::unexpected(consumer.error());
  return std::unique_ptr<ConsumerTask>(
      new ConsumerTask(shell, std::move(group), std::move(*consumer), std::move(handler)));
}

ConsumerTask::ConsumerTask(ServiceShell& shell, std::string group, std::unique_ptr<ports::EventConsumer> consumer,
                           runtime::BatchConsumer::Handler handler)
    : shell_(shell),
      group_(std::move(group)),
      consumer_(std::move(consumer)),
      batches_(*consumer_, std::move(handler), runtime::BatchConsumer::Options{.group = group_}, shell.log(),
               shell.metrics()) {}

void ConsumerTask::start() {
  shell_.background().spawn("consumer " + group_, batches_.run(), [this] { batches_.stop(); });
}

}  // namespace liveops::apps
