#include "adapters/redis/leaderboard/table_keys.hpp"

#include <array>

namespace liveops::adapters::redis::leaderboard {

namespace {

/// '%' is in no name of ours.
void append_escaped(std::string& out, std::string_view name) {
  for (const char c : name) {
    if (c == ':') out += '%';
    out += c;
  }
}

}  // namespace

std::string table_name(const core::StandingsId& table) {
  std::string name;
  append_escaped(name, table.board.str());
  name += ':';
  name += core::to_string(table.window);
  name += ':';
  append_escaped(name, table.period);
  return name;
}

std::optional<core::StandingsId> parse_table_name(std::string_view name) {
  std::array<std::string, 3> parts;
  std::size_t part = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == ':') {
      if (++part == parts.size()) return std::nullopt;
      continue;
    }
    if (name[i] == '%' && ++i == name.size()) return std::nullopt;
    parts[part] += name[i];
  }
  auto board = core::BoardId::parse(parts[0]);
  const auto window = core::parse_window(parts[1]);
  if (part + 1 != parts.size() || !board || !window) return std::nullopt;
  return core::StandingsId{std::move(*board), *window, std::move(parts[2])};
}

std::vector<std::string> table_keys(std::string_view prefix, const core::StandingsId& table) {
  const std::string base = std::string(prefix) + ":{" + table_name(table) + "}";
  return {base, base + ":entries", base + ":meta", base + ":next", base + ":next:entries"};
}

std::string epoch_key(std::string_view prefix) {
  return std::string(prefix) + ":{index}:epoch";
}

std::string tables_key(std::string_view prefix) {
  return std::string(prefix) + ":{index}:tables";
}

}  // namespace liveops::adapters::redis::leaderboard
