#include "adapters/aws/signature.hpp"

#include <gmock/gmock.h>

#include "core/crypto/digest.hpp"
#include "core/crypto/encoding.hpp"

namespace liveops::adapters::aws {

using testing::HasSubstr;

namespace {

// Computed with botocore 1.43.11.
constexpr const char* kBody =
    R"({"QueueUrl":"https://sqs.us-east-1.amazonaws.com/123456789012/q1","Entries":[{"Id":"0","MessageBody":"{\"n\":1}"}]})";
const Credentials kKeys{.access_key_id = "AKIDEXAMPLE",
                        .secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                        .session_token = {},
                        .expires_at = {}};
constexpr core::Timestamp kTime = std::chrono::sys_days(std::chrono::year(2026) / 1 / 2) + std::chrono::hours(3) +
                                  std::chrono::minutes(4) + std::chrono::seconds(5);

HttpRequest request() {
  return {.method = "POST",
          .url = "https://sqs.us-east-1.amazonaws.com/",
          .headers = {{"X-Amz-Target", "AmazonSQS.SendMessageBatch"}, {"Content-Type", "application/x-amz-json-1.0"}},
          .body = kBody,
          .stop = {}};
}

std::string authorization(const Credentials& credentials) {
  auto signed_request = request();
  sign(signed_request, credentials, {.region = "us-east-1", .service = "sqs"}, kTime);
  return signed_request.headers.back().second;
}

}  // namespace

TEST(Signature, IsThatOfTheVectorWithoutAToken) {
  EXPECT_EQ(authorization(kKeys),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/us-east-1/sqs/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date;x-amz-target, "
            "Signature=daefbf8292682226595ca03f4d3568f08eb360a7c480dca8cac98d2b317f1e6c");
}

TEST(Signature, IsThatOfTheVectorWithAToken) {
  auto session = kKeys;
  session.session_token = "IQoJb3JpZ2luX2VjEXAMPLETOKEN==";
  EXPECT_THAT(authorization(session),
              HasSubstr("SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, "
                        "Signature=09a4c855167a411b4683645447612d29bd1c626eede395593be4ab5261c2cf4a"));
}

TEST(Signature, HashesTheCanonicalRequestOfTheVector) {
  const HttpHeaders headers{{"content-type", "application/x-amz-json-1.0"},
                            {"host", "sqs.us-east-1.amazonaws.com"},
                            {"x-amz-date", "20260102T030405Z"},
                            {"x-amz-target", "AmazonSQS.SendMessageBatch"}};
  EXPECT_EQ(
      core::crypto::to_hex(core::crypto::as_bytes(core::crypto::sha256(canonical_request("POST", headers, kBody)))),
      "141e6bcaa6e9feded04b879705844fc256a40339aa591c8ab28ac423361adcb6");
}

TEST(Signature, SpaceInAHeaderIsCollapsed) {
  EXPECT_THAT(canonical_request("GET", {{"a", "  b   c  "}}, ""), HasSubstr("\na:b c\n"));
}

TEST(Signature, TheHostHasItsPortOnlyWhereItIsNotTheSchemesOwn) {
  EXPECT_EQ(host_header("https://Example.com:443/x"), "example.com");
  EXPECT_EQ(host_header("http://127.0.0.1:4566/"), "127.0.0.1:4566");
  EXPECT_EQ(host_header("http://example.com"), "example.com");
}

}  // namespace liveops::adapters::aws
