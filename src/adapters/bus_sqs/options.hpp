#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "ports/event_bus.hpp"

namespace liveops::adapters::bus_sqs {

/// A consumer group and its queue.
struct GroupQueue {
  ports::Topic topic = ports::Topic::events;
  std::string group;
  // SQS_QUEUE_<GROUP>: name or URL; empty: <prefix>-<topic>-<group>, .fifo behind it with `fifo`
  std::string queue = {};
};

/// Region, endpoint and credentials are AWS' own settings: see adapters/aws.
struct Options {
  std::vector<GroupQueue> groups;        // to all of these a publish goes
  std::string prefix = "liveops";        // SQS_PREFIX of queues that are not named. [A-Za-z0-9_-]+
  bool fifo = false;                     // SQS_FIFO: message group = player, deduplication = event id
  bool create_missing = false;           // SQS_CREATE_QUEUES: make queues that are not there
  std::string events_topic_arn;          // SNS_TOPIC_ARN: events are published there once instead of to each queue
  std::size_t max_bytes = 256U * 1024U;  // SQS_MAX_MESSAGE_BYTES of a message, and of a batch: body and attributes
  std::chrono::milliseconds visibility{30'000};  // rounded up to whole seconds
  std::chrono::milliseconds hold{0};             // messages in hand are extended up to so long; 0: by the caller only
  std::chrono::milliseconds linger{5};           // a batch that is not full waits so long for more
  std::size_t max_requests = 64;                 // publishing ones under way, per queue
  std::size_t max_waiting = 10'000;              // messages per queue that wait to be sent; beyond: `retry`
  std::size_t max_polls = 8;                     // under way per consumer
  std::chrono::milliseconds publish_timeout{5000};  // then `retry`
  std::chrono::milliseconds request_timeout{3000};  // of one attempt
  std::uint32_t max_receive_count = 1000;  // of queues that are made: every redelivery counts, also those of an outage
  std::chrono::seconds retention{14 * 24 * 3600};  // of queues that are made
  std::chrono::seconds letter_wait{1};             // a look at dead letters ends when none came for so long
  std::size_t max_letters = 1000;                  // per dead-letter queue that a look goes through
};

/// What SQS takes in one batch.
inline constexpr std::size_t kMaxEntries = 10;

}  // namespace liveops::adapters::bus_sqs
