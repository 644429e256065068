#pragma once

#include <filesystem>
#include <string>

#include "core/error.hpp"

namespace liveops::apps {

/// What a first start in dev mode makes up, so that nothing is open to everybody.
struct DevSecrets {
  std::string hmac_secret;
  std::string api_token;
  std::string admin_token;
  std::string receipt_secret;
  bool made_now = false;  // false: read from the file of an earlier start
};

/// Name of the file in the data directory: NAME=value lines, mode 0600; can be sourced by a shell.
inline constexpr const char* kDevSecretsFile = "secrets.env";

/// Reads `data_directory`/secrets.env, or makes it with random values.
/// Errors: `unavailable` (directory not writable), `corrupt` (a line is missing; the message names it).
[[nodiscard]] core::Result<DevSecrets> load_or_make_dev_secrets(const std::filesystem::path& data_directory);

/// Reads the file; errors: `not_found`, `corrupt`.
[[nodiscard]] core::Result<DevSecrets> load_dev_secrets(const std::filesystem::path& data_directory);

}  // namespace liveops::apps
