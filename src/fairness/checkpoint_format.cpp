#include "fairness/checkpoint_format.hpp"

namespace liveops::fairness::checkpoint_format {
namespace {

constexpr std::size_t kWords = sizeof(PlayerState) / sizeof(std::uint32_t);
static_assert(sizeof(PlayerState) == kWords * sizeof(std::uint32_t) && kWords <= 32, "a bit of the mask for each word");

using Words = std::array<std::uint32_t, kWords>;

/// Bytes that hold a truth value or an index must be one before they are read as such.
bool makes_sense(const Words& words) {
  const auto byte = [&words](std::size_t offset) {
    return static_cast<unsigned char>(reinterpret_cast<const char*>(words.data())[offset]);
  };
  return byte(offsetof(PlayerState, referenced)) <= 1 && byte(offsetof(PlayerState, flagged)) <= 1 &&
         byte(offsetof(PlayerState, recent_next)) < kRecentEvents;
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
  append(out, static_cast<std::uint64_t>(population.players));
  append(out, std::uint8_t{population.storm});
  for (const ChannelStats& channel : population.channels) {
    append(out, std::uint8_t{channel.ready});
    append(out, channel.level);
    append(out, channel.spread);
    append(out, channel.highest_base);
    append(out, static_cast<std::uint32_t>(channel.levels.size()));
    for (const float level : channel.levels) append(out, level);
  }
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
  if (!makes_sense(words)) return std::nullopt;
  return std::bit_cast<PlayerState>(words);
}

std::optional<Population> Reader::take_population() {
  Population population;
  const auto players = take<std::uint64_t>();
  const auto storm = take<std::uint8_t>();
  if (!players || !storm) return std::nullopt;
  population.players = *players;
  population.storm = *storm != 0;
  for (ChannelStats& channel : population.channels) {
    if (!take_channel(channel)) return std::nullopt;
  }
  return population;
}

bool Reader::take_channel(ChannelStats& channel) {
  const auto ready = take<std::uint8_t>();
  const auto level = take<float>();
  const auto spread = take<float>();
  const auto highest_base = take<float>();
  const auto count = take<std::uint32_t>();
  if (!ready || !level || !spread || !highest_base || !count) return false;
  const auto levels = take_text(std::size_t{*count} * sizeof(float));
  if (!levels) return false;
  channel = {.ready = *ready != 0, .level = *level, .spread = *spread, .highest_base = *highest_base};
  channel.levels.resize(*count);
  levels->copy(reinterpret_cast<char*>(channel.levels.data()), levels->size());
  return true;
}

}  // namespace liveops::fairness::checkpoint_format
