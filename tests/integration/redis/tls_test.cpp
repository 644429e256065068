#include "adapters/redis/client/tls.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

#include "tests/integration/redis/fixture.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/temp_dir.hpp"

namespace liveops::test {
namespace {

using core::Errc;
using testing::HasSubstr;

/// Where hiredis has no TLS there is one thing to see: the refusal.
class RedisTls : public RedisTest {
 protected:
  void SetUp() override {
    if (adapters::redis::tls_available()) return;
    const auto refused =
        Client::create(network_.io().get_executor(), {.url = "rediss://:s3cret@h", .name = "test"}, log_, metrics_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::invalid_argument);
    EXPECT_THAT(refused.error().message, HasSubstr("rediss:// is not possible with this build"));
    EXPECT_THAT(refused.error().message, HasSubstr("Debian 13"));
  }

  [[nodiscard]] std::string file(const char* name) const { return (directory_.path() / name).string(); }

  /// A certificate for localhost, which is its own authority.
  void make_certificate() const {
    run_program(
        {.command = {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                     "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout",
                     file("key.pem"), "-out", file("certificate.pem")},
         .log = file("openssl.log"),
         .package = "openssl"});
  }
  [[nodiscard]] RedisServer::Options options(std::uint16_t tls_port) const {
    return {.arguments = {"--tls-port", std::to_string(tls_port), "--tls-cert-file", file("certificate.pem"),
                          "--tls-key-file", file("key.pem"), "--tls-auth-clients", "no"}};
  }

  TempDir directory_;
};

TEST_F(RedisTls, IsSpokenWhereTheBuildHasItAndRefusedWhereNot) {
  if (!adapters::redis::tls_available()) return;
  make_certificate();
  const auto port = free_port();
  RedisServer own(options(port));
  setenv("SSL_CERT_FILE", file("certificate.pem").c_str(), 1);
  const auto client = connect("rediss://localhost:" + std::to_string(port));
  await_connection(*client);
  const std::string large(1'000'000, 'x');
  EXPECT_TRUE(run(client->run({"SET", "k", large})));
  EXPECT_TRUE(run(client->run({"GET", "k"}))->text == large);
  own.restart();
  await_connection(*client);
}

TEST_F(RedisTls, ACertificateOfAnotherHostOrOfAnUnknownAuthorityIsRefused) {
  if (!adapters::redis::tls_available()) return;
  make_certificate();
  const auto port = std::to_string(free_port());
  RedisServer own(options(static_cast<std::uint16_t>(std::stoi(port))));
  setenv("SSL_CERT_FILE", file("certificate.pem").c_str(), 1);
  const auto other_name = connect("rediss://127.0.0.1:" + port);
  EXPECT_THAT(run(other_name->check()).error().message, HasSubstr("TLS certificate is refused"));
  setenv("SSL_CERT_FILE", "/dev/null", 1);
  const auto unknown = connect("rediss://localhost:" + port);
  EXPECT_THAT(run(unknown->check()).error().message, HasSubstr("TLS certificate is refused"));
}

}  // namespace
}  // namespace liveops::test
