#include "leaderboard/index_rebuild.hpp"

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>

namespace liveops::leaderboard {

using core::Errc;
using core::fail;

namespace {

constexpr std::size_t kPageRows = 4096;

}  // namespace

ports::Task<IndexRebuild::Report> IndexRebuild::run() {
  wanted_ = true;
  if (running_.exchange(true)) co_return fail(Errc::conflict, "a rebuild is running; another one follows it");
  wanted_ = false;
  auto report = co_await rebuild_all();
  if (!report) wanted_ = true;
  running_ = false;
  co_return report;
}

ports::Task<std::optional<IndexRebuild::Report>> IndexRebuild::watch() {
  const auto state = co_await index_.state();
  if (!state) co_return std::unexpected(state.error());
  if (running_) co_return std::nullopt;
  if (*state == ports::IndexState::loading && !wanted_) co_return std::nullopt;  // another replica is at it
  if (*state == ports::IndexState::complete && !wanted_) {
    if (auto done = co_await drop_sealed(); !done) co_return std::unexpected(done.error());
    co_return std::nullopt;
  }
  auto report = co_await run();
  if (report) co_return *report;
  if (report.error().code == Errc::conflict) co_return std::nullopt;
  co_return std::unexpected(report.error());
}

ports::Task<IndexRebuild::Report> IndexRebuild::rebuild_all() {
  const auto specs = co_await begin();
  if (!specs) co_return std::unexpected(specs.error());
  Report report{.tables = specs->size()};
  if (auto done = co_await fill(*specs, report); !done) co_return std::unexpected(done.error());
  for (const auto& [id, spec] : *specs) {
    auto done = co_await index_.finish_rebuild(id);
    if (!done && done.error().code != Errc::conflict) co_return std::unexpected(done.error());
  }
  if (auto done = co_await drop_sealed(); !done) co_return std::unexpected(done.error());
  if (auto done = co_await index_.finish_load(); !done) co_return std::unexpected(done.error());
  co_return report;
}

ports::Task<IndexRebuild::Specs> IndexRebuild::begin() {
  // Before the tables are listed: what is put from here on reaches the index, what was put before is in the store.
  if (auto done = co_await index_.begin_load(); !done) co_return std::unexpected(done.error());
  const auto tables = co_await store_.tables(true);
  if (!tables) co_return std::unexpected(tables.error());
  const auto book = boards_.get();
  Specs specs;
  for (const auto& table : *tables) {
    specs.emplace(table.spec.id, book->in_force(table.spec));
    if (auto done = co_await index_.begin_rebuild(table.spec.id); !done) co_return std::unexpected(done.error());
  }
  co_return specs;
}

ports::Task<void> IndexRebuild::fill(const Specs& specs, Report& report) {
  using boost::asio::experimental::awaitable_operators::operator&&;
  auto page = co_await store_.scan({}, kPageRows);
  while (page && !page->empty()) {
    const std::string last = page->back().standing.player.str();
    // While the index takes a page, the store reads the next.
    auto [next, done] = co_await (store_.scan(last, kPageRows) && put_page(*page, specs, report));
    if (!done) co_return done;
    page = std::move(next);
  }
  if (!page) co_return std::unexpected(page.error());
  co_return core::Status();
}

ports::Task<void> IndexRebuild::put_page(const std::vector<ports::StandingStore::TableRow>& page, const Specs& specs,
                                         Report& report) {
  std::map<core::StandingsId, std::vector<ports::RankEntry>> entries;
  for (const auto& row : page) {
    const auto spec = specs.find(row.table);
    if (spec == specs.end()) continue;  // opened since: ingest fills it
    entries[row.table].push_back(rank_entry(spec->second, row.standing));
    ++report.standings;
    report.hidden += hidden_.contains(row.standing.player) ? 1 : 0;
  }
  for (auto& [id, list] : entries) {
    auto done = co_await feed_.put_rebuild({id, std::move(list)});
    // A conflict: the table was sealed and dropped meanwhile.
    if (!done && done.error().code != Errc::conflict) co_return done;
  }
  co_return core::Status();
}

ports::Task<void> IndexRebuild::drop_sealed() {
  // The index first: a table is in the store before it is in the index.
  const auto held = co_await index_.tables();
  if (!held) co_return std::unexpected(held.error());
  const auto tables = co_await store_.tables(true);
  if (!tables) co_return std::unexpected(tables.error());
  for (const auto& id : *held) {
    const bool open = std::ranges::any_of(*tables, [&](const auto& table) { return table.spec.id == id; });
    if (open) continue;
    if (auto done = co_await index_.drop(id); !done) co_return done;
  }
  co_return core::Status();
}

ports::Task<void> IndexRebuild::check() {
  const auto state = co_await index_.state();
  if (!state) co_return std::unexpected(state.error());
  if (*state == ports::IndexState::complete) co_return core::Status();
  co_return fail(Errc::unavailable, "ranks are being loaded from the store: wait");
}

}  // namespace liveops::leaderboard
