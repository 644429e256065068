#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "leaderboard/json.hpp"
#include "leaderboard/snapshot_seal.hpp"

namespace liveops::leaderboard {

namespace {

namespace json = boost::json;

constexpr std::size_t kMaxReasonBytes = 2000;

/// Why it was written, each reason once.
std::string reason_of(const ports::RevisionNote& note) {
  std::set<std::string_view> reasons;
  for (const auto& player : note.players) reasons.insert(player.reason);
  std::string text;
  for (const std::string_view reason : reasons) {
    if (text.size() + reason.size() > kMaxReasonBytes) return text += "; ...";
    text.append(text.empty() ? "" : "; ").append(reason);
  }
  return text;
}

json::array players_of(const ports::RevisionNote& note, bool returned) {
  json::array players;
  for (const auto& player : note.players) {
    if (player.returned != returned) continue;
    players.push_back(json::object{{"player_id", player.player.str()},
                                   {returned ? "rank" : "previous_rank", player.rank},
                                   {"score", player.score},
                                   {"reason", player.reason}});
  }
  return players;
}

json::object head_of(const ports::Snapshot& snapshot, const ports::RevisionNote& note) {
  json::object object{
      {"id", snapshot.id},       {"revision", snapshot.revision}, {"taken_at", core::format_rfc3339(snapshot.taken_at)},
      {"total", snapshot.total}, {"sha256", snapshot.sha256},     {"signature", snapshot.signature}};
  if (snapshot.revision < 2) return object;
  object["previous"] =
      json::object{{"id", sealed_snapshot_id(snapshot.table, snapshot.revision - 1)}, {"sha256", note.previous_sha256}};
  object["promoted_total"] = note.promoted;
  return object;
}

}  // namespace

std::string revisions_json(const core::StandingsId& table, const std::vector<RevisionView>& revisions,
                           std::uint64_t offset, std::size_t limit) {
  json::array list;
  for (const RevisionView& view : revisions) {
    auto object = head_of(view.snapshot, view.note);
    const auto returned = std::ranges::count_if(view.note.players, &ports::RevisionNote::Player::returned);
    object["removed_total"] = view.note.players.size() - static_cast<std::size_t>(returned);
    object["returned_total"] = returned;
    list.push_back(std::move(object));
  }
  return json::serialize(json::object{{"board", table.board.str()},
                                      {"window", core::to_string(table.window)},
                                      {"period", table.period},
                                      {"offset", offset},
                                      {"limit", limit},
                                      {"revisions", std::move(list)}});
}

std::string changes_json(const ports::Snapshot& snapshot, const ports::RevisionNote& note,
                         const std::vector<ports::SnapshotRow>& promoted, std::size_t limit) {
  auto object = head_of(snapshot, note);
  object["reason"] = reason_of(note);
  object["changes_signature"] = note.signature;
  object["removed"] = players_of(note, false);
  object["returned"] = players_of(note, true);
  json::array rows;
  for (const auto& row : promoted) {
    rows.push_back(json::object{{"player_id", row.player.str()},
                                {"rank", row.rank},
                                {"previous_rank", row.previous_rank},
                                {"score", row.score}});
  }
  object["promoted"] = std::move(rows);
  if (promoted.size() == limit) object["next"] = promoted.back().rank;
  return json::serialize(object);
}

}  // namespace liveops::leaderboard
