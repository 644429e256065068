#include <algorithm>

#include "core/event_parser.hpp"
#include "core/event_reader.hpp"

namespace liveops::core {
namespace {

constexpr std::size_t kMaxKeyChars = 255;

bool is_printable(char c) {
  return c >= 0x20 && c <= 0x7E;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// The content of an RFC 8941 String (section 4.2.5), `text` starting at its opening quote.
Result<std::string> unquoted(std::string_view text) {
  std::string key;
  for (std::size_t at = 1; at < text.size(); ++at) {
    char c = text[at];
    if (c == '"') {
      if (at + 1 != text.size()) return fail(Errc::invalid_argument, "has text after its closing quote");
      return key;
    }
    if (c == '\\') {
      if (++at == text.size()) break;
      c = text[at];
      if (c != '"' && c != '\\') {
        return fail(Errc::invalid_argument, "may escape only a quote or a backslash with a backslash");
      }
    }
    key += c;
  }
  return fail(Errc::invalid_argument, "lacks its closing quote");
}

}  // namespace

Status check_idempotency_key(std::string_view key) {
  if (key.empty()) return fail(Errc::invalid_argument, "must not be empty");
  if (key.size() > kMaxKeyChars) return fail(Errc::invalid_argument, "must be at most 255 characters");
  if (!std::ranges::all_of(key, is_printable)) {
    return fail(Errc::invalid_argument, "must be printable ASCII characters");
  }
  return {};
}

Result<std::string> parse_idempotency_key(std::string_view header) {
  const std::string_view text = trimmed(header);
  auto key = text.starts_with('"') ? unquoted(text) : Result<std::string>(std::string(text));
  if (!key) return key;
  if (auto status = check_idempotency_key(*key); !status) return std::unexpected(std::move(status.error()));
  return key;
}

}  // namespace liveops::core
