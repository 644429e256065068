#include "leaderboard/handlers.hpp"

#include "core/http/problem.hpp"
#include "leaderboard/json.hpp"
#include "leaderboard/refusal.hpp"
#include "leaderboard/request_params.hpp"

namespace liveops::leaderboard {

namespace http = core::http;
using core::Errc;

namespace {

constexpr std::uint64_t kDefaultLimit = 10;
constexpr std::uint64_t kMaxLimit = 1000;
constexpr std::uint64_t kMaxOffset = 100'000'000;
constexpr std::uint64_t kDefaultRadius = 5;
constexpr std::uint64_t kMaxRadius = 100;
constexpr std::uint64_t kDefaultSnapshots = 20;
constexpr std::uint64_t kMaxSnapshots = 100;
constexpr std::uint64_t kDefaultRows = 100;

std::string page_key(const core::StandingsId& table, std::uint64_t offset, std::uint64_t limit) {
  std::string key = table.board.str();
  key += '/';
  key += core::to_string(table.window);
  key += '/';
  key += table.period;
  key += '/';
  key += std::to_string(offset);
  key += '/';
  return key += std::to_string(limit);
}

/// board, window and period of a listing; a name that nothing can have is a fault of the request, not an empty list.
core::Result<ports::SnapshotFilter> snapshot_filter(const TableChoice& choice, const BoardBook& book) {
  ports::SnapshotFilter filter;
  if (choice.board) {
    auto board = core::BoardId::parse(*choice.board);
    if (!board) return core::fail(Errc::not_found, "there is no board '" + *choice.board + "'");
    // A board that left the rules still has its snapshots.
    filter.board = std::move(*board);
  }
  if (choice.window) {
    filter.window = core::parse_window(*choice.window);
    if (!filter.window) {
      return core::fail(Errc::not_found,
                        "there is no window '" + *choice.window + "'; windows: daily, weekly, seasonal");
    }
  }
  if (choice.period && choice.window) {
    if (auto period = book.calendar().period_by_id(*filter.window, *choice.period); !period) {
      return std::unexpected(period.error());
    }
  }
  filter.period = choice.period;
  return filter;
}

}  // namespace

Answer get_top(Leaderboard& service, const http::Request& request) {
  Params params(request);
  const auto limit = params.integer("limit", 1, kMaxLimit, kDefaultLimit);
  const auto offset = params.integer("offset", 0, kMaxOffset, 0);
  if (!params.ok()) co_return params.refusal();
  auto table = service.query().choose(params.table());
  if (!table) co_return refusal(service, table.error());
  // The count from before the read: a page that is newer than its count is only read again, never kept too long.
  const auto change = table->open ? service.with().index.change_count(table->spec.id) : std::nullopt;
  std::string key;
  if (change) {
    key = page_key(table->spec.id, offset, limit);
    if (auto page = service.pages().find(key, *change)) {
      service.counters().page_hits.add();
      co_return http::Response{.body = std::move(*page)};
    }
    service.counters().page_misses.add();
  }
  const auto view = co_await service.query().top(std::move(*table), offset, limit);
  if (!view) co_return refusal(service, view.error());
  auto body = view_json(*view);
  if (change) service.pages().put(std::move(key), *change, body);
  co_return http::Response{.body = std::move(body)};
}

Answer get_around(Leaderboard& service, const http::Request& request) {
  Params params(request);
  auto player = params.player("player_id");
  const auto radius = params.integer("radius", 0, kMaxRadius, kDefaultRadius);
  if (!params.ok()) co_return params.refusal();
  auto table = service.query().choose({params.text("board"), params.text("window"), std::nullopt});
  if (!table) co_return refusal(service, table.error());
  const auto view = co_await service.query().around(std::move(table->spec), player, radius);
  if (!view) co_return refusal(service, view.error());
  co_return http::Response{.body = around_json(*view, player)};
}

Answer get_player(Leaderboard& service, const http::Request& request) {
  auto player = core::PlayerId::parse(request.path_params.at(0));
  if (!player) {
    const core::Error error{Errc::invalid_argument, "the player id in the path " + player.error().message, {}};
    co_return refusal(service, error);
  }
  const auto ranks = co_await service.query().ranks_of_player(*player, request.query_param("board"));
  if (!ranks) co_return refusal(service, ranks.error());
  co_return http::Response{.body = player_json(*player, *ranks)};
}

Answer post_ranks(Leaderboard& service, const http::Request& request) {
  auto body = read_ranks_body(request.body);
  if (!body) co_return http::validation_problem(std::move(body.error())).response();
  auto table = service.query().choose(body->table);
  if (!table) co_return refusal(service, table.error());
  const auto list = co_await service.query().ranks_of(std::move(table->spec), std::move(body->players));
  if (!list) co_return refusal(service, list.error());
  co_return http::Response{.body = list_json(*list)};
}

Answer get_windows(Leaderboard& service, const http::Request&) {
  co_return http::Response{
      .body = windows_json(service.with().clock.now(), *service.book(), service.query().open_windows())};
}

Answer get_snapshots(Leaderboard& service, const http::Request& request) {
  Params params(request);
  const auto limit = params.integer("limit", 1, kMaxSnapshots, kDefaultSnapshots);
  const auto offset = params.integer("offset", 0, kMaxOffset, 0);
  if (!params.ok()) co_return params.refusal();
  auto filter = snapshot_filter(params.table(), *service.book());
  if (!filter) co_return refusal(service, filter.error());
  const auto snapshots = co_await service.with().snapshots.list(std::move(*filter), offset, limit);
  if (!snapshots) co_return refusal(service, snapshots.error());
  co_return http::Response{.body = snapshots_json(*snapshots, offset, limit)};
}

Answer get_snapshot(Leaderboard& service, const http::Request& request) {
  Params params(request);
  const auto limit = params.integer("limit", 1, kMaxLimit, kDefaultRows);
  const auto offset = params.integer("offset", 0, kMaxOffset, 0);
  if (!params.ok()) co_return params.refusal();
  const std::string& id = request.path_params.at(0);
  const auto snapshot = co_await service.with().snapshots.find(id);
  if (!snapshot) {
    auto error = snapshot.error();
    if (error.code == Errc::not_found) error.message += ": GET /leaderboard/snapshots lists what exists";
    co_return refusal(service, error);
  }
  const auto rows = co_await service.with().snapshots.rows(id, offset, limit);
  if (!rows) co_return refusal(service, rows.error());
  co_return http::Response{.body = snapshot_json(*snapshot, *rows, offset, limit)};
}

Answer post_rebuild(Leaderboard& service, const http::Request&) {
  const auto report = co_await service.rebuild().run();
  if (!report) co_return refusal(service, report.error());
  co_return http::Response{.body = rebuilt_json(*report)};
}

}  // namespace liveops::leaderboard
