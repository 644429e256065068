#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/aws/client.hpp"
#include "adapters/bus_sqs/options.hpp"
#include "adapters/bus_sqs/queues.hpp"
#include "adapters/bus_sqs/subscriptions.hpp"

namespace liveops::adapters::bus_sqs {

/// A group's queue as it is, and what is wrong with it.
struct QueueReport {
  GroupQueue group;
  std::string name;
  std::optional<Queue> queue;         // nullopt: it is not there
  std::vector<std::string> problems;  // one line each, with what to do
};

/// What `liveops queues create|describe` does: makes or checks the queues of `Options::groups`, with their dead-letter
/// queues, redrive and access policies, and their subscriptions to the topic, where there is one.
///
/// Threads: any. Errors, everywhere: `unavailable`, `unauthenticated`, `forbidden`, `invalid_argument`.
class QueueAdmin {
 public:
  [[nodiscard]] static core::Result<std::unique_ptr<QueueAdmin>> open(Options options,
                                                                      const aws::Environment& environment,
                                                                      const core::Clock& clock, ports::Log& log);

  /// Makes what is missing and brings what is there up to the options. Queues whose URL the options give are left as
  /// they are.
  [[nodiscard]] ports::Task<std::vector<QueueReport>> create();
  [[nodiscard]] ports::Task<std::vector<QueueReport>> describe();

 private:
  QueueAdmin(Options options, std::unique_ptr<aws::Client> client);
  [[nodiscard]] ports::Task<QueueReport> describe(GroupQueue group);
  [[nodiscard]] bool goes_by_topic(const GroupQueue& group) const;

  const Options options_;
  std::unique_ptr<aws::Client> client_;
  SqsApi api_;
  Queues queues_;
  Subscriptions subscriptions_;
};

}  // namespace liveops::adapters::bus_sqs
