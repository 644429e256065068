#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "ports/task.hpp"

namespace liveops::ports {

/// What `begin` found under a key.
enum class IdempotencyState : std::uint8_t {
  fresh,    // now reserved for the caller, who must complete or abandon it
  running,  // reserved by another request: 409
  done,     // completed with the same fingerprint: replay
  mismatch  // completed or running with another fingerprint: 422
};

/// Remembers which requests were done. Only accepted requests are kept; what they answered follows from the event id.
///
/// The key is the event id, which is derived from (key id, idempotency key). A reservation whose holder vanished ends
/// with the process, or by itself after 10 s (in other processes) to a minute.
/// Threads: any.
class IdempotencyStore {
 public:
  using Fingerprint = std::array<std::uint8_t, 8>;  // first bytes of SHA-256 over what must be the same in a retry

  struct Entry {
    core::EventId id;
    Fingerprint fingerprint{};
  };

  virtual ~IdempotencyStore() = default;

  /// One state per entry, in order; entries of one call with the same id: the second sees the first's reservation.
  /// Errors: `unavailable`.
  [[nodiscard]] virtual Task<std::vector<IdempotencyState>> begin(std::vector<Entry> entries, core::Timestamp now) = 0;

  /// These were accepted: kept for at least the retention time; durably where the adapter is durable, at once or
  /// through its KeyJournal. Errors: `unavailable` (the reservation is given up; a retry is recognised downstream by
  /// its event id).
  [[nodiscard]] virtual Task<void> complete(std::vector<Entry> entries, core::Timestamp now) = 0;

  /// These were refused: their keys are free again. Errors: `unavailable`.
  [[nodiscard]] virtual Task<void> abandon(std::vector<core::EventId> ids) = 0;
};

}  // namespace liveops::ports
