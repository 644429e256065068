#include "core/json_fields.hpp"

namespace liveops::core::json {
namespace {

/// One past the closing quote of the string that opens at `begin`; npos when it never closes.
std::size_t end_of_string(std::string_view text, std::size_t begin) {
  for (std::size_t at = begin + 1; at < text.size(); ++at) {
    if (text[at] == '"') return at + 1;
    if (text[at] == '\\') ++at;
  }
  return std::string_view::npos;
}

std::size_t end_of_value(std::string_view text, std::size_t begin) {
  switch (text[begin]) {
    case '"':
      return end_of_string(text, begin);
    case '{':
    case '[':
      return end_of_nested(text, begin);
    default:
      return text.find_first_of(",]} \t\r\n", begin);
  }
}

}  // namespace

std::size_t skip_space(std::string_view text, std::size_t begin) {
  while (begin < text.size() &&
         (text[begin] == ' ' || text[begin] == '\t' || text[begin] == '\n' || text[begin] == '\r')) {
    ++begin;
  }
  return begin;
}

std::size_t end_of_nested(std::string_view text, std::size_t begin) {
  std::size_t depth = 0;
  for (std::size_t at = begin; at < text.size(); ++at) {
    switch (text[at]) {
      case '"':
        at = end_of_string(text, at);
        if (at == std::string_view::npos) return at;
        --at;
        break;
      case '{':
      case '[':
        ++depth;
        break;
      case '}':
      case ']':
        if (--depth == 0) return at + 1;
        break;
      default:
        break;
    }
  }
  return std::string_view::npos;
}

std::string_view member_text(std::string_view object, std::size_t ordinal) {
  std::size_t at = object.find('{') + 1;
  for (std::size_t member = 0;; ++member) {
    at = end_of_string(object, skip_space(object, at));
    at = skip_space(object, at) + 1;  // past the colon
    at = skip_space(object, at);
    const std::size_t end = end_of_value(object, at);
    if (member == ordinal) return object.substr(at, end - at);
    at = skip_space(object, end) + 1;  // past the comma
  }
}

std::string_view describe(Kind kind) {
  switch (kind) {
    case Kind::absent:
      return "nothing";
    case Kind::null:
      return "null";
    case Kind::boolean:
      return "a boolean";
    case Kind::integer:
    case Kind::too_large:
    case Kind::fraction:
      return "a number";
    case Kind::string:
      return "a string";
    case Kind::array:
      return "an array";
    case Kind::object:
      return "an object";
  }
  return "something else";
}

}  // namespace liveops::core::json
