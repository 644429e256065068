#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "adapters/aws/client.hpp"
#include "adapters/bus_sqs/lane.hpp"
#include "adapters/bus_sqs/letter_box.hpp"
#include "adapters/bus_sqs/queues.hpp"
#include "core/time.hpp"
#include "ports/dead_letters.hpp"
#include "ports/event_bus.hpp"
#include "ports/log.hpp"

namespace liveops::adapters::bus_sqs {

/// The bus on Amazon SQS: a queue per consumer group.
///
/// `stored` means that every group's queue of the topic has the message (or that the SNS topic has it): SQS answers
/// once it is on several machines. What one queue did not take is sent again to that one alone, until the publish's
/// time is over; then the outcome is `retry`, and the next publish goes to all of them again. A topic without queues
/// takes nothing. A group that is not among the options is published to by this process alone, from its `open_consumer`
/// on. Must go away before the executors that wait for it, and after its consumers.
class EventBus final : public ports::EventBus, public ports::DeadLetters {
 public:
  /// Finds the groups' queues; blocks. Errors: `unavailable`, `unauthenticated`, `forbidden`, `invalid_argument` (an
  /// option, no region, a queue that is not there); the message is one line that says what to do.
  [[nodiscard]] static core::Result<std::unique_ptr<EventBus>> open(Options options, aws::Environment environment,
                                                                    const core::Clock& clock, ports::Log& log);
  ~EventBus() override;

  ports::Task<std::vector<ports::PublishOutcome>> publish(ports::Topic topic,
                                                          std::vector<core::Envelope> envelopes) override;
  /// Errors also: `invalid_argument`: the group's name is not 1-40 of [A-Za-z0-9_-], or it has no queue.
  ports::Task<std::unique_ptr<ports::EventConsumer>> open_consumer(ports::Topic topic, std::string group) override;
  ports::Task<void> check() override;
  [[nodiscard]] std::size_t max_body_bytes() const override;

  ports::Task<std::vector<ports::DeadLetter>> list(std::size_t limit, std::string after) override;
  ports::Task<ports::DeadLetter> show(std::string id) override;
  ports::Task<void> redrive(std::string id) override;
  ports::Task<void> redrive_each(std::vector<std::string> ids) override;

 private:
  EventBus(Options options, std::unique_ptr<aws::Client> client, const core::Clock& clock, ports::Log& log);
  [[nodiscard]] core::Status start();
  [[nodiscard]] ports::Task<void> open_groups();
  /// The group's queue, looked up (or made) the first time.
  [[nodiscard]] ports::Task<GroupAtAws> join(GroupQueue group);
  void add(GroupAtAws group);
  void add_lane(ports::Topic topic, std::unique_ptr<BatchSender> sender);
  [[nodiscard]] std::vector<GroupAtAws> groups() const;
  [[nodiscard]] std::vector<Lane*> lanes_of(ports::Topic topic) const;
  void in_background(boost::asio::awaitable<void> work);

  struct TopicLane {
    ports::Topic topic;
    std::unique_ptr<Lane> lane;
  };

  const Options options_;
  const core::Clock& clock_;
  ports::Log& log_;
  boost::asio::io_context io_{1};  // of the lanes and of what goes on in the background
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
  std::unique_ptr<aws::Client> client_;
  SqsApi api_;
  Queues queues_;
  mutable std::mutex mutex_;
  std::condition_variable idle_;
  std::size_t background_ = 0;
  std::vector<GroupAtAws> groups_;
  std::vector<TopicLane> lanes_;
  std::thread thread_;
};

/// Sends to every lane and joins what they say: `stored` where all of them did.
[[nodiscard]] boost::asio::awaitable<std::vector<ports::PublishOutcome>> send_to_all(std::vector<Lane*> lanes,
                                                                                     Messages messages);

}  // namespace liveops::adapters::bus_sqs
