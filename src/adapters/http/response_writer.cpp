#include "adapters/http/response_writer.hpp"

#include <algorithm>
#include <array>
#include <boost/beast/http/status.hpp>
#include <charconv>

namespace liveops::adapters::http {
namespace {

void append_number(std::string& out, std::size_t number) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ");
  const std::size_t start = out.size();
  out.append(value).append("\r\n");
  std::replace_if(
      out.begin() + static_cast<std::ptrdiff_t>(start), out.end() - 2,
      [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
}

bool has_no_body(int status) {
  return status == 204 || status == 304 || status < 200;
}

}  // namespace

std::string_view reason_of(int status) {
  if (status == 202) return "Accepted";
  const auto known = boost::beast::http::int_to_status(static_cast<unsigned>(status));
  const auto reason = boost::beast::http::obsolete_reason(known);
  return {reason.data(), reason.size()};
}

void append_response(std::string& out, const core::http::Response& response, const ResponseFrame& frame) {
  constexpr std::size_t kTypicalHead = 320;
  out.reserve(out.size() + kTypicalHead + response.body.size());
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::size_t>(response.status));
  out.append(" ").append(reason_of(response.status)).append("\r\n");
  if (!has_no_body(response.status)) {
    if (!response.content_type.empty()) append_field(out, "Content-Type", response.content_type);
    out.append("Content-Length: ");
    append_number(out, response.body.size());
    out.append("\r\n");
  }
  if (!frame.date.empty()) append_field(out, "Date", frame.date);
  if (!frame.traceparent.empty()) append_field(out, "traceparent", frame.traceparent);
  if (!frame.request_id.empty()) append_field(out, "X-Request-Id", frame.request_id);
  for (const auto& [name, value] : response.headers) append_field(out, name, value);
  if (!frame.keep_alive) {
    out.append("Connection: close\r\n");
  } else if (frame.http10) {
    out.append("Connection: keep-alive\r\n");
  }
  out.append("\r\n");
  if (!frame.head_only && !has_no_body(response.status)) out.append(response.body);
}

}  // namespace liveops::adapters::http
