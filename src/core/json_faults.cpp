#include "core/json_faults.hpp"

#include <utility>

namespace liveops::core {
namespace {

bool is_plain_in_fragment(char c) {
  const bool letter_or_digit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return letter_or_digit || std::string_view("-._~!$&'()*+,;=:@?").find(c) != std::string_view::npos;
}

std::string_view shortened(std::string_view pointer) {
  while (pointer.size() > FaultList::kMaxPointerBytes) pointer = pointer.substr(0, pointer.rfind('/'));
  return pointer;
}

}  // namespace

std::string pointer_token(std::string_view name) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string token;
  token.reserve(name.size());
  for (const char c : name) {
    if (c == '~') {
      token += "~0";
    } else if (c == '/') {
      token += "~1";
    } else if (is_plain_in_fragment(c)) {
      token += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      token += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
    }
  }
  return token;
}

void FaultList::add(std::string_view pointer, std::string detail) {
  if (faults_.size() == kMaxFaults) {
    ++left_out_;
    return;
  }
  std::string whole(prefix_);
  whole += shortened(pointer);
  faults_.push_back({std::move(whole), std::move(detail)});
}

std::vector<http::Fault> FaultList::take() {
  if (left_out_ > 0) {
    faults_.push_back({std::string(prefix_), "and " + std::to_string(left_out_) + " more faults"});
    left_out_ = 0;
  }
  return std::move(faults_);
}

}  // namespace liveops::core
