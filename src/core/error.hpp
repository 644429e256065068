#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace liveops::core {

/// What went wrong, named for what the caller does next.
enum class Errc {
  not_found,         // the thing does not exist: tell the client so
  conflict,          // the state forbids it now: tell the client so
  invalid_argument,  // the request can never succeed: do not retry
  unauthenticated,   // no or wrong credentials
  forbidden,         // known, but not allowed
  rate_limited,      // come back later
  unavailable,       // a dependency is away, nothing happened for certain or it is safe to repeat: retry
  timeout,           // unknown whether it happened: retry only what is idempotent
  corrupt,           // stored data cannot be read: an operator must look
  internal           // a bug
};

/// A failure as a value. `message` may be shown to a client; `detail` is for logs only.
struct Error {
  Errc code = Errc::internal;
  std::string message;
  std::string detail;
};

template <class T>
using Result = std::expected<T, Error>;
using Status = Result<void>;

/// Shorthand for the error branch: `return fail(Errc::not_found, "no such board")`.
[[nodiscard]] inline std::unexpected<Error> fail(Errc code, std::string message, std::string detail = {}) {
  return std::unexpected(Error{code, std::move(message), std::move(detail)});
}

/// The enumerator's name, e.g. "not_found".
[[nodiscard]] std::string_view to_string(Errc code);

}  // namespace liveops::core
