#include "audit/audit.hpp"

#include <utility>

#include "audit/ranks_audit.hpp"

namespace liveops::audit {

ports::Task<Report> Audit::run() {
  Report report(keep_differences_);
  const auto done = co_await parts_.standings.read(
      [this, &report](ports::StandingBooks::Reader& standings) { return compare(standings, report); });
  if (!done) co_return std::unexpected(done.error());
  co_return report;
}

ports::Task<void> Audit::compare(ports::StandingBooks::Reader& standings, Report& report) {
  auto infos = co_await standings.tables();
  if (!infos) co_return std::unexpected(infos.error());
  const TableList tables(parts_.rules.boards, std::move(*infos));
  const auto hidden = co_await hidden_players(standings);
  if (!hidden) co_return std::unexpected(hidden.error());
  const Scope scope{standings, tables, *hidden};
  Report fresh(keep_differences_);
  const auto done = co_await parts_.progress.read(
      [&](ports::ProgressBooks::Reader& progress) { return compare_players(progress, scope, fresh); });
  if (!done) co_return done;
  fresh.tables = tables.compared().size();
  fresh.sealed_tables = tables.sealed();
  fresh.tables_being_sealed = tables.being_sealed();
  fresh.unruled_tables = tables.unruled();
  if (parts_.ranks != nullptr) {
    RanksAudit ranks(standings, *parts_.ranks, tables, *hidden, fresh);
    if (auto compared = co_await ranks.run(); !compared) co_return compared;
  }
  report = std::move(fresh);
  co_return core::Status();
}

ports::Task<void> Audit::compare_players(ports::ProgressBooks::Reader& progress, const Scope& scope, Report& report) {
  report = Report(keep_differences_);  // of an attempt that the store had run again, nothing is left
  PlayersAudit players(progress, scope.standings, parts_.rules, scope.tables, scope.hidden, report);
  co_return co_await players.run();
}

ports::Task<PlayerSet> Audit::hidden_players(ports::StandingBooks::Reader& standings) {
  const auto blocked = co_await standings.blocked();
  if (!blocked) co_return std::unexpected(blocked.error());
  const auto now = parts_.clock.now();
  PlayerSet hidden;
  for (const auto& change : *blocked) {
    const bool is_blocked = change.blocked && (!change.until || *change.until > now);
    if (is_blocked || change.disqualified) hidden.insert(change.player_id);
  }
  co_return hidden;
}

}  // namespace liveops::audit
