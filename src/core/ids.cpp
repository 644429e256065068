#include "core/ids.hpp"

#include <algorithm>

#include "core/crypto/digest.hpp"
#include "core/crypto/encoding.hpp"

namespace liveops::core {
namespace {

constexpr std::size_t kMaxNameLength = 64;

constexpr std::array<bool, 256> make_name_alphabet() {
  std::array<bool, 256> allowed{};
  for (unsigned char c = '0'; c <= '9'; ++c) allowed[c] = true;
  for (unsigned char c = 'A'; c <= 'Z'; ++c) allowed[c] = true;
  for (unsigned char c = 'a'; c <= 'z'; ++c) allowed[c] = true;
  for (unsigned char c : {'.', '_', ':', '-'}) allowed[c] = true;
  return allowed;
}
constexpr auto kNameAlphabet = make_name_alphabet();

/// Where the 36-character form has a hyphen.
constexpr bool is_hyphen_position(std::size_t i) {
  return i == 8 || i == 13 || i == 18 || i == 23;
}

}  // namespace

bool is_valid_name(std::string_view text) {
  return !text.empty() && text.size() <= kMaxNameLength &&
         std::ranges::all_of(text, [](char c) { return kNameAlphabet[static_cast<unsigned char>(c)]; });
}

EventId EventId::derive(const KeyId& key, std::string_view idempotency_key) {
  // NUL is in no key id, so two different pairs never give the same bytes.
  constexpr std::size_t kUsual = 128;
  const std::size_t size = key.str().size() + 1 + idempotency_key.size();
  std::array<char, kUsual> usual;
  std::string large;
  if (size > kUsual) large.resize(size);
  char* const input = size > kUsual ? large.data() : usual.data();
  *std::ranges::copy(key.str(), input).out = '\0';
  std::ranges::copy(idempotency_key, input + key.str().size() + 1);
  const crypto::Sha256Digest digest = crypto::sha256({input, size});

  Bytes bytes;
  std::copy_n(digest.begin(), kBytes, bytes.begin());
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | 0x80U);  // version 8
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);  // variant 0b10
  return EventId(bytes);
}

Result<EventId> EventId::parse(std::string_view text) {
  const auto malformed = [] { return fail(Errc::invalid_argument, "must be a UUID in its 36-character form"); };
  if (text.size() != kTextChars) return malformed();
  std::array<char, 2 * kBytes> digits{};
  std::size_t used = 0;
  for (std::size_t i = 0; i < kTextChars; ++i) {
    if (is_hyphen_position(i) != (text[i] == '-')) return malformed();
    if (text[i] != '-') digits[used++] = text[i];
  }
  const auto decoded = crypto::from_hex({digits.data(), digits.size()});
  if (!decoded) return malformed();
  Bytes bytes;
  std::copy_n(decoded->begin(), kBytes, bytes.begin());
  return EventId(bytes);
}

std::string EventId::str() const {
  std::string text(kTextChars, '\0');
  write(std::span<char, kTextChars>(text));
  return text;
}

void EventId::write(std::span<char, kTextChars> to) const {
  constexpr std::string_view kDigits = "0123456789abcdef";
  constexpr std::array<std::uint8_t, 5> kGroups{4, 2, 2, 2, 6};
  char* at = to.data();
  const std::uint8_t* byte = bytes_.data();
  for (const auto group : kGroups) {
    if (at != to.data()) *at++ = '-';
    for (const auto* const end = byte + group; byte != end; ++byte) {
      *at++ = kDigits[*byte >> 4U];
      *at++ = kDigits[*byte & 0x0FU];
    }
  }
}

}  // namespace liveops::core
