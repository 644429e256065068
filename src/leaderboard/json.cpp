#include "leaderboard/json.hpp"

#include <array>
#include <charconv>

namespace liveops::leaderboard {

namespace {

constexpr std::size_t kRowBytes = 128;  // of an entry, about

void append(std::string& text, std::int64_t value) {
  std::array<char, 24> digits;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  text.append(digits.data(), end);
}

void append(std::string& text, std::uint64_t value) {
  append(text, static_cast<std::int64_t>(value));
}

/// `"name":"value"`; the first of an object has no comma before it.
void append_text(std::string& text, std::string_view name, std::string_view value) {
  if (text.back() != '{') text += ',';
  text.append("\"").append(name).append("\":\"").append(value) += '"';
}

void append_number(std::string& text, std::string_view name, std::uint64_t value) {
  if (text.back() != '{') text += ',';
  text.append("\"").append(name).append("\":");
  append(text, value);
}

void append_row(std::string& text, const ports::SnapshotRow& row) {
  text += R"({"rank":)";
  append(text, row.rank);
  text += R"(,"player_id":")";
  text += row.player.str();
  text += R"(","score":)";
  append(text, row.score);
  text += R"(,"achieved_at":")";
  text += core::format_rfc3339(row.achieved_at);
  text += "\"}";
}

void append_rows(std::string& text, const std::vector<ports::SnapshotRow>& rows) {
  text.reserve(text.size() + rows.size() * kRowBytes);
  text += R"(,"entries":[)";
  for (const auto& row : rows) {
    if (text.back() != '[') text += ',';
    append_row(text, row);
  }
  text += ']';
}

void append_table(std::string& text, const core::StandingsId& id, core::Timestamp opens_at, core::Timestamp closes_at) {
  append_text(text, "board", id.board.str());
  append_text(text, "window", core::to_string(id.window));
  append_text(text, "period", id.period);
  append_text(text, "opens_at", core::format_rfc3339(opens_at));
  append_text(text, "closes_at", core::format_rfc3339(closes_at));
}

void append_view(std::string& text, const RankView& view) {
  append_table(text, view.spec.id, view.spec.opens_at, view.spec.closes_at);
  append_number(text, "total", view.total);
  append_rows(text, view.rows);
}

void append_snapshot(std::string& text, const ports::Snapshot& snapshot) {
  append_text(text, "id", snapshot.id);
  append_table(text, snapshot.table, snapshot.opens_at, snapshot.closes_at);
  append_text(text, "taken_at", core::format_rfc3339(snapshot.taken_at));
  text += snapshot.sealed ? R"(,"sealed":true)" : R"(,"sealed":false)";
  append_number(text, "revision", static_cast<std::uint64_t>(snapshot.revision));
  append_number(text, "total", snapshot.total);
  append_number(text, "rows", snapshot.rows);
  append_text(text, "sha256", snapshot.sha256);
  append_text(text, "signature", snapshot.signature);
}

/// 12.34 for 12.34; two digits at most.
void append_hundredths(std::string& text, double value) {
  std::array<char, 32> digits;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  text.append(digits.data(), end);
}

}  // namespace

std::string view_json(const RankView& view) {
  std::string text = "{";
  append_view(text, view);
  return text += '}';
}

std::string around_json(const RankView& view, const core::PlayerId& player) {
  std::string text = "{";
  append_text(text, "player_id", player.str());
  append_view(text, view);
  return text += '}';
}

std::string list_json(const RankList& list) {
  std::string text = "{";
  append_view(text, list.view);
  text += R"(,"missing":[)";
  for (const auto& player : list.missing) {
    if (text.back() != '[') text += ',';
    text.append("\"").append(player.str()) += '"';
  }
  return text += "]}";
}

std::string player_json(const core::PlayerId& player, const std::vector<PlayerRank>& ranks) {
  std::string text = "{";
  append_text(text, "player_id", player.str());
  text += R"(,"ranks":[)";
  for (const auto& rank : ranks) {
    text += text.back() == '[' ? "{" : ",{";
    append_table(text, rank.spec.id, rank.spec.opens_at, rank.spec.closes_at);
    append_number(text, "total", rank.total);
    text += R"(,"percentile":)";
    append_hundredths(text, rank.percentile);
    text += R"(,"entry":)";
    append_row(text, rank.row);
    text += '}';
  }
  return text += "]}";
}

std::string windows_json(core::Timestamp now, const BoardBook& book, const std::vector<core::Period>& open) {
  std::string text = "{";
  append_text(text, "server_time", core::format_rfc3339(now));
  append_text(text, "time_zone", book.windows().time_zone);
  text += R"(,"boards":[)";
  for (const auto& board : book.boards()) {
    if (text.back() != '[') text += ',';
    text.append("\"").append(board.id.str()) += '"';
  }
  text += R"(],"windows":[)";
  for (const auto& period : open) {
    text += text.back() == '[' ? "{" : ",{";
    append_text(text, "window", core::to_string(period.window));
    append_text(text, "period", period.id);
    append_text(text, "opens_at", core::format_rfc3339(period.opens_at));
    append_text(text, "closes_at", core::format_rfc3339(period.closes_at));
    text += '}';
  }
  return text += "]}";
}

std::string snapshots_json(const std::vector<ports::Snapshot>& snapshots, std::uint64_t offset, std::size_t limit) {
  std::string text = "{";
  append_number(text, "offset", offset);
  append_number(text, "limit", limit);
  text += R"(,"snapshots":[)";
  for (const auto& snapshot : snapshots) {
    text += text.back() == '[' ? "{" : ",{";
    append_snapshot(text, snapshot);
    text += '}';
  }
  return text += "]}";
}

std::string snapshot_json(const ports::Snapshot& snapshot, const std::vector<ports::SnapshotRow>& rows,
                          std::uint64_t offset, std::size_t limit) {
  std::string text = "{";
  append_snapshot(text, snapshot);
  append_number(text, "offset", offset);
  append_number(text, "limit", limit);
  append_rows(text, rows);
  return text += '}';
}

std::string rebuilt_json(const IndexRebuild::Report& report) {
  std::string text = "{";
  append_number(text, "tables", report.tables);
  append_number(text, "standings", report.standings);
  append_number(text, "hidden", report.hidden);
  return text += '}';
}

}  // namespace liveops::leaderboard
