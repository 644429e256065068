#include "core/auth/request_signature.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "core/crypto/digest.hpp"
#include "core/crypto/encoding.hpp"
#include "tests/support/sent_request.hpp"

namespace liveops::core::auth {
namespace {

using test::SentRequest;

const Timestamp kNow = *parse_rfc3339("2026-11-22T18:21:24.500Z");
const SigningKey kOld{KeyId::trusted("old"), std::string(32, 'o')};
const SigningKey kNew{KeyId::trusted("new"), std::string(32, 'n')};
const SigningKey kForeign{KeyId::trusted("new"), std::string(32, 'f')};
const std::string kBody = R"({"type":"progression"})";

/// A request that `key` signed; tests then spoil it.
SentRequest signed_request(const SigningKey& key, Timestamp at = kNow) {
  SentRequest request{.target = "/events?x=1", .body = kBody, .headers = {{"Idempotency-Key", "\"order-1\""}}};
  const SignedHeaders headers = sign_request(key, at, request.method, request.target, "\"order-1\"", request.body);
  request.with("X-Key-Id", headers.key_id).with("X-Timestamp", headers.timestamp);
  return request.with("X-Signature", headers.signature);
}

void set(SentRequest& request, std::string_view name, std::string value) {
  std::ranges::find(request.headers, name, [](const auto& header) { return std::string_view(header.first); })->second =
      std::move(value);
}
void remove(SentRequest& request, std::string_view name) {
  std::erase_if(request.headers, [name](const auto& header) { return header.first == name; });
}
std::string get(const SentRequest& request, std::string_view name) {
  return request.view([name](const http::Request& view) { return std::string(view.header(name)); });
}

class RequestSignature : public testing::Test {
 protected:
  Result<KeyId> verify(const SentRequest& request) const {
    return request.view([&](const http::Request& view) { return verifier_.verify(view, kNow); });
  }
  void expect_accepted(const SentRequest& request, const std::string& key_id) const {
    const auto key = verify(request);
    ASSERT_TRUE(key.has_value()) << key.error().message;
    EXPECT_EQ(key->str(), key_id);
  }
  void expect_refused(const SentRequest& request, std::string_view because) const {
    const auto key = verify(request);
    ASSERT_FALSE(key.has_value()) << because;
    EXPECT_EQ(key.error().code, Errc::unauthenticated);
    EXPECT_TRUE(key.error().message.contains(because)) << key.error().message;
  }

