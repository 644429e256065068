#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

#include "adapters/aws/client.hpp"
#include "adapters/bus_sqs/message.hpp"

namespace liveops::adapters::bus_sqs {

/// How long a call may take.
struct Patience {
  std::chrono::milliseconds attempt{3000};
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  std::stop_token stop = {};
};

/// What became of one entry of a batch.
enum class EntryOutcome : std::uint8_t {
  done,
  retry,   // the service's fault: the same may succeed
  refused  // ours: it never will
};

/// Calls of SQS: AWS JSON protocol 1.0, version 2012-11-05.
/// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/
///
/// Errors, everywhere: as aws::Client.
class SqsApi {
 public:
  explicit SqsApi(aws::Client& client) : client_(client) {}

  [[nodiscard]] ports::Task<boost::json::object> ask(std::string operation, boost::json::object question,
                                                     Patience patience);
  /// A batch operation; outcomes in the order of `entries`, whose Id is set here. Requires: at most 10.
  [[nodiscard]] ports::Task<std::vector<EntryOutcome>> batch(std::string operation, std::string queue_url,
                                                             std::vector<boost::json::object> entries,
                                                             Patience patience);
  /// Up to `max` messages, at most 10; waits up to `wait`, at most 20 s. 0 seconds of visibility: the queue's.
  struct Poll {
    std::string queue_url;
    std::size_t max = 10;
    std::chrono::seconds wait{0};
    std::chrono::seconds visibility{0};
    bool fifo = false;
  };
  [[nodiscard]] ports::Task<std::vector<Received>> receive(Poll poll, Patience patience);

  [[nodiscard]] aws::Client& client() { return client_; }

 private:
  aws::Client& client_;
};

/// The entry of SendMessage and SendMessageBatch.
[[nodiscard]] boost::json::object send_entry(const Message& message, bool fifo);

/// Outcomes in the order of Ids "0", "1", ... of a batch's answer; an entry that it does not name is to be retried.
[[nodiscard]] std::vector<EntryOutcome> parse_outcomes(const boost::json::object& answer, std::size_t entries);

}  // namespace liveops::adapters::bus_sqs
