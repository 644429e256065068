#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/ids.hpp"

namespace liveops::core::http {

/// Who sent a request, as far as its credentials showed.
struct Principal {
  enum class Kind { anonymous, signing_key, api_token, admin_token };
  Kind kind = Kind::anonymous;
  KeyId key_id;  // of the signing key, when kind is signing_key
};

using HeaderView = std::pair<std::string_view, std::string_view>;

/// A request as handlers see it: views into the connection's buffer.
///
/// Lifetime: valid until the handler's coroutine completes; copy what must live longer.
struct Request {
  std::string_view method;  // "GET", "POST", ... as sent
  std::string_view target;  // path and query as sent
  std::string_view path;    // without query, as sent (percent-encoding kept)
  std::string_view query;   // without '?'; empty when none
  std::span<const HeaderView> headers;
  std::string_view body;                 // as sent (compressed bytes when Content-Encoding says so)
  std::vector<std::string> path_params;  // decoded values of the route's {placeholders}, in order
  Principal principal;                   // set by the router from the route's access rule
  std::string_view traceparent;          // valid W3C value: the caller's or one made for this request
  std::string_view request_id;           // X-Request-Id: the caller's or one made for this request
  std::string_view remote_address;

  /// First header with this name (any case); empty view when there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
  [[nodiscard]] bool has_header(std::string_view name) const;
  /// Decoded value of the first query parameter with this name ('+' is a space); nullopt when absent. A value with a
  /// broken escape comes as it was sent.
  [[nodiscard]] std::optional<std::string> query_param(std::string_view name) const;
};

/// What a handler answers. The server adds Content-Length, Connection, traceparent and X-Request-Id.
struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;

  Response& with(std::string name, std::string value) {
    headers.emplace_back(std::move(name), std::move(value));
    return *this;
  }
};

/// True when both are equal but for ASCII case.
[[nodiscard]] bool equals_ignore_case(std::string_view a, std::string_view b);

/// Decodes %XX and nothing else ('+' stays); nullopt on a broken escape.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

}  // namespace liveops::core::http
