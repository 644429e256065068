#include "leaderboard/sealer.hpp"

#include <algorithm>
#include <tuple>

#include "leaderboard/composite_score.hpp"

namespace liveops::leaderboard {

using core::Errc;

namespace {

constexpr std::size_t kChunkRows = 4000;
constexpr int kFirstRevision = 1;

}  // namespace

ports::Task<std::uint64_t> Sealer::run(CaughtUp caught_up) {
  auto tables = co_await parts_.standings.tables(true);
  if (!tables) co_return std::unexpected(tables.error());
  const auto book = parts_.boards.get();
  for (auto& table : *tables) table.spec = book->in_force(std::move(table.spec));
  std::ranges::sort(*tables, {}, [](const auto& table) { return std::tie(table.spec.closes_at, table.spec.id); });
  std::uint64_t sealed = 0;
  for (const auto& table : *tables) {
    const auto boundary = table.spec.closes_at + book->windows().grace + settle_;
    if (table.state == ports::StandingsState::open) {
      if (parts_.clock.now() <= boundary) break;  // the others close later
      if (!co_await caught_up(boundary)) break;
    }
    if (auto done = co_await parts_.duty.keep(); !done) co_return std::unexpected(done.error());
    if (auto done = co_await seal(table.spec); !done) co_return std::unexpected(done.error());
    ++sealed;
  }
  co_return sealed;
}

ports::Task<void> Sealer::seal(ports::StandingsSpec spec) {
  if (auto done = co_await parts_.standings.begin_seal(spec.id, parts_.clock.now()); !done) co_return done;
  const auto existing = co_await parts_.snapshots.find(sealed_snapshot_id(spec.id, kFirstRevision));
  if (!existing) {
    if (existing.error().code != Errc::not_found) co_return std::unexpected(existing.error());
    if (auto done = co_await write_snapshot(spec); !done) co_return done;
  }
  if (auto done = co_await parts_.standings.finish_seal(spec.id); !done) co_return done;
  parts_.counters.sealed.add();
  parts_.log.info(
      "period sealed",
      {{"board", spec.id.board.str()}, {"window", core::to_string(spec.id.window)}, {"period", spec.id.period}});
  co_return co_await parts_.index.drop(spec.id);
}

ports::Task<void> Sealer::write_snapshot(ports::StandingsSpec spec) {
  const std::string id = sealed_snapshot_id(spec.id, kFirstRevision);
  if (auto done = co_await parts_.snapshots.begin(id); !done) co_return done;
  auto snapshot = co_await write_rows(std::move(spec), id);
  if (!snapshot) co_return std::unexpected(snapshot.error());
  co_return co_await parts_.snapshots.complete(std::move(*snapshot));
}

ports::Task<ports::Snapshot> Sealer::write_rows(ports::StandingsSpec spec, std::string id) {
  auto ranked = co_await parts_.standings.ranked(spec.id, CompositeScore(spec).rank_order());
  if (!ranked) co_return std::unexpected(ranked.error());
  CanonicalHash hash(spec.id, true);
  std::uint64_t rank = 0;
  while (true) {
    auto standings = co_await (*ranked)->next(kChunkRows);
    if (!standings) co_return std::unexpected(standings.error());
    if (standings->empty()) break;
    if (auto done = co_await parts_.duty.keep(); !done) co_return std::unexpected(done.error());
    std::vector<ports::SnapshotRow> rows;
    rows.reserve(standings->size());
    for (auto& standing : *standings) {
      rows.push_back({++rank, std::move(standing.player), standing.score, standing.achieved_at});
    }
    hash.add(rows);
    if (auto done = co_await parts_.snapshots.append(id, std::move(rows)); !done)
      co_return std::unexpected(done.error());
  }
  ports::Snapshot snapshot{.id = std::move(id),
                           .table = spec.id,
                           .opens_at = spec.opens_at,
                           .closes_at = spec.closes_at,
                           .taken_at = parts_.clock.now(),
                           .sealed = true,
                           .revision = kFirstRevision,
                           .rows = rank,
                           .total = rank,
                           .sha256 = hash.finish(),
                           .signature = {}};
  snapshot.signature = parts_.signer.sign(snapshot);
  co_return snapshot;
}

}  // namespace liveops::leaderboard
