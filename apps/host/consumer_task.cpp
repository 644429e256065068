#include "apps/host/consumer_task.hpp"

#include <utility>

#include "apps/host/blocking.hpp"
#include "apps/host/periodic_task.hpp"

namespace liveops::apps {

namespace {

constexpr std::chrono::seconds kBacklogInterval{5};

}  // namespace

core::Result<std::unique_ptr<ConsumerTask>> ConsumerTask::open(Host& host, ServiceShell& shell, ports::EventBus& bus,
                                                               ports::Topic topic, std::string group,
                                                               runtime::BatchConsumer::Handler handler,
                                                               std::chrono::milliseconds gather) {
  auto consumer = wait_for(host.io.background(), bus.open_consumer(topic, group));
  if (!consumer) return std::unexpected(consumer.error());
  runtime::BatchConsumer::Options options{
      .group = std::move(group), .wait = host.pace.wait, .gather = gather, .hold_for = host.pace.hold_for};
  return std::unique_ptr<ConsumerTask>(
      new ConsumerTask(shell, topic, std::move(*consumer), std::move(handler), std::move(options)));
}

ConsumerTask::ConsumerTask(ServiceShell& shell, ports::Topic topic, std::unique_ptr<ports::EventConsumer> consumer,
                           runtime::BatchConsumer::Handler handler, runtime::BatchConsumer::Options options)
    : shell_(shell),
      topic_(topic),
      group_(options.group),
      consumer_(std::move(consumer)),
      batches_(*consumer_, std::move(handler), std::move(options), shell.log(), shell.metrics()),
      backlog_messages_(shell.metrics().gauge("liveops_bus_backlog_messages", "Messages that a group has not acked",
                                              {{"topic", std::string(to_string(topic))}, {"group", group_}})),
      backlog_seconds_(shell.metrics().gauge("liveops_bus_backlog_oldest_seconds", "Age of the oldest of them",
                                             {{"topic", std::string(to_string(topic))}, {"group", group_}})) {}

boost::asio::awaitable<void> ConsumerTask::measure_backlog() {
  const auto backlog = co_await consumer_->backlog();
  if (!backlog) co_return;  // the bus is away, which its health check says
  backlog_messages_.set(static_cast<double>(backlog->messages));
  backlog_seconds_.set(std::chrono::duration<double>(backlog->oldest_age).count());
}

std::string ConsumerTask::name() const {
  return "consumer-" + std::string(to_string(topic_));
}

ports::Task<void> ConsumerTask::check() {
  co_return batches_.last_outcome();
}

void ConsumerTask::start() {
  shell_.background().spawn("consumer " + group_, batches_.run(), [this] { batches_.stop(); });
  measuring_ = start_periodic(shell_.background(), "backlog of " + group_, kBacklogInterval,
                              [this] { return measure_backlog(); });
}

}  // namespace liveops::apps
