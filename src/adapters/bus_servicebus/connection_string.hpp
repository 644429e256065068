#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace liveops::adapters::bus_servicebus {

/// What a connection string of Azure says:
///   Endpoint=sb://HOST[:PORT]/;SharedAccessKeyName=NAME;SharedAccessKey=KEY[;EntityPath=E][;UseDevelopmentEmulator=true]
/// or, in the place of name and key, SharedAccessSignature=SharedAccessSignature sr=...
struct ConnectionString {
  std::string host;
  std::uint16_t port = 0;  // 5671, or 5672 of the emulator, where none is given
  bool tls = true;         // but for the emulator
  std::string key_name;
  std::string key;
  std::string signature;    // a token made elsewhere; empty: tokens are made from the key
  std::string entity_path;  // what the key is for; empty: the whole namespace
  friend bool operator==(const ConnectionString&, const ConnectionString&) = default;
};

/// Names of the parts in any case; unknown ones are ignored. Errors: `invalid_argument`, with a message that says what
/// is missing and holds no part of the text.
[[nodiscard]] core::Result<ConnectionString> parse_connection_string(std::string_view text);

}  // namespace liveops::adapters::bus_servicebus
