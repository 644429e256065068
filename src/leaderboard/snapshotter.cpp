#include "leaderboard/snapshotter.hpp"

#include "leaderboard/composite_score.hpp"

namespace liveops::leaderboard {

ports::Task<std::uint64_t> Snapshotter::run() {
  const auto book = parts_.boards.get();
  const auto now = parts_.clock.now();
  if (now < next_) co_return 0;
  const auto tables = co_await parts_.standings.tables(true);
  if (!tables) co_return std::unexpected(tables.error());
  const auto top = static_cast<std::size_t>(book->windows().snapshot_top);
  std::uint64_t taken = 0;
  for (const auto& table : *tables) {
    const auto spec = book->in_force(table.spec);
    if (now < spec.opens_at || now >= spec.closes_at) continue;
    auto page = co_await parts_.index.top(spec.id, 0, top);
    if (!page) co_return std::unexpected(page.error());
    if (page->entries.empty()) continue;
    if (auto done = co_await take(spec, std::move(*page), now); !done) co_return std::unexpected(done.error());
    ++taken;
  }
  next_ = now + book->windows().snapshot_interval;
  parts_.counters.snapshots.add(static_cast<double>(taken));
  parts_.counters.last_snapshot.set(std::chrono::duration<double>(now.time_since_epoch()).count());
  co_return taken;
}

ports::Task<void> Snapshotter::take(ports::StandingsSpec spec, ports::RankPage page, core::Timestamp now) {
  const CompositeScore composite(spec);
  std::vector<ports::SnapshotRow> rows;
  rows.reserve(page.entries.size());
  for (auto& entry : page.entries) {
    rows.push_back({entry.rank, std::move(entry.player), composite.score_of(entry.rank_key), entry.achieved_at});
  }
  CanonicalHash hash(spec.id, false);
  hash.add(rows);
  ports::Snapshot snapshot{.id = open_snapshot_id(spec.id, now),
                           .table = spec.id,
                           .opens_at = spec.opens_at,
                           .closes_at = spec.closes_at,
                           .taken_at = now,
                           .sealed = false,
                           .revision = 0,
                           .rows = rows.size(),
                           .total = page.total,
                           .sha256 = hash.finish(),
                           .signature = {}};
  snapshot.signature = parts_.signer.sign(snapshot);
  auto begun = co_await parts_.snapshots.begin(snapshot.id);
  // Taken in this very second: a restart, or a failure further down the list.
  if (!begun && begun.error().code == core::Errc::conflict) co_return core::Status();
  if (!begun) co_return begun;
  if (auto done = co_await parts_.snapshots.append(snapshot.id, std::move(rows)); !done) co_return done;
  if (auto done = co_await parts_.snapshots.complete(std::move(snapshot)); !done) co_return done;
  const auto removed = co_await parts_.snapshots.keep_newest(spec.id, kKept);
  if (!removed) co_return std::unexpected(removed.error());
  co_return core::Status();
}

}  // namespace liveops::leaderboard
