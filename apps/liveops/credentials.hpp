#pragma once

#include <CLI/App.hpp>
#include <memory>
#include <string>

#include "adapters/config/settings.hpp"
#include "core/auth/key_ring.hpp"

namespace liveops::apps {

/// What a tool needs to talk to a server as its operator.
struct Credentials {
  adapters::config::Settings settings;
  core::auth::SigningKey key;  // the first one
};

/// Flags by which a tool finds its credentials.
struct CredentialFlags {
  std::string data_dir;
  std::string key;  // "id:secret", or a secret of key id "default"
  std::string admin_token;
};
void add_credential_flags(CLI::App& command, CredentialFlags& flags);

/// From the flags, else the environment and .env, else the secrets that `liveops serve` made in the data directory.
/// Errors: `not_found` (none of them has a key; says where it looked), as make_settings.
[[nodiscard]] core::Result<Credentials> find_credentials(const CredentialFlags& flags);

}  // namespace liveops::apps
