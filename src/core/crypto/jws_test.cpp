#include "core/crypto/jws.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>

#include "core/crypto/encoding.hpp"
#include "tests/support/temp_dir.hpp"

namespace liveops::core::crypto {
namespace {

namespace json = boost::json;

// RFC 7515 appendix A.1.
constexpr std::string_view kRfc7515Key =
    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
constexpr std::string_view kRfc7515Token =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
    "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

// RFC 8037 appendix A: the private key of A.1 (as PKCS#8), the thumbprint of A.3, the token of A.4.
constexpr std::string_view kRfc8037Pem =
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE "
    "KEY-----\n";
constexpr std::string_view kRfc8037Thumbprint = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
constexpr std::string_view kRfc8037Token =
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

const std::string kClaims = R"({"iss":"liveops","sub":"p-1"})";

JwsSigner hs256() {
  return *JwsSigner::hs256("default", std::string(32, 's'));
}
JwsSigner ed25519() {
  return *JwsSigner::ed25519(kRfc8037Pem);
}

std::string token_of(std::string_view header, std::string_view claims, std::string_view signature) {
  return to_base64url(header) + "." + to_base64url(claims) + "." + to_base64url(signature);
}

void expect_refused(const JwsSigner& signer, std::string_view token, Errc code) {
  const auto claims = signer.verify(token);
  ASSERT_FALSE(claims.has_value()) << token;
  EXPECT_EQ(claims.error().code, code) << token << ": " << claims.error().message;
}

TEST(Jws, VerifiesTheTokenOfRfc7515) {
  const auto signer = JwsSigner::hs256("any", *from_base64url(kRfc7515Key));
  const auto claims = signer->verify(kRfc7515Token);
  ASSERT_TRUE(claims) << claims.error().message;
  EXPECT_EQ(*claims, "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}");
}

TEST(Jws, VerifiesTheTokenOfRfc8037) {
  const auto claims = ed25519().verify(kRfc8037Token);
  ASSERT_TRUE(claims) << claims.error().message;
  EXPECT_EQ(*claims, "Example of Ed25519 signing");
}

TEST(Jws, NamesAnEd25519KeyByItsThumbprint) {
  EXPECT_EQ(ed25519().key_id(), kRfc8037Thumbprint);
}

TEST(Jws, PublishesThePublicKeyOnly) {
  const json::value keys = json::parse(ed25519().jwks_json());
  EXPECT_EQ(keys, json::parse(R"({"keys":[{"kty":"OKP","crv":"Ed25519","use":"sig","alg":"EdDSA",
      "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"}]})"));
  EXPECT_EQ(hs256().jwks_json(), R"({"keys":[]})");
}

TEST(Jws, ReadsBackWhatItSigned) {
  for (const JwsSigner& signer : {hs256(), ed25519()}) {
    const auto claims = signer.verify(signer.sign(kClaims));
    ASSERT_TRUE(claims) << claims.error().message;
    EXPECT_EQ(*claims, kClaims);
  }
}

TEST(Jws, WritesAlgorithmKeyAndTypeInTheHeader) {
  const std::string token = hs256().sign(kClaims);
  EXPECT_EQ(json::parse(*from_base64url(token.substr(0, token.find('.')))),
            json::parse(R"({"alg":"HS256","kid":"default","typ":"JWT"})"));
}

TEST(Jws, RefusesAChangedToken) {
  for (const JwsSigner& signer : {hs256(), ed25519()}) {
    const std::string token = signer.sign(kClaims);
    const std::size_t second = token.rfind('.');
    const std::string forged = token.substr(0, token.find('.') + 1) + to_base64url(R"({"sub":"p-2"})");
    expect_refused(signer, forged + token.substr(second), Errc::unauthenticated);
    expect_refused(signer, token.substr(0, second + 1), Errc::unauthenticated);
    expect_refused(signer, token.substr(0, second + 1) + to_base64url("short"), Errc::unauthenticated);
  }
}

TEST(Jws, RefusesAnotherKey) {
  const auto other = JwsSigner::hs256("default", std::string(32, 'x'));
  expect_refused(hs256(), other->sign(kClaims), Errc::unauthenticated);
  const auto renamed = JwsSigner::hs256("renamed", std::string(32, 's'));
  expect_refused(hs256(), renamed->sign(kClaims), Errc::unauthenticated);
}

