#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "core/envelope.hpp"
#include "gateway/decision.hpp"
#include "ports/event_bus.hpp"
#include "ports/idempotency_store.hpp"

namespace liveops::gateway {

/// The keys that a request has reserved and not yet settled; frees them when the request ends without doing so.
class ReservedKeys {
 public:
  ReservedKeys(ports::IdempotencyStore& store, boost::asio::any_io_executor executor);
  ~ReservedKeys();
  ReservedKeys(const ReservedKeys&) = delete;
  ReservedKeys& operator=(const ReservedKeys&) = delete;

  void add(const core::EventId& id) { ids_.push_back(id); }
  /// Hands the keys over to the caller, who settles them.
  [[nodiscard]] std::vector<core::EventId> release() { return std::exchange(ids_, {}); }

 private:
  ports::IdempotencyStore& store_;
  boost::asio::any_io_executor executor_;
  std::vector<core::EventId> ids_;
};

/// The state of one call of Admission::admit: which events are still on their way, and what was decided of the others.
///
/// Order: reserve, prepare, judge, take_envelopes, conclude, settle. Threads: one at a time.
class Intake {
 public:
  Intake(std::vector<core::Event> events, ports::IdempotencyStore& keys, boost::asio::any_io_executor executor);

  /// Reserves the keys; events whose key is not free are decided here.
  [[nodiscard]] boost::asio::awaitable<core::Status> reserve(core::Timestamp now);

  /// The events that are open now, for fairness; their envelopes are made from them before they go.
  [[nodiscard]] std::vector<core::Event> prepare();

  /// Decides what fairness refuses; without verdicts all that is open is refused for now.
  void judge(std::optional<std::vector<core::Verdict>> verdicts);

  /// Envelopes of what is open, in order.
  [[nodiscard]] std::vector<core::Envelope> take_envelopes();

  /// Decides all that is open by what the bus answered.
  void conclude(const core::Result<std::vector<ports::PublishOutcome>>& published);

  /// Keeps the keys of what was accepted and frees the others. Errors: the store's, of keeping.
  [[nodiscard]] boost::asio::awaitable<core::Status> settle(core::Timestamp now);

  [[nodiscard]] bool has_open() const { return !open_.empty(); }
  /// One per event, in order.
  [[nodiscard]] std::vector<Decision> take_decisions();

 private:
  void decide(std::size_t index, Outcome outcome) { decisions_[index].outcome = outcome; }
  void find_twins(const std::vector<std::size_t>& running);

  ports::IdempotencyStore& keys_;
  std::vector<core::Event> events_;
  std::vector<ports::IdempotencyStore::Entry> entries_;
  std::vector<Decision> decisions_;
  std::vector<std::size_t> reserved_;                       // indices whose key is ours
  std::vector<std::size_t> open_;                           // of those, the ones not decided yet
  std::vector<core::Envelope> envelopes_;                   // of open_, in order
  std::vector<std::pair<std::size_t, std::size_t>> twins_;  // a later event and the earlier one with its id
  ReservedKeys guard_;
};

}  // namespace liveops::gateway
