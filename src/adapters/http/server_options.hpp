#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "adapters/http/refusal_pacer.hpp"

namespace liveops::adapters::http {

/// Files in PEM form; the certificate file holds the chain, leaf first.
struct TlsFiles {
  std::string certificate;
  std::string private_key;
};

/// Bounds of what clients can hold of a server. Times are checked coarsely: cut at the earliest after the time, at the
/// latest 250 ms later.
struct ServerLimits {
  int max_connections = 4096;                        // over all io_contexts; beyond: 503 and closed at once
  std::size_t max_header_bytes = 16 * 1024;          // request line and headers; 431 above
  std::chrono::milliseconds header_timeout{10'000};  // from the first byte (or the connect) to the end of the head
  std::chrono::milliseconds body_timeout{30'000};    // from the end of the head to the end of the body
  std::chrono::milliseconds idle_timeout{75'000};    // between requests
  std::chrono::milliseconds write_timeout{30'000};   // for the client to take a response
  RefusalPacer::Options refusals;                    // for lack of capacity, of each io_context
};

struct ServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  // 0: a free one, see Server::port
  std::optional<TlsFiles> tls;
  ServerLimits limits;
};

}  // namespace liveops::adapters::http
