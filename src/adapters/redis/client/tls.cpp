#include "adapters/redis/client/tls.hpp"

#ifdef LIVEOPS_HIREDIS_TLS
#include <hiredis/hiredis.h>
#include <hiredis/hiredis_ssl.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>
#include <boost/system/error_code.hpp>
#include <memory>
#else
#include <utility>
#endif

namespace liveops::adapters::redis {

#ifdef LIVEOPS_HIREDIS_TLS

namespace {

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* session) const { SSL_free(session); }
};

/// hiredis itself checks the chain only, not whom the certificate is for.
bool expect_host(SSL& session, const std::string& host) {
  boost::system::error_code no_address;
  static_cast<void>(boost::asio::ip::make_address(host, no_address));
  if (!no_address) return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(&session), host.c_str()) == 1;
  return SSL_set1_host(&session, host.c_str()) == 1 && SSL_set_tlsext_host_name(&session, host.c_str()) == 1;
}

/// hiredis says no more than that the connection failed.
int note_objection(int accepted, X509_STORE_CTX* store) {
  if (accepted == 1) return 1;
  const auto* const session =
      static_cast<const SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* const objection = static_cast<std::string*>(SSL_get_app_data(session));
  *objection =
      std::string("the TLS certificate is refused: ") + X509_verify_cert_error_string(X509_STORE_CTX_get_error(store));
  return 0;
}

}  // namespace

core::Status tls_available() {
  return {};
}

std::optional<std::string> start_tls(redisContext& connection, const std::string& host, std::string& objection) {
  const std::unique_ptr<SSL_CTX, Free> context(SSL_CTX_new(TLS_client_method()));
  if (context == nullptr) return "TLS cannot be set up";
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, note_objection);
  if (SSL_CTX_set_default_verify_paths(context.get()) != 1) return "the system's TLS authorities cannot be read";
  std::unique_ptr<SSL, Free> session(SSL_new(context.get()));
  if (session == nullptr || !expect_host(*session, host)) return "TLS cannot be set up for " + host;
  SSL_set_app_data(session.get(), &objection);
  if (redisInitiateSSL(&connection, session.get()) != REDIS_OK) {
    return objection.empty() ? std::string(connection.errstr) : objection;
  }
  session.release();  // the connection's now
  return std::nullopt;
}

#else

core::Status tls_available() {
  return core::fail(core::Errc::invalid_argument,
                    "rediss:// is not possible with this build: its hiredis (older than 1.0, as in Debian 12) has no "
                    "TLS. Build on Debian 13, or use redis:// through a TLS tunnel such as stunnel");
}

std::optional<std::string> start_tls(redisContext&, const std::string&, std::string&) {
  std::unreachable();
}

#endif

}  // namespace liveops::adapters::redis
