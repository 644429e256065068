#include "adapters/store_postgres/leaderboard/snapshot_store.hpp"

#include "adapters/store_postgres/leaderboard/snapshot_reader.hpp"
#include "adapters/store_postgres/leaderboard/snapshot_writer.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

using core::Errc;
using core::fail;
using ports::Snapshot;
using postgres::Session;

namespace {

constexpr int kStepsAtOnce = 4;
constexpr const char* kNotBegun = "the snapshot was not begun here, or is complete";

}  // namespace

ports::Task<void> SnapshotStore::begin(std::string id) {
  const auto draft =
      co_await pool_.transaction<std::int64_t>([&](Session& session) { return begin_snapshot(session, id); });
  if (!draft) co_return std::unexpected(draft.error());
  drafts_.put(id, *draft);
  co_return co_await clear_up();
}

ports::Task<void> SnapshotStore::append(std::string id, std::vector<ports::SnapshotRow> rows) {
  const auto draft = drafts_.find(id);
  if (!draft) co_return fail(Errc::conflict, kNotBegun);
  co_return co_await pool_.transaction<void>([&](Session& session) { return append_rows(session, *draft, rows); });
}

ports::Task<void> SnapshotStore::complete(Snapshot snapshot) {
  const auto draft = drafts_.find(snapshot.id);
  if (!draft) co_return fail(Errc::conflict, kNotBegun);
  auto done =
      co_await pool_.transaction<void>([&](Session& session) { return complete_snapshot(session, *draft, snapshot); });
  if (done || done.error().code == Errc::conflict) drafts_.remove(snapshot.id);
  co_return done;
}

ports::Task<std::vector<Snapshot>> SnapshotStore::list(ports::SnapshotFilter filter, std::uint64_t offset,
                                                       std::size_t limit) {
  co_return co_await pool_.read<std::vector<Snapshot>>(
      [&](Session& session) { return list_snapshots(session, filter, offset, limit); });
}

ports::Task<Snapshot> SnapshotStore::find(std::string id) {
  co_return co_await pool_.read<Snapshot>([&](Session& session) { return find_snapshot(session, id); });
}

ports::Task<std::vector<ports::SnapshotRow>> SnapshotStore::rows(std::string id, std::uint64_t offset,
                                                                 std::size_t limit) {
  co_return co_await pool_.read<std::vector<ports::SnapshotRow>>(
      [&](Session& session) { return read_snapshot_rows(session, id, offset, limit); });
}

ports::Task<std::vector<ports::SnapshotRow>> SnapshotStore::promoted(std::string id, std::uint64_t after,
                                                                     std::size_t limit) {
  co_return co_await pool_.read<std::vector<ports::SnapshotRow>>(
      [&](Session& session) { return read_promoted_rows(session, id, after, limit); });
}

ports::Task<std::uint64_t> SnapshotStore::keep_newest(core::StandingsId table, std::size_t keep) {
  const auto given_up = co_await pool_.transaction<std::uint64_t>(
      [&](Session& session) { return keep_newest_snapshots(session, table, keep); });
  if (!given_up) co_return given_up;
  if (auto done = co_await clear_up(); !done) co_return std::unexpected(done.error());
  co_return given_up;
}

ports::Task<void> SnapshotStore::clear_up() {
  for (int step = 0; step < kStepsAtOnce; ++step) {
    const auto more = co_await pool_.transaction<bool>([](Session& session) { return remove_given_up(session); });
    if (!more) co_return std::unexpected(more.error());
    if (!*more) break;
  }
  co_return core::Status();
}

}  // namespace liveops::adapters::store_postgres::leaderboard
