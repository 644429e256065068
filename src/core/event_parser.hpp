#pragma once

#include <chrono>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "core/event.hpp"
#include "core/http/problem.hpp"
#include "core/time.hpp"

namespace liveops::core {

/// Bounds of what a client may send.
struct EventLimits {
  std::size_t max_event_bytes = 32 * 1024;
  std::size_t max_depth = 16;
  std::chrono::seconds max_ahead{300};
  std::chrono::seconds max_age{7 * 86400};
};

using Faults = std::vector<http::Fault>;

/// Reads one event from JSON text and validates all of it: every fault is named, with its pointer under
/// `pointer_prefix` ("#" for a single event, "#/3" for the fourth of a batch).
///
/// Refused: not an object, bad UTF-8, duplicate keys at any depth, depth > 16, unknown top-level fields, wrong types,
/// numbers that are not integers or beyond +-2^53, names outside [A-Za-z0-9._:-]{1,64}, quantity outside 1..9999,
/// negative xp, duration or score, occurred_at more than 5 min ahead or 7 days old. Kept: unknown payload fields.
/// `id` and `key_id` are left for the caller. `occurred_at` defaults to `received_at`.
[[nodiscard]] std::expected<Event, Faults> parse_event(std::string_view json, Timestamp received_at,
                                                       const EventLimits& limits,
                                                       std::string_view pointer_prefix = "#");

/// One item of a batch: an event plus its own idempotency key.
struct BatchItem {
  std::string idempotency_key;  // validated: 1-255 visible characters; empty when that was the fault
  std::string event_id;         // of recorded events only, as given
  std::expected<Event, Faults> event;
};

/// The items of a batch body: a JSON array, or NDJSON (one object a line, blank lines skipped) when `ndjson`.
/// A fault of one item stays with that item; a body that cannot be split at all (not an array, bad JSON between the
/// items, more than `max_items`) is the outer error.
[[nodiscard]] std::expected<std::vector<BatchItem>, Faults> parse_batch(std::string_view body, bool ndjson,
                                                                        std::size_t max_items, Timestamp received_at,
                                                                        const EventLimits& limits);

/// Bare or quoted (RFC 8941 String) Idempotency-Key. Errors: `invalid_argument` (empty, > 255, control characters).
[[nodiscard]] Result<std::string> parse_idempotency_key(std::string_view header);

}  // namespace liveops::core
