#include "adapters/store_sqlite/leaderboard/revision_store.hpp"

#include <utility>

#include "adapters/store_sqlite/leaderboard/revision_looker.hpp"
#include "adapters/store_sqlite/leaderboard/revision_writer.hpp"

namespace liveops::adapters::store_sqlite::leaderboard {

ports::Task<bool> RevisionStore::look_on() {
  auto choose = [this] { return next_look(connections_.writer); };
  const auto look = co_await connections_.write_thread.run(std::move(choose));
  if (!look) co_return std::unexpected(look.error());
  if (!*look) co_return false;
  auto search = [this, look = **look] { return look_up(connections_.reader, look); };
  auto found = co_await connections_.read_thread.run(std::move(search));
  if (!found) co_return std::unexpected(found.error());
  auto keep = [this, look = **look, found = std::move(*found)] { return keep_found(connections_.writer, look, found); };
  if (auto done = co_await connections_.write_thread.run(std::move(keep)); !done) {
    co_return std::unexpected(done.error());
  }
  co_return true;
}

ports::Task<std::optional<ports::RevisionPlan>> RevisionStore::begin() {
  auto job = [this] { return begin_revision(connections_.writer); };
  co_return co_await connections_.write_thread.run(std::move(job));
}

ports::Task<void> RevisionStore::note(core::StandingsId table, int revision, ports::RevisionNote note) {
  auto job = [this, table = std::move(table), revision, note = std::move(note)] {
    return note_revision(connections_.writer, table, revision, note);
  };
  co_return co_await connections_.write_thread.run(std::move(job));
}

ports::Task<void> RevisionStore::finish(core::StandingsId table, int revision) {
  auto job = [this, table = std::move(table), revision] {
    return finish_revision(connections_.writer, table, revision);
  };
  co_return co_await connections_.write_thread.run(std::move(job));
}

ports::Task<ports::RevisionNote> RevisionStore::note_of(core::StandingsId table, int revision) {
  auto job = [this, table = std::move(table), revision] { return read_note(connections_.reader, table, revision); };
  co_return co_await connections_.read_thread.run(std::move(job));
}

}  // namespace liveops::adapters::store_sqlite::leaderboard
