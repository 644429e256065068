#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace liveops::core {

/// Wall-clock time in UTC, microseconds.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// Source of the time; rules never call a clock, they take a Timestamp.
///
/// Threads: any.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Timestamp now() const = 0;
};

/// The operating system's clock.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override;
};

/// Reads an RFC 3339 date-time with any offset; digits past the microsecond are cut.
/// Years 1970-9999 in UTC; a leap second (":60", at the end of a UTC day only) counts as the next second's first
/// instant. Errors: `invalid_argument`.
[[nodiscard]] Result<Timestamp> parse_rfc3339(std::string_view text);

/// "2026-11-22T18:21:24.123Z": UTC, with 0, 3 or 6 fraction digits, whatever loses nothing.
/// Requires: years 0-9999.
[[nodiscard]] std::string format_rfc3339(Timestamp time);
/// The same into a buffer; returns how many characters it takes.
inline constexpr std::size_t kMaxRfc3339Chars = 27;
[[nodiscard]] std::size_t format_rfc3339(Timestamp time, std::span<char, kMaxRfc3339Chars> to);

}  // namespace liveops::core
