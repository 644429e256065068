#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace liveops::adapters::bus_servicebus {

/// RFC 3986: everything but letters, digits and -._~ as %XX.
[[nodiscard]] std::string percent_encode(std::string_view text);

/// Who may do what: "SharedAccessSignature sr=<audience>&sig=<signature>&se=<seconds>&skn=<key name>", the signature
/// being HMAC-SHA256 under the key's text (not what its base64 stands for) of the encoded audience, a line feed and the
/// seconds (Microsoft Learn, "Service Bus access control with Shared Access Signatures").
[[nodiscard]] std::string make_sas_token(std::string_view audience, std::string_view key_name, std::string_view key,
                                         std::chrono::sys_seconds expires);

}  // namespace liveops::adapters::bus_servicebus
