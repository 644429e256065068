#include "leaderboard/index_rebuild.hpp"

#include <algorithm>

namespace liveops::leaderboard {

using core::Errc;
using core::fail;

namespace {

constexpr std::size_t kPageRows = 4096;

}  // namespace

ports::Task<IndexRebuild::Report> IndexRebuild::run() {
  if (running_.exchange(true)) co_return fail(Errc::conflict, "a rebuild is running: wait until it is done");
  auto report = co_await rebuild_all();
  running_ = false;
  if (report) ready_ = true;
  co_return report;
}

ports::Task<IndexRebuild::Report> IndexRebuild::rebuild_all() {
  const auto tables = co_await store_.tables(true);
  if (!tables) co_return std::unexpected(tables.error());
  const auto book = boards_.get();
  Report report;
  for (const auto& table : *tables) {
    auto done = co_await rebuild_table(book->in_force(table.spec), report);
    // The table was sealed and dropped meanwhile.
    if (!done && done.error().code == Errc::conflict) continue;
    if (!done) co_return std::unexpected(done.error());
    ++report.tables;
  }
  const auto after = co_await store_.tables(true);
  if (!after) co_return std::unexpected(after.error());
  for (const auto& table : *tables) {
    const bool open = std::ranges::any_of(*after, [&](const auto& other) { return other.spec.id == table.spec.id; });
    if (open) continue;
    if (auto done = co_await index_.drop(table.spec.id); !done) co_return std::unexpected(done.error());
  }
  co_return report;
}

ports::Task<void> IndexRebuild::rebuild_table(ports::StandingsSpec spec, Report& report) {
  if (auto done = co_await index_.begin_rebuild(spec.id); !done) co_return done;
  std::string after;
  while (true) {
    const auto page = co_await store_.read(spec.id, after, kPageRows);
    if (!page) co_return std::unexpected(page.error());
    if (page->empty()) break;
    after = page->back().player.str();
    ports::RankEntries entries{spec.id, {}};
    entries.entries.reserve(page->size());
    for (const auto& standing : *page) {
      report.hidden += hidden_.contains(standing.player) ? 1 : 0;
      entries.entries.push_back(rank_entry(spec, standing));
    }
    report.standings += page->size();
    if (auto done = co_await feed_.put_rebuild(std::move(entries)); !done) co_return done;
  }
  co_return co_await index_.finish_rebuild(spec.id);
}

ports::Task<void> IndexRebuild::check() {
  if (ready_) co_return core::Status();
  co_return fail(Errc::unavailable, "ranks are being loaded from the store: wait");
}

}  // namespace liveops::leaderboard
