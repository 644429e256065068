#include "fairness/checkpoint_format.hpp"

#include <algorithm>
#include <cmath>

namespace liveops::fairness::checkpoint_format {
namespace {

constexpr std::size_t kWords = sizeof(PlayerState) / sizeof(std::uint32_t);
static_assert(sizeof(PlayerState) == kWords * sizeof(std::uint32_t) && kWords <= 32, "a bit of the mask for each word");

using Words = std::array<std::uint32_t, kWords>;

/// Numbers that judgements go by must be such.
bool makes_sense(const PlayerState& player) {
  const bool levels = std::ranges::all_of(player.own_level, [](float level) { return std::isfinite(level); });
  const bool accounts =
      std::ranges::all_of(player.evidence, [](StoredEvidence account) { return account.value() >= 0; });
  return levels && accounts && std::isfinite(player.own_pace) && std::isfinite(player.velocity) &&
         std::isfinite(player.burst_fill) && std::isfinite(player.sustained_fill);
}

}  // namespace

void append_player(std::string& out, const PlayerState& player) {
  const Words words = std::bit_cast<Words>(player);
  std::array<std::uint32_t, kWords + 1> packed{};
  std::size_t size = 1;
  for (std::size_t i = 0; i < kWords; ++i) {
    if (words[i] == 0) continue;
    packed[0] |= std::uint32_t{1} << i;
    packed[size++] = words[i];
  }
  out.append(reinterpret_cast<const char*>(packed.data()), size * sizeof(std::uint32_t));
}

void append_population(std::string& out, const Population& population) {
  append(out, static_cast<std::uint32_t>(sizeof population));
  append(out, population);
}

std::optional<std::string_view> Reader::take_text(std::size_t size) {
  if (rest_.size() < size) return std::nullopt;
  const auto text = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return text;
}

std::optional<PlayerState> Reader::take_player() {
  const auto mask = take<std::uint32_t>();
  if (!mask || (*mask >> (kWords - 1)) > 1) return std::nullopt;
  Words words{};
  for (std::size_t i = 0; i < kWords; ++i) {
    if ((*mask & (std::uint32_t{1} << i)) == 0) continue;
    const auto word = take<std::uint32_t>();
    if (!word) return std::nullopt;
    words[i] = *word;
  }
  const auto player = std::bit_cast<PlayerState>(words);
  return makes_sense(player) ? std::optional(player) : std::nullopt;
}

std::optional<Population> Reader::take_population() {
  const auto size = take<std::uint32_t>();
  return size == sizeof(Population) ? take<Population>() : std::nullopt;
}

}  // namespace liveops::fairness::checkpoint_format
