#pragma once

#include <string>
#include <string_view>

#include "core/http/message.hpp"

namespace liveops::adapters::http {

/// What the server adds to a response.
struct ResponseFrame {
  bool keep_alive = true;
  bool http10 = false;     // the client must be told when the connection stays open
  bool head_only = false;  // HEAD: Content-Length of the body, but no body
  std::string_view traceparent;
  std::string_view request_id;
  std::string_view date;  // IMF-fixdate
};

/// Appends the bytes of a response to `out`. Control characters in header values become spaces (no header injection).
void append_response(std::string& out, const core::http::Response& response, const ResponseFrame& frame);

/// The reason phrase, e.g. "Not Found"; "Unknown" for an unregistered status.
[[nodiscard]] std::string_view reason_of(int status);

}  // namespace liveops::adapters::http
