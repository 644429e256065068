#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace liveops::adapters::bus_local {

/// Appends the lowest `bytes` bytes of `value`, little-endian.
inline void put(std::string& out, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xffU));
}

/// Reads what `put` wrote. Requires: `at + bytes` is within `in`.
inline std::uint64_t get(std::string_view in, std::size_t at, std::size_t bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes; i-- > 0;) value = value << 8U | static_cast<std::uint8_t>(in[at + i]);
  return value;
}

}  // namespace liveops::adapters::bus_local
