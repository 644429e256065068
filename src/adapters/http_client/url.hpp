#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace liveops::adapters::http_client {

/// An http or https URL in its parts.
struct Url {
  bool tls = false;
  std::string host;  // without the brackets of an IPv6 address
  std::uint16_t port = 80;
  std::string target = "/";  // path and query

  /// Reads "http://host[:port][/path][?query]"; a fragment is dropped. Errors: `invalid_argument` (another scheme, user
  /// information, bad port, characters that a request line cannot carry).
  [[nodiscard]] static core::Result<Url> parse(std::string_view text);

  /// Value of the Host header: the port only where it is not the scheme's own.
  [[nodiscard]] std::string authority() const;
};

/// "host:port" as the *_LISTEN settings have it; "[::1]:8080" for IPv6. Errors: `invalid_argument`.
struct HostPort {
  std::string host;
  std::uint16_t port = 0;
  [[nodiscard]] static core::Result<HostPort> parse(std::string_view text);
};

}  // namespace liveops::adapters::http_client
