#include "adapters/aws/fault.hpp"

#include <gmock/gmock.h>

namespace liveops::adapters::aws {

using core::Errc;

namespace {

Fault fault(int status, std::string body, std::map<std::string, std::string> headers = {}) {
  return parse_fault({.status = status, .headers = std::move(headers), .body = std::move(body)});
}

}  // namespace

TEST(Fault, IsReadFromJsonWithEitherSpellingOfTheMessage) {
  const auto small = fault(400, R"({"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"gone"})");
  EXPECT_EQ(small.code, "QueueDoesNotExist");
  EXPECT_EQ(small.message, "gone");
  EXPECT_EQ(fault(400, R"({"__type":"X","Message":"m"})").message, "m");
}

TEST(Fault, IsReadFromXmlAsSomeServicesAnswer) {
  const auto xml =
      fault(403, "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>a &lt;b&gt; &amp;c</Message>");
  EXPECT_EQ(xml.code, "SignatureDoesNotMatch");
  EXPECT_EQ(xml.message, "a <b> &c");
}

TEST(Fault, OfAProxyIsItsStatus) {
  const auto html = fault(502, "<html><body>Bad Gateway</body></html>");
  EXPECT_EQ(html.code, "HTTP 502");
  EXPECT_TRUE(html.is_transient());
  EXPECT_EQ(to_error(html).code, Errc::unavailable);
  EXPECT_EQ(to_error(fault(404, "")).code, Errc::invalid_argument);
}

TEST(Fault, SaysHowLongToWait) {
  EXPECT_EQ(fault(400, "{}", {{"x-amz-retry-after", "1500"}}).retry_after, std::chrono::milliseconds(1500));
  EXPECT_EQ(fault(400, "{}", {{"x-amz-retry-after", "soon"}}).retry_after, std::nullopt);
}

TEST(Fault, EachCodeIsMappedToWhatTheCallerDoesNext) {
  const std::vector<std::pair<std::string, Errc>> table{{"QueueDoesNotExist", Errc::not_found},
                                                        {"QueueNameExists", Errc::conflict},
                                                        {"QueueDeletedRecently", Errc::unavailable},
                                                        {"AccessDenied", Errc::forbidden},
                                                        {"AccessDeniedException", Errc::forbidden},
                                                        {"AuthorizationError", Errc::forbidden},
                                                        {"KmsAccessDenied", Errc::forbidden},
                                                        {"MissingAuthenticationToken", Errc::unauthenticated},
                                                        {"IncompleteSignature", Errc::unauthenticated},
                                                        {"SignatureDoesNotMatch", Errc::unauthenticated},
                                                        {"InvalidSignatureException", Errc::unauthenticated},
                                                        {"RequestExpired", Errc::unauthenticated},
                                                        {"ExpiredToken", Errc::unauthenticated},
                                                        {"ExpiredTokenException", Errc::unauthenticated},
                                                        {"InvalidClientTokenId", Errc::unauthenticated},
                                                        {"UnrecognizedClientException", Errc::unauthenticated},
                                                        {"NotFound", Errc::not_found},
                                                        {"RequestThrottled", Errc::rate_limited},
                                                        {"OverLimit", Errc::rate_limited},
                                                        {"RequestTimeout", Errc::unavailable},
                                                        {"InvalidMessageContents", Errc::invalid_argument},
                                                        {"BatchRequestTooLong", Errc::invalid_argument}};
  for (const auto& [code, errc] : table) {
    EXPECT_EQ(to_error(fault(400, R"({"__type":")" + code + R"("})")).code, errc) << code;
  }
}

}  // namespace liveops::adapters::aws
