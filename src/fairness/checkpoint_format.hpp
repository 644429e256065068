#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "fairness/player_state.hpp"
#include "fairness/population.hpp"

/// The pieces of a checkpoint (see checkpoint.hpp), for its own sources.
namespace liveops::fairness::checkpoint_format {

static_assert(std::endian::native == std::endian::little, "checkpoints are written as memory has them");

inline constexpr std::string_view kMagic = "LOGBASES";
inline constexpr std::uint32_t kFormat = 4;  // raise it when the meaning of a byte changes, PlayerState's too

template <class T>
void append(std::string& out, const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void append_player(std::string& out, const PlayerState& player);
void append_population(std::string& out, const Population& population);

/// Reads from the front; nullopt when too little is left or it makes no sense.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  template <class T>
  [[nodiscard]] std::optional<T> take() {
    static_assert(std::is_trivially_copyable_v<T>);
    if (rest_.size() < sizeof(T)) return std::nullopt;
    T value;
    rest_.copy(reinterpret_cast<char*>(&value), sizeof value);
    rest_.remove_prefix(sizeof value);
    return value;
  }
  [[nodiscard]] std::optional<std::string_view> take_text(std::size_t size);
  [[nodiscard]] std::optional<PlayerState> take_player();
  [[nodiscard]] std::optional<Population> take_population();
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace liveops::fairness::checkpoint_format
