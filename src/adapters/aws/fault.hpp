#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "adapters/aws/http.hpp"
#include "core/error.hpp"

namespace liveops::adapters::aws {

/// What a service said no with.
struct Fault {
  std::string code;  // e.g. "QueueDoesNotExist"; "HTTP 502" when the answer names none
  std::string message;
  int status = 0;
  std::optional<std::chrono::milliseconds> retry_after;

  /// Too much was asked: slow down.
  [[nodiscard]] bool is_throttling() const;
  /// The same request may succeed later.
  [[nodiscard]] bool is_transient() const;
  /// The credentials are not taken: new ones may be.
  [[nodiscard]] bool is_stale_credentials() const;
  /// Our clock is wrong.
  [[nodiscard]] bool is_wrong_clock() const;
};

/// Reads the error of an answer that is not 2xx: JSON ("__type"), XML (<Code>), or whatever a proxy says.
[[nodiscard]] Fault parse_fault(const HttpAnswer& answer);

/// The error that it is to a caller. `rate_limited` and `unavailable`: try again.
[[nodiscard]] core::Error to_error(const Fault& fault);

/// The text of the first element of this name; empty when there is none.
[[nodiscard]] std::string xml_text(std::string_view xml, std::string_view name);

}  // namespace liveops::adapters::aws
