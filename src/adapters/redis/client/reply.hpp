#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace liveops::adapters::redis {

/// A reply of the server (RESP2), owned. `error` replies never get here: they become core::Error.
struct Reply {
  enum class Kind : std::uint8_t { nil, integer, string, status, array };
  Kind kind = Kind::nil;
  std::int64_t integer = 0;
  std::string text;  // of string and status
  std::vector<Reply> elements;

  [[nodiscard]] bool is_nil() const { return kind == Kind::nil; }
};

/// A command: its name and arguments, binary safe.
using Command = std::vector<std::string>;

/// A command of these words; unlike from a list in braces, none of them is copied.
template <class... Words>
[[nodiscard]] Command make_command(Words&&... words) {
  Command out;
  out.reserve(sizeof...(words));
  (out.emplace_back(std::forward<Words>(words)), ...);
  return out;
}

}  // namespace liveops::adapters::redis
