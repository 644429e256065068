#pragma once

#include <map>
#include <mutex>
#include <string>

#include "adapters/bus_sqs/options.hpp"
#include "adapters/bus_sqs/sqs_api.hpp"

namespace liveops::adapters::bus_sqs {

/// A queue of a group, as it is at AWS.
struct Queue {
  std::string name;
  std::string url;
  std::string arn;
  std::string dead_letter_name;  // empty: its redrive policy names none
  std::string dead_letter_url;
  std::uint32_t max_receive_count = 0;  // 0: no redrive policy
  std::chrono::seconds visibility{0};
  std::chrono::seconds retention{0};
  std::size_t max_bytes = 0;
  std::uint64_t messages = 0;  // visible, in flight and delayed, as far as SQS knows
  std::uint64_t dead_letters = 0;
  std::string policy;

  [[nodiscard]] bool fifo() const { return name.ends_with(".fifo"); }
};

/// Finds and makes queues.
///
/// Threads: any. Errors, everywhere: `not_found`: no such queue; else as aws::Client.
class Queues {
 public:
  Queues(SqsApi& api, const Options& options) : api_(api), options_(options) {}

  /// What the queue of a group is called: its name in the options (or in its URL there), or the one that follows from
  /// the prefix.
  [[nodiscard]] std::string name_of(const GroupQueue& group) const;

  [[nodiscard]] ports::Task<Queue> find(GroupQueue group);
  /// Makes the queue and its dead-letter queue, or brings what is there up to the options.
  [[nodiscard]] ports::Task<Queue> make(GroupQueue group);

 private:
  [[nodiscard]] ports::Task<std::string> url_of(std::string name);
  [[nodiscard]] ports::Task<boost::json::object> attributes_of(std::string url);
  /// The URL of the queue, made or changed to have these attributes.
  [[nodiscard]] ports::Task<std::string> ensure(std::string name, boost::json::object attributes);
  [[nodiscard]] boost::json::object attributes_for(const std::string& name) const;
  [[nodiscard]] Patience patience() const { return {.attempt = options_.request_timeout}; }

  SqsApi& api_;
  const Options& options_;
};

/// "arn:aws:sqs:region:account:name" -> name
[[nodiscard]] std::string name_in_arn(std::string_view arn);

/// All of a queue's messages, by an answer of GetQueueAttributes: visible, in flight and delayed.
[[nodiscard]] std::uint64_t count_messages(const boost::json::object& answer);

/// What keeps a queue from being what this program needs, one line each, with what to do.
[[nodiscard]] std::vector<std::string> problems_of(const Queue& queue, const Options& options);

}  // namespace liveops::adapters::bus_sqs
