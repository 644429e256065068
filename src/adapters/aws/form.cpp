#include "adapters/aws/form.hpp"

#include <cctype>
#include <string_view>

namespace liveops::adapters::aws {

namespace {

void append_escaped(std::string& to, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || std::string_view("-._~").contains(c)) {
      to += c;
    } else {
      to += '%';
      to += kDigits[byte >> 4U];
      to += kDigits[byte & 0xFU];
    }
  }
}

}  // namespace

std::string encode_form(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string form;
  for (const auto& [name, value] : fields) {
    if (!form.empty()) form += '&';
    append_escaped(form, name);
    form += '=';
    append_escaped(form, value);
  }
  return form;
}

}  // namespace liveops::adapters::aws
