#include "leaderboard/snapshot_seal.hpp"

#include <array>

#include "core/crypto/encoding.hpp"

namespace liveops::leaderboard {

namespace {

std::string table_name(const core::StandingsId& table, char separator) {
  return table.board.str() + separator + std::string(core::to_string(table.window)) + separator + table.period;
}

}  // namespace

std::string sealed_snapshot_id(const core::StandingsId& table, int revision) {
  return table_name(table, ':') + ":r" + std::to_string(revision);
}

std::string open_snapshot_id(const core::StandingsId& table, core::Timestamp taken_at) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(taken_at).time_since_epoch().count();
  return table_name(table, ':') + ":t" + std::to_string(seconds);
}

CanonicalHash::CanonicalHash(const core::StandingsId& table, bool sealed) {
  sha256_.update(table_name(table, ',') + (sealed ? ",1\n" : ",0\n"));
}

void CanonicalHash::add(const std::vector<ports::SnapshotRow>& rows) {
  std::string text;
  for (const auto& row : rows) {
    text += std::to_string(row.rank);
    text += ',';
    text += row.player.str();
    text += ',';
    text += std::to_string(row.score);
    text += ',';
    text += core::format_rfc3339(row.achieved_at);
    text += '\n';
  }
  sha256_.update(text);
}

std::string CanonicalHash::finish() {
  return core::crypto::to_hex(core::crypto::as_bytes(sha256_.finish()));
}

std::string SnapshotSigner::sign(const ports::Snapshot& snapshot) const {
  const std::string identity =
      "liveops-snapshot-v1\n" + table_name(snapshot.table, '\n') + '\n' + std::to_string(snapshot.revision) + '\n';
  const std::array<std::string_view, 2> parts{identity, snapshot.sha256};
  return core::crypto::to_hex(core::crypto::as_bytes(key_.sign(parts)));
}

std::string SnapshotSigner::sign(const ports::Snapshot& snapshot, const ports::RevisionNote& note) const {
  std::string text = "liveops-revision-v1\n" + snapshot.id + '\n' + snapshot.sha256 + '\n' + note.previous_sha256 +
                     '\n' + std::to_string(note.promoted);
  for (const auto& player : note.players) {
    text += player.returned ? "\nback," : "\nout,";
    text += player.player.str() + ',' + std::to_string(player.rank) + ',' + std::to_string(player.score) + ',';
    text += core::crypto::to_hex(core::crypto::as_bytes(core::crypto::sha256(player.reason)));
  }
  const std::array<std::string_view, 1> parts{text};
  return core::crypto::to_hex(core::crypto::as_bytes(key_.sign(parts)));
}

}  // namespace liveops::leaderboard
