#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/envelope.hpp"
#include "ports/task.hpp"

namespace liveops::ports {

/// Independent streams of one bus.
enum class Topic : std::uint8_t {
  events,   // game events, from the gateway
  verdicts  // changes of a player's standing, from fairness
};
[[nodiscard]] constexpr std::string_view to_string(Topic topic) {
  return topic == Topic::events ? "events" : "verdicts";
}

/// What became of one published envelope.
enum class PublishOutcome : std::uint8_t {
  stored,  // durable, as far as the bus promises durability
  retry,   // not known to be stored: publish again (consumers recognise duplicates by id)
  refused  // can never be stored (too large)
};

/// One message as handed to a consumer. Whoever holds it must ack, nack, dead-letter or extend it within the
/// visibility timeout, or it is handed out again.
struct Delivery {
  core::Envelope envelope;
  std::string tag;            // opaque; names this delivery to the consumer that received it
  std::uint32_t attempt = 1;  // 1 for the first delivery, as far as the bus knows
};

/// How far a consumer group is behind.
struct Backlog {
  std::uint64_t messages = 0;               // not yet acked by the group, in flight included
  std::chrono::milliseconds oldest_age{0};  // age of the oldest of them; 0 when there is none
};

/// One member of a consumer group. Closes itself when it goes away; must not outlive its bus.
///
/// Threads: any, but one `receive` at a time.
class EventConsumer {
 public:
  virtual ~EventConsumer() = default;

  /// Up to `max` messages; waits up to `wait` for the first. Empty on time-out and after `close`.
  /// Errors: `unavailable`.
  [[nodiscard]] virtual Task<std::vector<Delivery>> receive(std::size_t max, std::chrono::milliseconds wait) = 0;

  /// Done with these: the group does not see them again. An ack that is lost means a redelivery, never a loss.
  /// Errors: `unavailable`. Unknown tags are ignored (the visibility timeout ran out).
  [[nodiscard]] virtual Task<void> ack(std::vector<std::string> tags) = 0;

  /// Hand these out again, not before `delay`, with a higher attempt. Errors: `unavailable`.
  [[nodiscard]] virtual Task<void> nack(std::vector<std::string> tags, std::chrono::milliseconds delay) = 0;

  /// Moves one message to the dead letters of this group and acks it, in that order. Errors: `unavailable`.
  [[nodiscard]] virtual Task<void> dead_letter(Delivery delivery, std::string reason) = 0;

  /// Restarts the visibility timeout of these. Errors: `unavailable`.
  [[nodiscard]] virtual Task<void> extend(std::vector<std::string> tags) = 0;

  /// Errors: `unavailable`.
  [[nodiscard]] virtual Task<Backlog> backlog() = 0;

  /// Ends a waiting `receive` with an empty list and releases what is in flight to the group. Idempotent; any thread.
  virtual void close() = 0;
};

/// Carries envelopes to every consumer group, at least once, in no promised order.
///
/// A group exists from the first `open_consumer` of its name and sees what is published from then on (a durable bus may
/// start it earlier: at the oldest message it still holds); there it goes on to exist, and messages wait for it, when
/// nobody consumes.
///
/// Threads: any. Never blocks the caller's executor.
class EventBus {
 public:
  virtual ~EventBus() = default;

  /// Completes once the bus holds the envelopes durably; one outcome per envelope, in order.
  /// Errors: `unavailable` (nothing is known: publish all again), `invalid_argument` (empty list).
  [[nodiscard]] virtual Task<std::vector<PublishOutcome>> publish(Topic topic,
                                                                  std::vector<core::Envelope> envelopes) = 0;

  /// Joins (and makes, if new) the consumer group `group` of `topic`. Errors: `unavailable`.
  [[nodiscard]] virtual Task<std::unique_ptr<EventConsumer>> open_consumer(Topic topic, std::string group) = 0;

  /// Can it publish now? Errors, with a message that says what is wrong: `unavailable`; `rate_limited` when it is full,
  /// which consumers cure.
  [[nodiscard]] virtual Task<void> check() = 0;

  /// The largest body one envelope may have, in bytes.
  [[nodiscard]] virtual std::size_t max_body_bytes() const = 0;
};

}  // namespace liveops::ports
