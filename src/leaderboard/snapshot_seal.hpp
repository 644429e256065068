#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/crypto/digest.hpp"
#include "ports/revision_store.hpp"
#include "ports/snapshot_store.hpp"

namespace liveops::leaderboard {

/// The id of a revision of a sealed table, the same at every attempt: "board:window:period:r1".
[[nodiscard]] std::string sealed_snapshot_id(const core::StandingsId& table, int revision);
/// The id of a snapshot of an open period: "board:window:period:t<unix seconds>".
[[nodiscard]] std::string open_snapshot_id(const core::StandingsId& table, core::Timestamp taken_at);

/// SHA-256 over the canonical rows of one snapshot, fed piece by piece.
///
/// Canonical text: `board,window,period,1\n` (0 in place of 1 for an open period), then per row, in rank order,
/// `rank,player_id,score,achieved_at\n` with the time as RFC 3339 in UTC. No value holds a comma or needs quoting. The
/// text does not say which revision it is: equal standings have equal hashes.
/// Threads: one at a time.
class CanonicalHash {
 public:
  CanonicalHash(const core::StandingsId& table, bool sealed);
  void add(const std::vector<ports::SnapshotRow>& rows);
  /// Lower-case hex. Ends the computation.
  [[nodiscard]] std::string finish();

 private:
  core::crypto::Sha256 sha256_;
};

/// Signs snapshots: HMAC-SHA256, lower-case hex, over
/// `liveops-snapshot-v1\n<board>\n<window>\n<period>\n<revision>\n<sha256>`.
///
/// Threads: any (const).
class SnapshotSigner {
 public:
  explicit SnapshotSigner(std::string_view secret) : key_(secret) {}
  /// Uses the snapshot's table, revision and sha256.
  [[nodiscard]] std::string sign(const ports::Snapshot& snapshot) const;

  /// What a revision changed: over `liveops-revision-v1\n<snapshot id>\n<sha256>\n<previous sha256>\n<promoted>`, then
  /// per player, in byte order of the ids, `\nout|back,<player>,<rank>,<score>,<SHA-256 of the reason, hex>`.
  [[nodiscard]] std::string sign(const ports::Snapshot& snapshot, const ports::RevisionNote& note) const;

 private:
  core::crypto::HmacKey key_;
};

}  // namespace liveops::leaderboard
