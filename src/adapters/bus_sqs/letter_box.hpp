#pragma once

#include <string>
#include <vector>

#include "adapters/bus_sqs/options.hpp"
#include "adapters/bus_sqs/queues.hpp"
#include "ports/dead_letters.hpp"

namespace liveops::adapters::bus_sqs {

/// A group with its queue at AWS.
struct GroupAtAws {
  ports::Topic topic = ports::Topic::events;
  std::string group;
  Queue queue;
};

/// Puts a letter into the queue's dead-letter queue. Errors: `unavailable`, also when it has none.
[[nodiscard]] ports::Task<void> add_letter(SqsApi& api, Queue queue, Message letter, Patience patience);

/// The letters in the dead-letter queues of some groups: our own, with their reason, and those that SQS moved there.
///
/// SQS shows nothing that it does not hand out: a look takes all letters, up to `max_letters` a queue, and gives them
/// back. While one goes on another sees only a part. Threads: any. Errors, everywhere: `unavailable`.
class LetterBox {
 public:
  LetterBox(SqsApi& api, const Options& options, std::vector<GroupAtAws> groups);

  /// In the order of their ids, which begin with the time of death.
  [[nodiscard]] ports::Task<std::vector<ports::DeadLetter>> list(std::size_t limit, std::string after);
  /// Errors also: `not_found`.
  [[nodiscard]] ports::Task<ports::DeadLetter> show(std::string id);
  /// Hands over those that are there. Errors also: `not_found`, of any other.
  [[nodiscard]] ports::Task<void> redrive(std::vector<std::string> ids);

 private:
  struct Found {
    ports::DeadLetter letter;
    std::string message_id;
    std::string receipt;
  };
  /// What one queue had when it was looked through; whoever asks for it gives it back.
  struct Look {
    std::vector<Found> found;
    core::Status outcome;
  };
  /// Takes the letters of one queue, those that come meanwhile not all.
  [[nodiscard]] boost::asio::awaitable<Look> take_all(GroupAtAws group);
  /// Looks through all queues at once, and gives the letters back.
  [[nodiscard]] ports::Task<std::vector<ports::DeadLetter>> look();
  [[nodiscard]] ports::Task<void> redrive_of(GroupAtAws group, std::vector<std::string> ids);
  boost::asio::awaitable<void> give_back(GroupAtAws group, std::vector<Found> found);
  [[nodiscard]] Found read(const GroupAtAws& group, Received message) const;
  /// The group that a letter's id names.
  [[nodiscard]] const GroupAtAws* group_of(std::string_view id) const;
  [[nodiscard]] ports::Task<void> hand_over(GroupAtAws group, Found letter);
  [[nodiscard]] Patience patience() const { return {.attempt = options_.request_timeout}; }

  SqsApi& api_;
  const Options& options_;
  const std::vector<GroupAtAws> groups_;
};

}  // namespace liveops::adapters::bus_sqs
