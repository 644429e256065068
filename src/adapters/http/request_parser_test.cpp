#include "adapters/http/request_parser.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace liveops::adapters::http {
namespace {

using Progress = RequestParser::Progress;
constexpr std::size_t kLimit = 1024;

int status_of(std::string_view head) {
  RequestParser parser(kLimit);
  const auto progress = parser.read_head(head);
  if (progress == Progress::need_more) return 0;
  return progress == Progress::done ? 200 : parser.fault().status;
}

TEST(RequestParser, GivesMethodTargetAndHeadersAsTheyWereSent) {
  const std::string head = "PURGE /a?b=%20 HTTP/1.1\r\nHost: h\r\nX-Odd:  two words \r\nEmpty:\r\n\r\nrest";
  RequestParser parser(kLimit);
  ASSERT_EQ(parser.read_head(head), Progress::done);
  core::http::Request request;
  std::vector<core::http::HeaderView> headers;
  parser.point(request, head, headers);
  EXPECT_EQ(request.method, "PURGE");
  EXPECT_EQ(request.target, "/a?b=%20");
  EXPECT_EQ(request.header("x-odd"), "two words");
  EXPECT_TRUE(request.has_header("empty"));
  EXPECT_EQ(head.substr(parser.head_bytes()), "rest");
}

TEST(RequestParser, ReadsTheSameHeadHoweverItIsCut) {
  const std::string head = "POST /events HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nX-Key-Id: k\r\n\r\n";
  EXPECT_TRUE(rc::check([&](const std::vector<unsigned>& steps) {
    RequestParser parser(kLimit);
    std::string arrived;  // moves as it grows, like a connection's buffer
    auto progress = Progress::need_more;
    for (std::size_t i = 0; progress == Progress::need_more; ++i) {
      const std::size_t step = i < steps.size() ? 1 + steps[i] % 9 : head.size();
      arrived += head.substr(arrived.size(), step);
      progress = parser.read_head(arrived);
    }
    RC_ASSERT(progress == Progress::done);
    core::http::Request request;
    std::vector<core::http::HeaderView> headers;
    parser.point(request, arrived, headers);
    RC_ASSERT(request.target == "/events");
    RC_ASSERT(request.header("x-key-id") == "k");
    RC_ASSERT(parser.content_length().value() == 5U);
  }));
}

TEST(RequestParser, RefusesWhatCouldBeReadInTwoWays) {
  const std::string line = "POST / HTTP/1.1\r\nHost: h\r\n";
  EXPECT_EQ(status_of(line + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
  EXPECT_EQ(status_of(line + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n"), 400);
  EXPECT_EQ(status_of(line + "Content-Length: 3\r\nContent-Length: 4\r\n\r\n"), 400);
  EXPECT_EQ(status_of(line + "Content-Length: -1\r\n\r\n"), 400);
  EXPECT_EQ(status_of(line + "Content-Length: 99999999999999999999\r\n\r\n"), 400);
  EXPECT_EQ(status_of(line + "X-A : b\r\n\r\n"), 400);
  EXPECT_EQ(status_of(line + "X-A: b\r\n folded\r\n\r\n"), 400);
  EXPECT_EQ(status_of(line + "Transfer-Encoding: gzip, chunked\r\n\r\n"), 501);
  EXPECT_EQ(status_of(line + "Transfer-Encoding: gzip\r\n\r\n"), 501);
}

TEST(RequestParser, RefusesWhatIsNoHttp11) {
  EXPECT_EQ(status_of("GET /\r\n\r\n"), 400);
  EXPECT_EQ(status_of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.0\r\n\r\n"), 200);
  EXPECT_EQ(status_of("\x16\x03\x01\x02"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: h\r\nExpect: gold\r\n\r\n"), 417);
}

TEST(RequestParser, BoundsTheHead) {
  const std::string line = "GET / HTTP/1.1\r\nHost: h\r\n";
  EXPECT_EQ(status_of(line + "X: " + std::string(kLimit, 'x') + "\r\n\r\n"), 431);
  EXPECT_EQ(status_of("GET /" + std::string(2 * kLimit, 'x')), 431);
  EXPECT_EQ(status_of(line + "X: " + std::string(kLimit / 2, 'x')), 0);
  std::string many = line;
  for (std::size_t i = 0; i < RequestParser::kMaxHeaders; ++i) many += "a:\r\n";
  EXPECT_EQ(status_of(many + "\r\n"), 431);
}

TEST(RequestParser, BoundsAHeadThatArrivesLineByLine) {
  RequestParser parser(kLimit);
  std::string arrived = "GET / HTTP/1.1\r\nHost: h\r\n";
  auto progress = parser.read_head(arrived);
  while (progress == Progress::need_more && arrived.size() < 4 * kLimit) {
    arrived += "X-Line: " + std::string(90, 'x') + "\r\n";
    progress = parser.read_head(arrived);
  }
  EXPECT_EQ(progress, Progress::failed);
  EXPECT_EQ(parser.fault().status, 431);
}

/// Feeds `raw` after a chunked head, `step` bytes at a time; the parser's last word in `progress`.
std::string decode(std::string_view raw, std::size_t step, std::size_t max_bytes, Progress& progress, int& status) {
  RequestParser parser(kLimit);
  progress = parser.read_head("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(progress, Progress::done);
  progress = Progress::need_more;
  std::string waiting;
  while (progress == Progress::need_more && !raw.empty()) {
    waiting += raw.substr(0, step);
    raw.remove_prefix(std::min(step, raw.size()));
    std::size_t consumed = 0;
    progress = parser.read_chunks(waiting, max_bytes, consumed);
    waiting.erase(0, consumed);
  }
  status = parser.fault().status;
  return parser.chunked_body();
}

TEST(RequestParser, DecodesChunksHoweverTheyAreCut) {
  const std::string_view raw = "4\r\nWiki\r\n6;ext=1\r\npedia \r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n";
  for (std::size_t step = 1; step <= raw.size(); ++step) {
    Progress progress{};
    int status = 0;
    EXPECT_EQ(decode(raw, step, 100, progress, status), "Wikipedia 0123456789") << step;
    EXPECT_EQ(progress, Progress::done) << step;
  }
}

TEST(RequestParser, BoundsChunkedBodies) {
  Progress progress{};
  int status = 0;
  static_cast<void>(decode("4\r\nWiki\r\n6\r\npedia \r\n0\r\n\r\n", 7, 9, progress, status));
  EXPECT_EQ(progress, Progress::failed);
  EXPECT_EQ(status, 413);
  static_cast<void>(decode("FFFFFFFFFFFFFFFF\r\n", 100, 9, progress, status));
  EXPECT_EQ(status, 413);
  static_cast<void>(decode("zz\r\n", 100, 9, progress, status));
  EXPECT_EQ(status, 400);
  const auto endless = "1;" + std::string(3 * kLimit, 'x');
  static_cast<void>(decode(endless, 100, 9, progress, status));
  EXPECT_EQ(status, 431);
}

TEST(RequestParser, SurvivesArbitraryBytes) {
  EXPECT_TRUE(rc::check([](const std::string& head, const std::string& chunks) {
    RequestParser parser(kLimit);
    static_cast<void>(parser.read_head(head));
    Progress progress{};
    int status = 0;
    static_cast<void>(decode(chunks, 3, 100, progress, status));
  }));
}

}  // namespace
}  // namespace liveops::adapters::http
