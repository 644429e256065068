#include <gtest/gtest.h>

#include "core/auth/request_signature.hpp"
#include "core/crypto/encoding.hpp"
#include "tests/support/sent_request.hpp"

namespace liveops::core::auth {
namespace {

using test::SentRequest;

// The check vector of the Standard Webhooks libraries; its secret is shorter than a KeyRing read from settings takes.
constexpr std::string_view kSecretText = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr std::string_view kId = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr std::string_view kSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
constexpr std::string_view kBody = R"({"test": 2432232314})";
const Timestamp kSentAt{std::chrono::seconds(1614265330)};

const SigningKey kHooks{KeyId::trusted("hooks"), *crypto::from_base64(kSecretText)};
const SigningKey kNext{KeyId::trusted("next"), std::string(32, 'n')};

SentRequest with_headers(std::string_view id, std::string_view timestamp, std::string_view signature) {
  return {.body = std::string(kBody),
          .headers = {{"webhook-id", std::string(id)},
                      {"webhook-timestamp", std::string(timestamp)},
                      {"webhook-signature", std::string(signature)}}};
}

SentRequest check_vector(std::string_view signature = kSignature) {
  return with_headers(kId, "1614265330", signature);
}

class StandardWebhooks : public testing::Test {
 protected:
  Result<KeyId> verify(const SentRequest& request, Timestamp now = kSentAt) const {
    return request.view([&](const http::Request& view) { return verifier_.verify(view, now); });
  }
  void expect_refused(const SentRequest& request, std::string_view because, Timestamp now = kSentAt) const {
    const auto key = verify(request, now);
    ASSERT_FALSE(key.has_value()) << because;
    EXPECT_EQ(key.error().code, Errc::unauthenticated);
    EXPECT_TRUE(key.error().message.contains(because)) << key.error().message;
    EXPECT_FALSE(key.error().message.contains(kSignature.substr(3)));
  }

  // Timestamps are required of this form even where the other one may do without.
  SignatureVerifier verifier_{KeyRing({kNext, kHooks}), {.require_timestamp = false}};
};

TEST_F(StandardWebhooks, AcceptTheCheckVector) {
  const auto key = verify(check_vector());
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(key->str(), "hooks");
}

TEST_F(StandardWebhooks, SignTheCheckVector) {
  const WebhookHeaders headers = standard_webhook_sign(kHooks, kSentAt, kId, kBody);
  EXPECT_EQ(headers.id, kId);
  EXPECT_EQ(headers.timestamp, "1614265330");
  EXPECT_EQ(headers.signature, kSignature);
}

TEST_F(StandardWebhooks, TakeAnyOfSeveralSignatures) {
  const std::string other = "v1," + crypto::to_base64(std::string(32, 'x'));
  EXPECT_TRUE(verify(check_vector(other + " " + std::string(kSignature))));
  EXPECT_TRUE(verify(check_vector(std::string(kSignature) + " " + other)));
  expect_refused(check_vector(other + " " + other), "webhook-signature does not match");
}

TEST_F(StandardWebhooks, PassOverOtherVersionsAndBrokenSignatures) {
  const std::string list = "v1a,c2lnbmF0dXJl v2," + std::string(kSignature.substr(3)) + " junk  v1,*** v1,AAAA v1";
  expect_refused(check_vector(list), "no signature of the form v1");
  EXPECT_TRUE(verify(check_vector(list + " " + std::string(kSignature))));
}

TEST_F(StandardWebhooks, AreRefusedWhenTruncatedOrEmpty) {
  expect_refused(check_vector(kSignature.substr(0, 20)), "no signature of the form v1");
  expect_refused(check_vector(""), "no signature of the form v1");
}

TEST_F(StandardWebhooks, CoverIdTimestampAndBody) {
  constexpr std::string_view kMismatch = "webhook-signature does not match";
  expect_refused(with_headers("msg_other", "1614265330", kSignature), kMismatch);
  expect_refused(with_headers(kId, "1614265331", kSignature), kMismatch);
  SentRequest spoiled = check_vector();
  spoiled.body += ' ';
  expect_refused(spoiled, kMismatch);
}

TEST_F(StandardWebhooks, NeedIdAndTimestamp) {
  expect_refused(with_headers("", "1614265330", kSignature), "webhook-id is missing");
  expect_refused(with_headers(kId, "", kSignature), "webhook-timestamp must be");
  expect_refused({.headers = {{"webhook-signature", std::string(kSignature)}}}, "webhook-id is missing");
  expect_refused({.headers = {{"webhook-signature", std::string(kSignature)}, {"webhook-id", std::string(kId)}}},
                 "webhook-timestamp is missing");
}

TEST_F(StandardWebhooks, RefuseAnIdThatCouldBeReadAsATimestamp) {
  expect_refused(with_headers("msg.1", "1614265330", kSignature), "must not contain '.'");
}

TEST_F(StandardWebhooks, AreRefusedWhenReplayedLate) {
  EXPECT_TRUE(verify(check_vector(), kSentAt + std::chrono::minutes(5)));
  expect_refused(check_vector(), "webhook-timestamp is more than", kSentAt + std::chrono::seconds(301));
  expect_refused(check_vector(), "webhook-timestamp is more than", kSentAt - std::chrono::seconds(301));
}

TEST_F(StandardWebhooks, MayNameTheirKey) {
  EXPECT_TRUE(verify(check_vector().with("X-Key-Id", "hooks")));
  expect_refused(check_vector().with("X-Key-Id", "next"), "does not match");
  expect_refused(check_vector().with("X-Key-Id", "gone"), "X-Key-Id names no key");
}

TEST_F(StandardWebhooks, GiveWayToXSignature) {
  expect_refused(check_vector().with("X-Signature", std::string(64, '0')), "X-Signature does not match");
}

}  // namespace
}  // namespace liveops::core::auth
