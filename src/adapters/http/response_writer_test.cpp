#include "adapters/http/response_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace liveops::adapters::http {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string bytes_of(const core::http::Response& response, const ResponseFrame& frame = {}) {
  std::string out;
  append_response(out, response, frame);
  return out;
}

TEST(ResponseWriter, WritesHeadAndBody) {
  core::http::Response response{.status = 202, .body = "{}"};
  response.with("Retry-After", "3");
  EXPECT_EQ(bytes_of(response, {.traceparent = "tp", .request_id = "id", .date = "now"}),
            "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 2\r\nDate: now\r\n"
            "traceparent: tp\r\nX-Request-Id: id\r\nRetry-After: 3\r\n\r\n{}");
}

TEST(ResponseWriter, SaysWhetherTheConnectionStays) {
  EXPECT_THAT(bytes_of({}, {.keep_alive = false}), HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(bytes_of({}, {.keep_alive = true}), Not(HasSubstr("Connection:")));
  EXPECT_THAT(bytes_of({}, {.keep_alive = true, .http10 = true}), HasSubstr("Connection: keep-alive\r\n"));
}

TEST(ResponseWriter, HeadHasTheLengthButNotTheBody) {
  const auto bytes = bytes_of({.body = "12345"}, {.head_only = true});
  EXPECT_THAT(bytes, HasSubstr("Content-Length: 5\r\n"));
  EXPECT_TRUE(bytes.ends_with("\r\n\r\n"));
}

TEST(ResponseWriter, NoContentHasNeitherLengthNorBody) {
  const auto bytes = bytes_of({.status = 204, .body = "ignored"});
  EXPECT_THAT(bytes, Not(HasSubstr("Content-")));
  EXPECT_TRUE(bytes.ends_with("\r\n\r\n"));
}

TEST(ResponseWriter, HeaderValuesCannotBreakOut) {
  core::http::Response response;
  response.with("X-A", "a\r\nSet-Cookie: b");
  EXPECT_THAT(bytes_of(response), HasSubstr("X-A: a  Set-Cookie: b\r\n"));
}

TEST(ResponseWriter, AppendsToWhatIsThere) {
  std::string out = "before";
  append_response(out, {}, {});
  EXPECT_TRUE(out.starts_with("beforeHTTP/1.1 200 OK\r\n"));
}

}  // namespace
}  // namespace liveops::adapters::http
