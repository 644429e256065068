#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace liveops::adapters::redis {

/// Where a Redis server listens, and who asks.
struct Address {
  enum class Kind : std::uint8_t { tcp, tls, unix_socket };
  Kind kind = Kind::tcp;
  std::string host;  // without the brackets of an IPv6 address
  std::uint16_t port = 6379;
  std::string path;      // of the unix socket
  std::string user;      // empty: the default one
  std::string password;  // empty: none
  int database = 0;

  /// Reads redis://[[user]:password@]host[:port][/db], the same with rediss://, and unix://[[user]:password@]/path.
  /// `?db=n` is taken everywhere; user information without a colon is a password, as redis-cli has it.
  /// Errors: `invalid_argument`, with the URL but without its user information.
  [[nodiscard]] static core::Result<Address> parse(std::string_view url);

  /// For logs and messages: "127.0.0.1:6379/2", "/run/redis.sock". No user, no password.
  [[nodiscard]] std::string display() const;
};

}  // namespace liveops::adapters::redis
