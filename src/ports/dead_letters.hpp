#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/envelope.hpp"
#include "core/time.hpp"
#include "ports/event_bus.hpp"
#include "ports/task.hpp"

namespace liveops::ports {

/// A message that a consumer group could not process.
struct DeadLetter {
  std::string id;  // names it in `show` and `redrive`
  Topic topic = Topic::events;
  std::string group;
  std::string reason;
  std::uint32_t attempts = 0;
  core::Timestamp dead_at;
  core::Envelope envelope;
};

/// The dead-letter store of a bus.
///
/// Threads: any.
class DeadLetters {
 public:
  virtual ~DeadLetters() = default;

  /// Oldest first, at most `limit`, those after the letter `after` (empty: from the start). Errors: `unavailable`.
  [[nodiscard]] virtual Task<std::vector<DeadLetter>> list(std::size_t limit, std::string after) = 0;

  /// Errors: `not_found`, `unavailable`.
  [[nodiscard]] virtual Task<DeadLetter> show(std::string id) = 0;

  /// Hands the letter to its group again, as attempt 1, and removes it from the store. The other groups do not see it.
  /// Errors: `not_found`, `unavailable`.
  [[nodiscard]] virtual Task<void> redrive(std::string id) = 0;

  /// The same for many letters. A bus that has to look through all of them to find one looks once.
  /// Errors: as redrive, of one that was not handed over; the others may have been, and asking again is safe.
  [[nodiscard]] virtual Task<void> redrive_each(std::vector<std::string> ids) {
    for (auto& id : ids) {
      if (auto handed = co_await redrive(std::move(id)); !handed) co_return handed;
    }
    co_return core::Status();
  }
};

}  // namespace liveops::ports