  SignatureVerifier verifier_{KeyRing({kNew, kOld}), {}};
};

TEST_F(RequestSignature, CoversTheDocumentedText) {
  const SignedHeaders headers = sign_request(kNew, kNow, "POST", "/events", "k", "{}");
  EXPECT_EQ(headers.key_id, "new");
  EXPECT_EQ(headers.timestamp, "1795371684");
  const auto mac = crypto::hmac_sha256(kNew.secret, "1795371684\nPOST\n/events\nk\n{}");
  EXPECT_EQ(headers.signature, "sha256=" + crypto::to_hex(crypto::as_bytes(mac)));
}

TEST_F(RequestSignature, IsAcceptedUnderEveryKeyOfARotation) {
  expect_accepted(signed_request(kOld), "old");
  expect_accepted(signed_request(kNew), "new");
}

TEST_F(RequestSignature, NeedsNoKeyIdToBeAccepted) {
  SentRequest request = signed_request(kOld);
  remove(request, "X-Key-Id");
  expect_accepted(request, "old");
}

TEST_F(RequestSignature, MayBeBareHexOfEitherCase) {
  SentRequest request = signed_request(kNew);
  std::string bare = get(request, "X-Signature").substr(7);
  set(request, "X-Signature", bare);
  expect_accepted(request, "new");
  std::ranges::transform(bare, bare.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  set(request, "X-Signature", bare);
  expect_accepted(request, "new");
  set(request, "X-Signature", "SHA256=" + bare);
  expect_accepted(request, "new");
}

TEST_F(RequestSignature, CoversARequestWithoutBodyAndKey) {
  SentRequest request{.method = "GET", .target = "/players/p-1/progress"};
  const SignedHeaders headers = sign_request(kNew, kNow, "GET", request.target, "", "");
  request.with("x-timestamp", headers.timestamp).with("x-signature", headers.signature);
  expect_accepted(request, "new");
}

TEST_F(RequestSignature, IsRefusedWhenAnythingItCoversChanged) {
  const auto changed = [](auto change) {
    SentRequest request = signed_request(kNew);
    change(request);
    return request;
  };
  constexpr std::string_view kMismatch = "X-Signature does not match";
  expect_refused(changed([](SentRequest& r) { r.body += ' '; }), kMismatch);
  expect_refused(changed([](SentRequest& r) { r.method = "PUT"; }), kMismatch);
  expect_refused(changed([](SentRequest& r) { r.target = "/events?x=2"; }), kMismatch);
  expect_refused(changed([](SentRequest& r) { set(r, "Idempotency-Key", "order-1"); }), kMismatch);
  expect_refused(changed([](SentRequest& r) { remove(r, "Idempotency-Key"); }), kMismatch);
  expect_refused(changed([](SentRequest& r) { set(r, "X-Timestamp", "1795371685"); }), kMismatch);
}

TEST_F(RequestSignature, IsRefusedUnderAnotherKey) {
  expect_refused(signed_request(kForeign), "does not match");
  SentRequest swapped = signed_request(kNew);
  set(swapped, "X-Key-Id", "old");
  expect_refused(swapped, "does not match");
  set(swapped, "X-Key-Id", "gone");
  expect_refused(swapped, "X-Key-Id names no key");
  set(swapped, "X-Key-Id", "");
  expect_refused(swapped, "X-Key-Id names no key");
}

TEST_F(RequestSignature, IsRefusedWhenMissing) {
  SentRequest request = signed_request(kNew);
  remove(request, "X-Signature");
  expect_refused(request, "the request is not signed");
}

TEST_F(RequestSignature, IsRefusedWhenMalformed) {
  SentRequest request = signed_request(kNew);
  const std::string whole = get(request, "X-Signature");
  for (const std::string& text : {std::string(), std::string("sha256="), whole.substr(0, whole.size() - 1),
                                  whole.substr(0, whole.size() - 2), whole + "00", "sha1=" + whole.substr(7),
                                  "sha256=" + std::string(64, 'g'), " " + whole, std::string(4000, 'a')}) {
    set(request, "X-Signature", text);
    expect_refused(request, "64 hex digits");
  }
}

TEST_F(RequestSignature, IsTakenUpToFiveMinutesOffAndNoFurther) {
  using std::chrono::seconds;
  expect_accepted(signed_request(kNew, kNow - seconds(300)), "new");
  expect_accepted(signed_request(kNew, kNow + seconds(300)), "new");
  expect_refused(signed_request(kNew, kNow - seconds(301)), "more than 300 s off");
  expect_refused(signed_request(kNew, kNow + seconds(301)), "more than 300 s off");
}

TEST_F(RequestSignature, IsRefusedWithoutAReadableTimestamp) {
  SentRequest request = signed_request(kNew);
  for (const std::string_view text : {"", "now", "-1795371684", "+1795371684", " 1795371684", "1795371684.5",
                                      "1795371684x", "99999999999999999999", "9223372036854775807", "0x1"}) {
    set(request, "X-Timestamp", std::string(text));
    expect_refused(request, "X-Timestamp must be a Unix time");
  }
  remove(request, "X-Timestamp");
  expect_refused(request, "X-Timestamp is missing");
}

TEST_F(RequestSignature, NeverTellsTheRightValueOrTheSecret) {
  SentRequest request = signed_request(kNew);
  const std::string right = get(request, "X-Signature").substr(7);
  set(request, "X-Signature", std::string(64, '0'));
  const auto key = verify(request);
  ASSERT_FALSE(key);
  EXPECT_FALSE((key.error().message + key.error().detail).contains(right));
  EXPECT_FALSE((key.error().message + key.error().detail).contains(kNew.secret));
}

TEST_F(RequestSignature, IsRefusedWithAnyBitFlipped) {
  const SentRequest request = signed_request(kNew);
  const std::string mac = *crypto::from_hex(get(request, "X-Signature").substr(7));
  EXPECT_TRUE(rc::check("bit flips", [&] {
    const auto bit = *rc::gen::inRange<std::size_t>(0, mac.size() * 8);
    std::string flipped = mac;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    SentRequest spoiled = request;
    set(spoiled, "X-Signature", crypto::to_hex(flipped));
    RC_ASSERT(!verify(spoiled).has_value());
  }));
}

TEST(PlainSignature, IsTakenOnlyWhereTimestampsAreNotRequired) {
  const auto mac = crypto::hmac_sha256(kOld.secret, kBody);
  const SentRequest plain{.body = kBody, .headers = {{"X-Signature", crypto::to_hex(crypto::as_bytes(mac))}}};
  const auto verify = [&plain](bool require_timestamp) {
    const SignatureVerifier verifier(KeyRing({kNew, kOld}), {.require_timestamp = require_timestamp});
    return plain.view([&](const http::Request& view) { return verifier.verify(view, kNow); });
  };
  EXPECT_FALSE(verify(true));
  ASSERT_TRUE(verify(false));
  EXPECT_EQ(verify(false)->str(), "old");
}

TEST(PlainSignature, StillHasToMatch) {
  const SignatureVerifier verifier(KeyRing({kNew}), {.require_timestamp = false});
  const SentRequest wrong{.body = kBody, .headers = {{"X-Signature", std::string(64, '0')}}};
  EXPECT_FALSE(wrong.view([&](const http::Request& view) { return verifier.verify(view, kNow); }));
  // A timestamp that is there is never passed over.
  const SentRequest stale = signed_request(kNew, kNow - std::chrono::hours(1));
  EXPECT_FALSE(stale.view([&](const http::Request& view) { return verifier.verify(view, kNow); }));
}

TEST(SignatureVerifier, RefusesEverythingWithoutKeys) {
  const SignatureVerifier verifier(KeyRing(std::vector<SigningKey>{}), {});
  const SentRequest request = signed_request(kNew);
  EXPECT_FALSE(request.view([&](const http::Request& view) { return verifier.verify(view, kNow); }));
}

}  // namespace
}  // namespace liveops::core::auth
