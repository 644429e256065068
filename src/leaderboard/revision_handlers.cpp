#include <utility>

#include "leaderboard/handlers.hpp"
#include "leaderboard/json.hpp"
#include "leaderboard/refusal.hpp"
#include "leaderboard/request_params.hpp"

namespace liveops::leaderboard {

namespace http = core::http;
using core::Errc;

namespace {

constexpr std::uint64_t kMaxRevisions = 100;
constexpr std::uint64_t kDefaultRevisions = 20;
constexpr std::uint64_t kMaxRows = 1000;
constexpr std::uint64_t kDefaultRows = 100;
constexpr std::uint64_t kMaxRank = 1'000'000'000;

core::Error not_sealed(const core::StandingsId& table) {
  return {
      Errc::not_found, "the period '" + table.period + "' has no revision: it is not sealed, or nobody was ranked", {}};
}

/// What each revision changed; the first one changed nothing.
ports::Task<std::vector<RevisionView>> with_notes(Leaderboard& service, std::vector<ports::Snapshot> snapshots) {
  std::vector<RevisionView> views;
  for (ports::Snapshot& snapshot : snapshots) {
    RevisionView view{.snapshot = std::move(snapshot), .note = {}};
    if (view.snapshot.revision > 1) {
      auto note = co_await service.with().revisions.note_of(view.snapshot.table, view.snapshot.revision);
      if (!note) co_return std::unexpected(note.error());
      view.note = std::move(*note);
    }
    views.push_back(std::move(view));
  }
  co_return views;
}

}  // namespace

Answer get_revisions(Leaderboard& service, const http::Request& request) {
  Params params(request);
  const auto limit = params.integer("limit", 1, kMaxRevisions, kDefaultRevisions);
  const auto offset = params.integer("offset", 0, kMaxRank, 0);
  if (!params.ok()) co_return params.refusal();
  const auto table = service.query().choose(params.table());
  if (!table) co_return refusal(service, table.error());
  const core::StandingsId id = table->spec.id;
  const ports::SnapshotFilter filter{.board = id.board, .window = id.window, .period = id.period, .sealed = true};
  auto snapshots = co_await service.with().snapshots.list(filter, offset, limit);
  if (!snapshots) co_return refusal(service, snapshots.error());
  if (snapshots->empty() && offset == 0) co_return refusal(service, not_sealed(id));
  const auto views = co_await with_notes(service, std::move(*snapshots));
  if (!views) co_return refusal(service, views.error());
  co_return http::Response{.body = revisions_json(id, *views, offset, limit)};
}

Answer get_changes(Leaderboard& service, const http::Request& request) {
  Params params(request);
  const auto limit = params.integer("limit", 1, kMaxRows, kDefaultRows);
  const auto after = params.integer("after", 0, kMaxRank, 0);
  if (!params.ok()) co_return params.refusal();
  const auto snapshot = co_await service.with().snapshots.find(request.path_params.at(0));
  if (!snapshot) co_return refusal(service, snapshot.error());
  if (snapshot->revision < 2) {
    co_return refusal(service, {Errc::not_found, "only a second and later revision changes anything", {}});
  }
  const auto note = co_await service.with().revisions.note_of(snapshot->table, snapshot->revision);
  if (!note) co_return refusal(service, note.error());
  const auto promoted = co_await service.with().snapshots.promoted(snapshot->id, after, limit);
  if (!promoted) co_return refusal(service, promoted.error());
  co_return http::Response{.body = changes_json(*snapshot, *note, *promoted, limit)};
}

}  // namespace liveops::leaderboard
