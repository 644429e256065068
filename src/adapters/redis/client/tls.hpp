#pragma once

#include <optional>
#include <string>

#include "core/error.hpp"

struct redisContext;  // NOLINT(readability-identifier-naming): hiredis's

namespace liveops::adapters::redis {

/// Whether this build can do rediss://. Errors: `invalid_argument`, with what to do.
[[nodiscard]] core::Status tls_available();

/// Puts TLS on a connection that was just begun; the certificate must be for `host`. Gives why not, if so. Later, when
/// the certificate is not accepted, `objection` says why; it must live as long as the connection.
/// Requires: tls_available().
[[nodiscard]] std::optional<std::string> start_tls(redisContext& connection, const std::string& host,
                                                   std::string& objection);

}  // namespace liveops::adapters::redis
