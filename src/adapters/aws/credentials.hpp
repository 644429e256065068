#pragma once

#include <optional>
#include <string>

#include "core/time.hpp"

namespace liveops::adapters::aws {

struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;                  // empty for keys that do not end
  std::optional<core::Timestamp> expires_at;  // nullopt: never
  friend bool operator==(const Credentials&, const Credentials&) = default;
};

}  // namespace liveops::adapters::aws
