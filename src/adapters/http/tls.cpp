#include "adapters/http/tls.hpp"

namespace liveops::adapters::http {
namespace {

namespace ssl = boost::asio::ssl;
using Code = boost::system::error_code;

TlsContext make_context(ssl::context::method method) {
  auto context = std::make_shared<ssl::context>(method);
  context->set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 | ssl::context::no_sslv3 |
                       ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1);
  return context;
}

}  // namespace

core::Result<TlsContext> make_server_tls(const TlsFiles& files) {
  auto context = make_context(ssl::context::tls_server);
  Code error;
  static_cast<void>(context->use_certificate_chain_file(files.certificate, error));
  if (error) {
    return core::fail(core::Errc::invalid_argument,
                      "TLS_CERT: cannot use " + files.certificate + ": " + error.message() + "; give a PEM chain");
  }
  static_cast<void>(context->use_private_key_file(files.private_key, ssl::context::pem, error));
  if (error) {
    return core::fail(core::Errc::invalid_argument, "TLS_KEY: cannot use " + files.private_key + ": " +
                                                        error.message() + "; give the certificate's PEM key");
  }
  return context;
}

core::Result<TlsContext> make_client_tls(const std::string& ca_file) {
  auto context = make_context(ssl::context::tls_client);
  Code error;
  if (ca_file.empty()) {
    static_cast<void>(context->set_default_verify_paths(error));
  } else {
    static_cast<void>(context->load_verify_file(ca_file, error));
  }
  if (error) return core::fail(core::Errc::invalid_argument, "cannot use CA file " + ca_file + ": " + error.message());
  static_cast<void>(context->set_verify_mode(ssl::verify_peer, error));
  return context;
}

}  // namespace liveops::adapters::http
