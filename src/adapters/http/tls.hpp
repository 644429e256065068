#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "adapters/http/server_options.hpp"
#include "core/error.hpp"

namespace liveops::adapters::http {

using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

/// For a server: TLS 1.2 and newer. Errors: `invalid_argument` (a file cannot be read, key and certificate do not fit).
[[nodiscard]] core::Result<TlsContext> make_server_tls(const TlsFiles& files);

}  // namespace liveops::adapters::http
