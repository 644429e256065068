#include "adapters/bus_servicebus/sas_token.hpp"

#include "core/crypto/digest.hpp"
#include "core/crypto/encoding.hpp"

namespace liveops::adapters::bus_servicebus {

namespace {

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~").contains(c);
}

}  // namespace

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size() * 3);
  for (const char c : text) {
    if (is_unreserved(c)) {
      encoded.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded.push_back('%');
    encoded.push_back(kDigits[byte >> 4U]);
    encoded.push_back(kDigits[byte & 0xfU]);
  }
  return encoded;
}

std::string make_sas_token(std::string_view audience, std::string_view key_name, std::string_view key,
                           std::chrono::sys_seconds expires) {
  const auto resource = percent_encode(audience);
  const auto seconds = std::to_string(expires.time_since_epoch().count());
  const auto digest = core::crypto::hmac_sha256(key, resource + "\n" + seconds);
  const auto signature = percent_encode(core::crypto::to_base64(core::crypto::as_bytes(digest)));
  return "SharedAccessSignature sr=" + resource + "&sig=" + signature + "&se=" + seconds +
         "&skn=" + percent_encode(key_name);
}

}  // namespace liveops::adapters::bus_servicebus
