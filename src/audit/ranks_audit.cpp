#include "audit/ranks_audit.hpp"

#include <utility>

namespace liveops::audit {

using core::Errc;

namespace {

constexpr std::size_t kPagePlaces = 1000;  // the most that the leaderboard gives at once
constexpr std::size_t kPageRows = 4096;

}  // namespace

ports::Task<void> RanksAudit::run() {
  const auto now = co_await ranks_.time();
  if (!now) co_return std::unexpected(now.error());
  for (const auto& table : tables_.compared()) {
    if (table.opens_at > *now) {
      ++report_.unopened_tables;
      continue;
    }
    if (auto done = co_await check(table); !done) co_return done;
  }
  report_.ranks_compared = true;
  co_return core::Status();
}

ports::Task<void> RanksAudit::check(const ports::StandingsSpec& table) {
  TableCheck check(table, hidden_, report_.differences);
  if (auto done = co_await read(table, check); !done) co_return done;
  check.finish();
  const auto shown = report_.shown.find(table.id);
  const std::uint64_t expected = shown == report_.shown.end() ? 0 : shown->second;
  if (check.members() >= expected) co_return core::Status();
  co_return co_await name_missing(table.id, check);
}

ports::Task<void> RanksAudit::read(const ports::StandingsSpec& table, TableCheck& check) {
  std::uint64_t read = 0;
  std::uint64_t total = 0;
  while (true) {
    const auto page = co_await ranks_.page(table.id, read, kPagePlaces);
    if (!page && page.error().code == Errc::not_found) break;  // nobody: whoever is missing will be named
    if (!page) co_return std::unexpected(page.error());
    total = page->total;
    if (page->entries.empty()) break;
    std::vector<core::PlayerId> players;
    for (const auto& entry : page->entries) players.push_back(entry.player);
    auto held = co_await standings_.rows_of(table.id, std::move(players));
    if (!held) co_return std::unexpected(held.error());
    check.add(*page, std::move(*held));
    read += page->entries.size();
  }
  report_.members += read;
  if (read != total) {
    report_.differences.add({"rank table",
                             {},
                             name_of(table.id),
                             std::to_string(read) + " as listed in its pages",
                             "a total of " + std::to_string(total)});
  }
  co_return core::Status();
}

ports::Task<void> RanksAudit::name_missing(const core::StandingsId& table, TableCheck& check) {
  std::string after;
  while (true) {
    const auto rows = co_await standings_.rows(after, kPageRows);
    if (!rows) co_return std::unexpected(rows.error());
    if (rows->empty()) co_return core::Status();
    after = rows->back().player.str();
    for (const auto& row : *rows) {
      if (row.table != table || hidden_.contains(row.player) || check.lists(row.player)) continue;
      check.add_missing(row.player, row.mark);
    }
  }
}

}  // namespace liveops::audit
