#include "core/crypto/encoding.hpp"

#include <array>
#include <cstdint>

namespace liveops::core::crypto {
namespace {

constexpr std::int8_t kNoDigit = -1;
using DecodeTable = std::array<std::int8_t, 256>;

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64UrlDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr DecodeTable make_decode_table(std::string_view digits) {
  DecodeTable table{};
  table.fill(kNoDigit);
  for (std::size_t i = 0; i < digits.size(); ++i) {
    table[static_cast<unsigned char>(digits[i])] = static_cast<std::int8_t>(i);
  }
  return table;
}

constexpr DecodeTable make_hex_table() {
  DecodeTable table = make_decode_table(kHexDigits);
  for (std::size_t i = 0; i < 6; ++i) table['A' + i] = static_cast<std::int8_t>(10 + i);
  return table;
}

constexpr DecodeTable kHexTable = make_hex_table();
constexpr DecodeTable kBase64Table = make_decode_table(kBase64Digits);
constexpr DecodeTable kBase64UrlTable = make_decode_table(kBase64UrlDigits);

std::int8_t digit(const DecodeTable& table, char c) {
  return table[static_cast<unsigned char>(c)];
}
std::uint32_t byte_at(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

/// Without padding.
std::string encode64(std::string_view bytes, std::string_view digits) {
  std::string text;
  text.resize((bytes.size() * 4 + 2) / 3);
  std::size_t in = 0;
  std::size_t out = 0;
  const auto put = [&](std::uint32_t group, unsigned count) {
    for (unsigned shift = 18; count-- > 0; shift -= 6) text[out++] = digits[(group >> shift) & 0x3FU];
  };
  for (; in + 3 <= bytes.size(); in += 3) {
    put(byte_at(bytes, in) << 16U | byte_at(bytes, in + 1) << 8U | byte_at(bytes, in + 2), 4);
  }
  if (bytes.size() - in == 1) put(byte_at(bytes, in) << 16U, 2);
  if (bytes.size() - in == 2) put(byte_at(bytes, in) << 16U | byte_at(bytes, in + 1) << 8U, 3);
  return text;
}

/// Text without padding. `canonical`: the unused bits of the last digit must be 0.
std::optional<std::string> decode64(std::string_view text, const DecodeTable& table, bool canonical) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.resize(text.size() * 3 / 4);
  std::size_t out = 0;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    const std::int8_t value = digit(table, c);
    if (value == kNoDigit) return std::nullopt;
    bits = bits << 6U | static_cast<std::uint32_t>(value);
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[out++] = static_cast<char>(bits >> held & 0xFFU);
    }
  }
  if (canonical && (bits & ((1U << held) - 1U)) != 0) return std::nullopt;
  return bytes;
}

}  // namespace

std::string to_hex(std::string_view bytes) {
  std::string text(bytes.size() * 2, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    text[2 * i] = kHexDigits[byte_at(bytes, i) >> 4U];
    text[2 * i + 1] = kHexDigits[byte_at(bytes, i) & 0x0FU];
  }
  return text;
}

std::optional<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes(text.size() / 2, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const int high = digit(kHexTable, text[2 * i]);
    const int low = digit(kHexTable, text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes[i] = static_cast<char>(high << 4 | low);
  }
  return bytes;
}

std::string to_base64(std::string_view bytes) {
  std::string text = encode64(bytes, kBase64Digits);
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 == 0) {  // only then can the text be padded
    for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  }
  return decode64(text, kBase64Table, false);
}

std::string to_base64url(std::string_view bytes) {
  return encode64(bytes, kBase64UrlDigits);
}

std::optional<std::string> from_base64url(std::string_view text) {
  return decode64(text, kBase64UrlTable, true);
}

}  // namespace liveops::core::crypto
