#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace liveops::adapters::bus_redis {

/// Names an entry of a stream: the server's time in milliseconds and a number within it. Ids of one stream only grow.
struct StreamId {
  std::uint64_t ms = 0;
  std::uint64_t number = 0;

  /// "1526919030474-55", as the server writes it.
  [[nodiscard]] std::string str() const;
  /// nullopt: not two numbers joined by a hyphen.
  [[nodiscard]] static std::optional<StreamId> parse(std::string_view text);
  /// The lowest id above this one.
  [[nodiscard]] StreamId next() const;
  [[nodiscard]] static constexpr StreamId max() {
    return {std::numeric_limits<std::uint64_t>::max(), std::numeric_limits<std::uint64_t>::max()};
  }
  [[nodiscard]] bool is_zero() const { return ms == 0 && number == 0; }

  friend auto operator<=>(const StreamId&, const StreamId&) = default;
};

/// One message as handed out: its stream, its id there, and which attempt this is.
struct Handout {
  std::uint32_t shard = 0;
  StreamId id;
  std::uint32_t attempt = 1;
  friend auto operator<=>(const Handout&, const Handout&) = default;
};

/// The tag of a delivery: the four numbers of its handout, in hexadecimal.
[[nodiscard]] std::string to_tag(const Handout& handout);
/// nullopt: not a tag of `to_tag`.
[[nodiscard]] std::optional<Handout> parse_tag(std::string_view tag);

}  // namespace liveops::adapters::bus_redis
