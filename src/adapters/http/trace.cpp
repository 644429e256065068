#include "adapters/http/trace.hpp"

#include <algorithm>
#include <cstdint>
#include <random>

namespace liveops::adapters::http {
namespace {

/// SplitMix64 (Steele, Lea, Flood 2014): one addition and a mix for each value.
class SplitMix {
 public:
  SplitMix() {
    std::random_device device;
    state_ = (std::uint64_t{device()} << 32U) ^ device();
  }

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
  }

  std::uint64_t next_non_zero() {
    const std::uint64_t value = next();
    return value == 0 ? 1 : value;
  }

 private:
  std::uint64_t state_;
};

SplitMix& generator() {
  thread_local SplitMix instance;
  return instance;
}

char* put_hex(char* out, std::uint64_t value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (int shift = 60; shift >= 0; shift -= 4) *out++ = kDigits[(value >> static_cast<unsigned>(shift)) & 15U];
  return out;
}

bool is_lower_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_all_zero(std::string_view text) {
  return text.find_first_not_of('0') == std::string_view::npos;
}

}  // namespace

bool is_valid_traceparent(std::string_view value) {
  constexpr std::size_t kSize = TraceStorage::kTraceparentSize;
  if (value.size() < kSize) return false;
  if (value[2] != '-' || value[35] != '-' || value[52] != '-') return false;
  const auto version = value.substr(0, 2);
  const auto trace_id = value.substr(3, 32);
  const auto parent_id = value.substr(36, 16);
  if (!is_lower_hex(version) || version == "ff") return false;
  if (!is_lower_hex(trace_id) || !is_lower_hex(parent_id) || !is_lower_hex(value.substr(53, 2))) return false;
  if (is_all_zero(trace_id) || is_all_zero(parent_id)) return false;
  if (value.size() == kSize) return true;
  return version != "00" && value[kSize] == '-' && is_valid_request_id(value.substr(kSize));
}

bool is_valid_request_id(std::string_view value) {
  constexpr std::size_t kMax = 128;
  return !value.empty() && value.size() <= kMax &&
         std::ranges::all_of(value, [](char c) { return c > ' ' && c < 0x7F; });
}

std::string_view make_traceparent(TraceStorage& storage) {
  char* out = storage.traceparent.data();
  out = std::ranges::copy(std::string_view("00-"), out).out;
  out = put_hex(out, generator().next());
  out = put_hex(out, generator().next_non_zero());
  *out++ = '-';
  out = put_hex(out, generator().next_non_zero());
  std::ranges::copy(std::string_view("-01"), out);
  return {storage.traceparent.data(), storage.traceparent.size()};
}

std::string_view make_request_id(TraceStorage& storage) {
  put_hex(put_hex(storage.request_id.data(), generator().next()), generator().next());
  return {storage.request_id.data(), storage.request_id.size()};
}

}  // namespace liveops::adapters::http
