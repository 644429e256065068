#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <string>

#include "apps/liveops/credentials.hpp"

namespace liveops::apps {

/// Where an operator's tool finds a service, and who it is.
struct OperatorFlags {
  std::string url;
  CredentialFlags credentials;
};

/// Adds --url, taken from `variable` where it is not given (of a list of replicas the first: any of them will do), and
/// the flags of the credentials.
void add_operator_flags(CLI::App& command, OperatorFlags& flags, const char* variable, const char* fallback);

/// Sends one request with the admin token and prints the answer's body; the exit code. GET where `body` is empty.
[[nodiscard]] int call_service(const OperatorFlags& flags, const std::string& target, const std::string& body = {});

/// `text` as a JSON string, quotes included.
[[nodiscard]] std::string json_text(const std::string& text);

/// `text` as a value of a query or a part of a path: what is not a name character is percent-encoded.
[[nodiscard]] std::string url_part(const std::string& text);

}  // namespace liveops::apps
