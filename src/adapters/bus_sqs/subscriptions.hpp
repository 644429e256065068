#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "adapters/aws/client.hpp"
#include "adapters/bus_sqs/options.hpp"
#include "ports/task.hpp"

namespace liveops::adapters::bus_sqs {

/// The subscriptions of queues to the SNS topic of the options: what is not subscribed gets nothing, and what is not
/// subscribed raw gets messages that nobody here can read.
///
/// Threads: any. Errors, everywhere: as aws::Client.
class Subscriptions {
 public:
  Subscriptions(aws::Client& client, const Options& options) : client_(client), options_(options) {}

  /// Lets the topic send to the queue, raw. Once is enough; again does no harm.
  [[nodiscard]] ports::Task<void> add(std::string queue_arn);
  /// What keeps the queue from getting the topic's messages as they are, with what to do; empty: nothing does.
  [[nodiscard]] ports::Task<std::string> problem_of(std::string queue_arn);

 private:
  using Fields = std::vector<std::pair<std::string, std::string>>;
  /// The answer's XML.
  [[nodiscard]] ports::Task<std::string> ask(std::string action, Fields fields);
  /// The ARN of the queue's subscription; empty: it has none.
  [[nodiscard]] ports::Task<std::string> find(std::string queue_arn);

  aws::Client& client_;
  const Options& options_;
};

}  // namespace liveops::adapters::bus_sqs
