#include "adapters/postgres/parameters.hpp"

#include <array>
#include <charconv>

namespace liveops::adapters::postgres {

namespace {

constexpr std::size_t kNumberChars = 32;  // more than any int64 or shortest double takes

template <class Number>
void append_number(std::string& to, Number value) {
  std::array<char, kNumberChars> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  to.append(text.data(), end);
}

template <class Number>
std::string number_text(Number value) {
  std::string text;
  append_number(text, value);
  return text;
}

void append_hex(std::string& to, std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    to += kDigits[value >> 4U];
    to += kDigits[value & 0xFU];
  }
}

/// An element of an array in quotes, so that no value is taken for NULL or a separator (PostgreSQL 15, section 8.15.6).
void append_quoted(std::string& to, std::string_view value) {
  to += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\') to += '\\';
    to += c;
  }
  to += '"';
}

template <class Values, class Append>
std::string array_text(const Values& values, std::size_t chars_each, Append append) {
  std::string text;
  text.reserve(2 + values.size() * chars_each);
  text += '{';
  for (const auto& value : values) {
    if (text.size() > 1) text += ',';
    append(text, value);
  }
  text += '}';
  return text;
}

}  // namespace

Parameters& Parameters::add(std::int64_t value) {
  values_.emplace_back(number_text(value));
  return *this;
}

Parameters& Parameters::add(bool value) {
  values_.emplace_back(value ? "t" : "f");
  return *this;
}

Parameters& Parameters::add(double value) {
  values_.emplace_back(number_text(value));
  return *this;
}

Parameters& Parameters::add_text(std::string_view value) {
  values_.emplace_back(value);
  return *this;
}

Parameters& Parameters::add_bytes(std::string_view value) {
  std::string text = "\\x";
  append_hex(text, value);
  values_.emplace_back(std::move(text));
  return *this;
}

Parameters& Parameters::add_null() {
  values_.emplace_back(std::nullopt);
  return *this;
}

Parameters& Parameters::add_optional(std::optional<std::int64_t> value) {
  return value ? add(*value) : add_null();
}

Parameters& Parameters::add_array(std::span<const std::int64_t> values) {
  constexpr std::size_t kUsualChars = 12;
  values_.emplace_back(array_text(values, kUsualChars, append_number<std::int64_t>));
  return *this;
}

Parameters& Parameters::add_array(std::span<const std::optional<std::int64_t>> values) {
  constexpr std::size_t kUsualChars = 12;
  values_.emplace_back(array_text(values, kUsualChars, [](std::string& text, const auto& value) {
    value ? append_number(text, *value) : void(text += "NULL");
  }));
  return *this;
}

Parameters& Parameters::add_text_array(std::span<const std::string_view> values) {
  constexpr std::size_t kUsualChars = 40;
  values_.emplace_back(array_text(values, kUsualChars, append_quoted));
  return *this;
}

Parameters& Parameters::add_bytes_array(std::span<const std::string_view> values) {
  constexpr std::size_t kUsualChars = 40;
  values_.emplace_back(array_text(values, kUsualChars, [](std::string& text, std::string_view value) {
    text += R"("\\x)";
    append_hex(text, value);
    text += '"';
  }));
  return *this;
}

const char* Parameters::c_str(std::size_t index) const {
  const auto& value = values_.at(index);
  return value ? value->c_str() : nullptr;
}

}  // namespace liveops::adapters::postgres
