#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace liveops::core::crypto {

/// Lower-case hex.
[[nodiscard]] std::string to_hex(std::string_view bytes);
/// Either case; nullopt on odd length or other characters.
[[nodiscard]] std::optional<std::string> from_hex(std::string_view text);

/// RFC 4648 section 4, padded.
[[nodiscard]] std::string to_base64(std::string_view bytes);
/// Padded or not; nullopt on other characters or a wrong length. Unused bits of the last digit are ignored, as most
/// libraries do.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

/// RFC 4648 section 5 without padding, as JOSE wants it.
[[nodiscard]] std::string to_base64url(std::string_view bytes);
/// Strict: nullopt on other characters, padding, a wrong length or unused bits that are not 0, so that bytes have one
/// text.
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);

}  // namespace liveops::core::crypto
