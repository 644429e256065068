#include "leaderboard/reviser.hpp"

#include <algorithm>
#include <utility>

#include "leaderboard/revision_rows.hpp"

namespace liveops::leaderboard {

using core::Errc;

namespace {

constexpr std::size_t kChunkRows = 4000;
constexpr int kFirstRevision = 1;

}  // namespace

ports::Task<std::uint64_t> Reviser::run() {
  if (auto done = co_await look_through(); !done) co_return std::unexpected(done.error());
  std::uint64_t revised = 0;
  while (revised < kAtOnce) {
    auto plan = co_await parts_.revisions.begin();
    if (!plan) co_return std::unexpected(plan.error());
    if (!*plan) break;
    if (auto done = co_await parts_.duty.keep(); !done) co_return std::unexpected(done.error());
    if (auto done = co_await revise(std::move(**plan)); !done) co_return std::unexpected(done.error());
    ++revised;
  }
  co_return revised;
}

ports::Task<void> Reviser::look_through() {
  for (std::uint64_t tables = 0; tables < kAtOnce; ++tables) {
    const auto more = co_await parts_.revisions.look_on();
    if (!more) co_return std::unexpected(more.error());
    if (!*more) break;
    if (auto done = co_await parts_.duty.keep(); !done) co_return done;
  }
  co_return core::Status();
}

ports::Task<void> Reviser::revise(ports::RevisionPlan plan) {
  const core::StandingsId table = plan.spec.id;
  const int revision = plan.revision;
  const std::string id = sealed_snapshot_id(table, revision);
  const auto existing = co_await parts_.snapshots.find(id);
  if (!existing) {
    if (existing.error().code != Errc::not_found) co_return std::unexpected(existing.error());
    auto previous = co_await parts_.snapshots.find(sealed_snapshot_id(table, revision - 1));
    if (!previous) co_return std::unexpected(previous.error());
    plan.spec = parts_.boards.get()->in_force(std::move(plan.spec));
    if (auto done = co_await write(std::move(plan), id, std::move(*previous)); !done) co_return done;
  }
  if (auto done = co_await parts_.revisions.finish(table, revision); !done) co_return done;
  parts_.counters.revisions.add();
  parts_.log.info("sealed period revised", {{"board", table.board.str()},
                                            {"window", core::to_string(table.window)},
                                            {"period", table.period},
                                            {"revision", std::int64_t{revision}}});
  co_return core::Status();
}

ports::Task<void> Reviser::write(ports::RevisionPlan plan, std::string id, ports::Snapshot previous) {
  if (auto done = co_await parts_.snapshots.begin(id); !done) co_return done;
  const std::string first = sealed_snapshot_id(plan.spec.id, kFirstRevision);
  RevisionRows revision(plan);
  CanonicalHash hash(plan.spec.id, true);
  for (std::uint64_t offset = 0;;) {
    auto page = co_await parts_.snapshots.rows(first, offset, kChunkRows);
    if (!page) co_return std::unexpected(page.error());
    if (auto done = co_await parts_.duty.keep(); !done) co_return done;
    const bool ended = page->empty();
    offset += page->size();
    auto rows = ended ? revision.rest() : revision.take(std::move(*page));
    hash.add(rows);
    if (!rows.empty()) {
      if (auto done = co_await parts_.snapshots.append(id, std::move(rows)); !done) co_return done;
    }
    if (ended) break;
  }
  ports::Snapshot snapshot = previous;
  snapshot.id = std::move(id);
  // Later than the one before it whatever the clocks of replicas say: the newest is the one that counts.
  snapshot.taken_at = std::max(parts_.clock.now(), previous.taken_at + std::chrono::microseconds(1));
  snapshot.revision = plan.revision;
  snapshot.rows = snapshot.total = revision.count();
  snapshot.sha256 = hash.finish();
  snapshot.signature = parts_.signer.sign(snapshot);
  auto note = revision.take_note();
  note.previous_sha256 = std::move(previous.sha256);
  note.signature = parts_.signer.sign(snapshot, note);
  if (auto done = co_await parts_.revisions.note(plan.spec.id, plan.revision, std::move(note)); !done) co_return done;
  co_return co_await parts_.snapshots.complete(std::move(snapshot));
}

}  // namespace liveops::leaderboard
