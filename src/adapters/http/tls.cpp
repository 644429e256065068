#include "adapters/http/tls.hpp"

namespace liveops::adapters::http {
core::Result<TlsContext> make_server_tls(const TlsFiles& files) {
  namespace ssl = boost::asio::ssl;
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  context->set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 | ssl::context::no_sslv3 |
                       ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1);
  boost::system::error_code error;
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

}  // namespace liveops::adapters::http
