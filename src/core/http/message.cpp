#include "core/http/message.hpp"

#include <algorithm>
#include <array>

namespace liveops::core::http {
namespace {

constexpr char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

constexpr int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = to_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

const HeaderView* find(std::span<const HeaderView> headers, std::string_view name) {
  const auto at = std::ranges::find_if(headers, [&](const HeaderView& h) { return equals_ignore_case(h.first, name); });
  return at == headers.end() ? nullptr : &*at;
}

/// A name or value of a query (application/x-www-form-urlencoded). One with a broken escape stays as it was sent, for
/// the reader to refuse.
std::string decode_query_text(std::string_view text) {
  std::string spaced(text);
  std::ranges::replace(spaced, '+', ' ');
  return percent_decode(spaced).value_or(std::string(text));
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
  const HeaderView* found = find(headers, name);
  return found == nullptr ? std::string_view{} : found->second;
}

bool Request::has_header(std::string_view name) const {
  return find(headers, name) != nullptr;
}

std::optional<std::string> Request::query_param(std::string_view name) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    const std::string_view item = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(item.size() + 1, rest.size()));
    const std::size_t equals = item.find('=');
    if (decode_query_text(item.substr(0, equals)) != name) continue;
    return equals == std::string_view::npos ? std::string() : decode_query_text(item.substr(equals + 1));
  }
  return std::nullopt;
}

bool equals_ignore_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::ranges::equal(a, b, [](char x, char y) { return to_lower(x) == to_lower(y); });
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded.push_back(text[i]);
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const int high = hex_digit(text[i + 1]);
    const int low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    decoded.push_back(static_cast<char>(high << 4 | low));
    i += 2;
  }
  return decoded;
}

}  // namespace liveops::core::http
