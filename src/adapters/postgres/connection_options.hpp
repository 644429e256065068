#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.hpp"

namespace liveops::adapters::postgres {

/// The options of a connection string, by libpq's names (PostgreSQL 15, section 34.1.2).
class ConnectionOptions {
 public:
  /// One server to try; `address` is empty for a unix socket, or where libpq is to find it.
  struct Host {
    std::string name;
    std::string port;
    std::string address;
  };

  /// Errors: `invalid_argument`, with a message that never has the text, as that may hold a password.
  [[nodiscard]] static core::Result<ConnectionOptions> parse(const std::string& url);

  /// Empty when it was not given.
  [[nodiscard]] std::string_view get(std::string_view key) const;
  void set(std::string_view key, std::string value);

  /// The servers to try, in order; addresses only where the text gives them.
  [[nodiscard]] std::vector<Host> hosts() const;
  void set_hosts(const std::vector<Host>& hosts);

  /// "host:port/database" for messages.
  [[nodiscard]] std::string where() const;
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& all() const { return options_; }

 private:
  std::vector<std::pair<std::string, std::string>> options_;
};

/// Must this name of a host be looked up? Not a unix socket's directory, not an address, not nothing.
[[nodiscard]] bool needs_lookup(const ConnectionOptions::Host& host);

}  // namespace liveops::adapters::postgres
