#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "core/http/message.hpp"

namespace liveops::core::http {

/// One fault of a request body or parameter. `pointer` is a JSON Pointer in fragment form ("#/payload/xp").
struct Fault {
  std::string pointer;
  std::string detail;
  friend bool operator==(const Fault&, const Fault&) = default;
};

/// What the type URIs of our own problems begin with.
inline constexpr std::string_view kProblemBase = "https://liveops-guard.dev/problems/";

/// RFC 9457 problem details. `slug` completes the stable type URI https://liveops-guard.dev/problems/<slug>, unless it
/// holds a ':' and then is the whole URI (IANA's registered types).
struct Problem {
  int status = 500;
  std::string slug;
  std::string title;                                            // constant per slug
  std::string detail;                                           // what is wrong here and what to do
  std::vector<Fault> faults;                                    // -> "errors"
  std::vector<std::pair<std::string, std::string>> extensions;  // name -> JSON text of the value
  std::optional<std::chrono::seconds> retry_after;  // -> Retry-After; absent: on 503 a jittered 1-3 s, else no header

  /// application/problem+json with this problem; 401 carries WWW-Authenticate (RFC 9110 section 11.6.1). Texts that are
  /// not UTF-8 come with '?' for every byte that is not ASCII.
  [[nodiscard]] Response response() const;
};

/// The problem for an error that crossed a port: not_found 404, conflict 409, invalid_argument 400, unauthenticated
/// 401, forbidden 403, rate_limited 429, unavailable and timeout 503, corrupt and internal 500. `Error::detail` is not
/// shown.
[[nodiscard]] Problem to_problem(const Error& error);

/// 400 with every fault named.
[[nodiscard]] Problem validation_problem(std::vector<Fault> faults);

}  // namespace liveops::core::http
