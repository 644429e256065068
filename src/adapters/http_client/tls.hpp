#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "core/error.hpp"

namespace liveops::adapters::http_client {

using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

/// TLS 1.2 and newer, the server's certificate checked against `ca_file` (PEM), or the system's authorities when it is
/// empty. Errors: `invalid_argument`.
[[nodiscard]] core::Result<TlsContext> make_client_tls(const std::string& ca_file);

}  // namespace liveops::adapters::http_client