TEST(Jws, RefusesAnotherAlgorithm) {
  expect_refused(hs256(), ed25519().sign(kClaims), Errc::unauthenticated);
  expect_refused(ed25519(), hs256().sign(kClaims), Errc::unauthenticated);
  for (const std::string_view header : {R"({"alg":"none"})", R"({"alg":"None"})", R"({"alg":"HS512"})", R"({})",
                                        R"({"alg":["HS256"]})", R"({"alg":null})"}) {
    expect_refused(hs256(), token_of(header, kClaims, ""), Errc::unauthenticated);
    expect_refused(ed25519(), token_of(header, kClaims, ""), Errc::unauthenticated);
  }
}

TEST(Jws, DoesNotTakeThePublicKeyForAnHmacSecret) {
  // The classic confusion: a token with HS256, keyed with the public key that everybody has.
  const auto forger =
      JwsSigner::hs256(std::string(kRfc8037Thumbprint), *from_base64url("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"));
  expect_refused(ed25519(), forger->sign(kClaims), Errc::unauthenticated);
}

TEST(Jws, RefusesExtensionsItDoesNotUnderstand) {
  expect_refused(hs256(), token_of(R"({"alg":"HS256","crit":["exp"],"exp":1})", kClaims, "x"), Errc::unauthenticated);
  expect_refused(hs256(), token_of(R"({"alg":"HS256","kid":7})", kClaims, "x"), Errc::unauthenticated);
}

TEST(Jws, RefusesWhatIsNoToken) {
  const std::string token = hs256().sign(kClaims);
  for (const std::string& text :
       {std::string(), std::string("."), std::string(".."), std::string("a.b"), token + ".x", " " + token, token + "=",
        "!" + token, token_of("[]", kClaims, "x"), token_of("{", kClaims, "x"), token_of("\xFF", kClaims, "x"),
        token_of(std::string(5000, '['), kClaims, "x")}) {
    expect_refused(hs256(), text, Errc::invalid_argument);
  }
}

TEST(Jws, RefusesAShortSecret) {
  const auto signer = JwsSigner::hs256("default", std::string(31, 's'));
  ASSERT_FALSE(signer);
  EXPECT_EQ(signer.error().code, Errc::invalid_argument);
}

TEST(Ed25519Key, IsReadFromAFileToo) {
  const test::TempDir directory;
  const auto path = directory.path() / "receipt.pem";
  std::ofstream(path) << kRfc8037Pem;
  const auto signer = JwsSigner::ed25519(path.string());
  ASSERT_TRUE(signer) << signer.error().message;
  EXPECT_EQ(signer->key_id(), kRfc8037Thumbprint);
}

TEST(Ed25519Key, RefusesWhatIsNoPrivateKey) {
  const test::TempDir directory;
  std::ofstream(directory.path() / "empty.pem").flush();
  for (const std::string& text :
       {std::string(), (directory.path() / "absent.pem").string(), (directory.path() / "empty.pem").string(),
        directory.path().string(), std::string("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
        std::string("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
                    "-----END PUBLIC KEY-----\n")}) {
    const auto signer = JwsSigner::ed25519(text);
    ASSERT_FALSE(signer) << text;
    EXPECT_EQ(signer.error().code, Errc::invalid_argument);
  }
}

TEST(Ed25519Key, RefusesOtherKindsAndEncryptedKeys) {
  constexpr std::string_view kX25519 =
      "-----BEGIN PRIVATE KEY-----\n"
      "MC4CAQAwBQYDK2VuBCIEIKBvyyHyKsCUXd5bPFXA6d+Mjl6aqFAukGY5YGOAZhtn\n"
      "-----END PRIVATE KEY-----\n";
  constexpr std::string_view kEncrypted =
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
      "MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAh0X3Re/eXuCgICCAAw\n"
      "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEEDFykyE2M0coUNUOcKPl6gwEQJ4A\n"
      "2tHg8AllYjd/AiYK33aWdOj3iJ1XhfMRn6ZTUF1S65PUc91dZvyaf3R/jTcEqJUL\n"
      "yF36bpN/2vauTAUM8Lk=\n"
      "-----END ENCRYPTED PRIVATE KEY-----\n";
  for (const std::string_view pem : {kX25519, kEncrypted}) {
    const auto signer = JwsSigner::ed25519(pem);
    ASSERT_FALSE(signer);
    EXPECT_TRUE(signer.error().message.contains("unencrypted Ed25519"));
  }
}

}  // namespace
}  // namespace liveops::core::crypto
