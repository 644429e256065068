#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/bus_sqs/message.hpp"
#include "adapters/bus_sqs/sqs_api.hpp"

namespace liveops::adapters::bus_sqs {

/// Where batches of messages go: a queue or a topic.
///
/// Threads: any.
class BatchSender {
 public:
  virtual ~BatchSender() = default;
  /// One outcome per message, in order. Requires: at most 10; the pointers stay good until it completes.
  [[nodiscard]] virtual ports::Task<std::vector<EntryOutcome>> send(std::vector<const Message*> messages,
                                                                    Patience patience) = 0;
  [[nodiscard]] virtual bool fifo() const = 0;
  /// The queue's URL or the topic's ARN, for the log.
  [[nodiscard]] virtual std::string_view name() const = 0;
};

[[nodiscard]] std::unique_ptr<BatchSender> queue_sender(SqsApi& api, std::string queue_url, bool fifo);
[[nodiscard]] std::unique_ptr<BatchSender> topic_sender(aws::Client& client, std::string topic_arn);

}  // namespace liveops::adapters::bus_sqs
