#include "backtest/labels.hpp"

#include <array>
#include <string_view>

namespace liveops::backtest {
namespace {

constexpr std::string_view kHeader = "player_id,is_cheater,kind,onset";
constexpr std::size_t kFields = 4;
using Fields = std::array<std::string_view, kFields>;

std::unexpected<core::Error> refuse(std::size_t line, const std::string& reason) {
  return core::fail(core::Errc::invalid_argument, "line " + std::to_string(line) + ": " + reason);
}

std::optional<Fields> split(std::string_view line) {
  Fields fields;
  for (std::size_t i = 0; i + 1 < kFields; ++i) {
    const auto comma = line.find(',');
    if (comma == std::string_view::npos) return std::nullopt;
    fields[i] = line.substr(0, comma);
    line.remove_prefix(comma + 1);
  }
  if (line.find(',') != std::string_view::npos) return std::nullopt;
  fields[kFields - 1] = line;
  return fields;
}

std::optional<bool> yes_or_no(std::string_view text) {
  if (text == "1" || text == "true" || text == "True") return true;
  if (text == "0" || text == "false" || text == "False") return false;
  return std::nullopt;
}

core::Result<Label> read_label(const Fields& fields, std::size_t line) {
  const auto cheats = yes_or_no(fields[1]);
  if (!cheats) return refuse(line, "is_cheater must be 1 or 0");
  Label label;
  if (!fields[2].empty()) label.kind = fields[2];
  if (!*cheats) return label;
  label.onset = core::Timestamp();
  if (fields[3].empty()) return label;
  const auto onset = core::parse_rfc3339(fields[3]);
  if (!onset) return refuse(line, "onset must be an RFC 3339 date-time, or empty");
  label.onset = *onset;
  return label;
}

}  // namespace

core::Result<Labels> read_labels(std::istream& in) {
  Labels labels;
  std::string text;
  for (std::size_t line = 1; std::getline(in, text); ++line) {
    if (text.ends_with('\r')) text.pop_back();
    if (line == 1) {
      if (text != kHeader) return refuse(1, "the header must be " + std::string(kHeader));
      continue;
    }
    if (text.empty()) continue;
    const auto fields = split(text);
    if (!fields) return refuse(line, "must have four fields: " + std::string(kHeader));
    auto player = core::PlayerId::parse((*fields)[0]);
    if (!player) return refuse(line, "player_id " + player.error().message);
    auto label = read_label(*fields, line);
    if (!label) return std::unexpected(label.error());
    if (!labels.try_emplace(std::move(*player), std::move(*label)).second)
      return refuse(line, "the player is labelled twice");
  }
  if (in.bad()) return core::fail(core::Errc::invalid_argument, "cannot be read");
  return labels;
}

void write_labels_header(std::ostream& out) {
  out << kHeader << '\n';
}

void write_label(std::ostream& out, const core::PlayerId& player, const Label& label) {
  out << player.str() << ',' << (label.onset ? 1 : 0) << ',' << label.kind << ','
      << (label.onset ? core::format_rfc3339(*label.onset) : std::string()) << '\n';
}

}  // namespace liveops::backtest
