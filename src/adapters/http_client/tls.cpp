#include "adapters/http_client/tls.hpp"

namespace liveops::adapters::http_client {

core::Result<TlsContext> make_client_tls(const std::string& ca_file) {
  namespace ssl = boost::asio::ssl;
  auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
  context->set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 | ssl::context::no_sslv3 |
                       ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1);
  boost::system::error_code error;
  if (ca_file.empty()) {
    static_cast<void>(context->set_default_verify_paths(error));
  } else {
    static_cast<void>(context->load_verify_file(ca_file, error));
  }
  if (error) return core::fail(core::Errc::invalid_argument, "cannot use CA file " + ca_file + ": " + error.message());
  static_cast<void>(context->set_verify_mode(ssl::verify_peer, error));
  return context;
}

}  // namespace liveops::adapters::http_client
