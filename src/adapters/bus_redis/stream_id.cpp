#include "adapters/bus_redis/stream_id.hpp"

#include <array>
#include <charconv>

namespace liveops::adapters::bus_redis {

namespace {

/// Reads one number and the separator behind it, if one is asked for; false when there is none.
template <class Number>
bool take_number(std::string_view& text, Number& to, int base, char separator = '\0') {
  const auto* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, to, base);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(at - text.data()));
  if (separator == '\0') return text.empty();
  if (!text.starts_with(separator)) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

std::string StreamId::str() const {
  std::array<char, 48> text;
  auto* const end = text.data() + text.size();
  auto* at = std::to_chars(text.data(), end, ms).ptr;
  *at++ = '-';
  at = std::to_chars(at, end, number).ptr;
  return {text.data(), at};
}

std::optional<StreamId> StreamId::parse(std::string_view text) {
  StreamId id;
  if (!take_number(text, id.ms, 10, '-') || !take_number(text, id.number, 10)) return std::nullopt;
  return id;
}

StreamId StreamId::next() const {
  if (number != std::numeric_limits<std::uint64_t>::max()) return {ms, number + 1};
  return {ms + 1, 0};
}

std::string to_tag(const Handout& handout) {
  std::array<char, 64> text;
  auto* const end = text.data() + text.size();
  auto* at = std::to_chars(text.data(), end, handout.shard, 16).ptr;
  *at++ = '.';
  at = std::to_chars(at, end, handout.id.ms, 16).ptr;
  *at++ = '.';
  at = std::to_chars(at, end, handout.id.number, 16).ptr;
  *at++ = '.';
  at = std::to_chars(at, end, handout.attempt, 16).ptr;
  return {text.data(), at};
}

std::optional<Handout> parse_tag(std::string_view tag) {
  Handout handout;
  if (!take_number(tag, handout.shard, 16, '.') || !take_number(tag, handout.id.ms, 16, '.') ||
      !take_number(tag, handout.id.number, 16, '.') || !take_number(tag, handout.attempt, 16)) {
    return std::nullopt;
  }
  return handout;
}

}  // namespace liveops::adapters::bus_redis
