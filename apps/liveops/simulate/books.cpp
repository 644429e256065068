#include "apps/liveops/simulate/books.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>
#include <utility>

namespace liveops::apps {

namespace {

constexpr std::size_t kRanksPerRequest = 100;
constexpr std::chrono::milliseconds kAskAgain{200};

core::Result<boost::json::value> read_json(const core::Result<adapters::http_client::ClientResponse>& answer) {
  if (!answer) return std::unexpected(answer.error());
  boost::system::error_code failed;
  auto body = boost::json::parse(answer->body, failed);
  if (answer->status != 200 || failed) {
    return core::fail(core::Errc::corrupt, "unexpected answer " + std::to_string(answer->status) + ": " + answer->body);
  }
  return body;
}

}  // namespace

BookKeeper::BookKeeper(boost::asio::io_context& io, Options options, const Traffic& traffic, const Tally& tally)
    : io_(io),
      options_(std::move(options)),
      traffic_(traffic),
      tally_(tally),
      progression_(io.get_executor(), options_.progression),
      leaderboard_(io.get_executor(), options_.leaderboard),
      fairness_(io.get_executor(), options_.fairness) {}

ports::Task<Books> BookKeeper::compare() {
  const auto until = std::chrono::steady_clock::now() + options_.patience;
  while (true) {
    auto books = co_await read();
    if (!books || books->balance() || std::chrono::steady_clock::now() > until) co_return books;
    boost::asio::steady_timer timer(io_, kAskAgain);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

ports::Task<std::int64_t> BookKeeper::progress_of(std::uint32_t player) {
  const auto answer = co_await progression_.request("GET", "/players/" + traffic_.player_id(player) + "/progress",
                                                    {{"Authorization", "Bearer " + options_.api_token}});
  if (answer && answer->status == 404) co_return 0;
  const auto body = read_json(answer);
  if (!body) co_return std::unexpected(body.error());
  co_return body->at("xp").to_number<std::int64_t>();
}

ports::Task<bool> BookKeeper::is_blocked(std::uint32_t player) {
  const auto answer = co_await fairness_.request("GET", "/players/" + traffic_.player_id(player),
                                                 {{"Authorization", "Bearer " + options_.admin_token}});
  const auto body = read_json(answer);
  if (!body) co_return std::unexpected(body.error());
  co_return body->at("standing").at("state").as_string() == "blocked";
}

ports::Task<std::map<std::string, std::int64_t>> BookKeeper::standings_of(std::vector<std::string> players) {
  boost::json::array ids(players.begin(), players.end());
  const auto answer =
      co_await leaderboard_.request("POST", "/leaderboard/ranks", {{"Authorization", "Bearer " + options_.api_token}},
                                    boost::json::serialize(boost::json::object{
                                        {"board", options_.xp_board}, {"window", "seasonal"}, {"player_ids", ids}}));
  const auto body = read_json(answer);
  if (!body) co_return std::unexpected(body.error());
  std::map<std::string, std::int64_t> scores;
  for (const auto& entry : body->at("entries").as_array()) {
    scores[std::string(entry.at("player_id").as_string())] = entry.at("score").to_number<std::int64_t>();
  }
  co_return scores;
}

ports::Task<Books> BookKeeper::read() {
  Books books;
  books.board = options_.xp_board;
  std::vector<std::pair<std::uint32_t, std::int64_t>> promised(tally_.promised_xp().begin(),
                                                               tally_.promised_xp().end());
  for (std::size_t at = 0; at < promised.size(); at += kRanksPerRequest) {
    const std::span page(promised.begin() + static_cast<std::ptrdiff_t>(at),
                         std::min(kRanksPerRequest, promised.size() - at));
    if (auto done = co_await read_page(page, books); !done) co_return std::unexpected(done.error());
  }
  co_return books;
}

ports::Task<void> BookKeeper::read_page(std::span<const std::pair<std::uint32_t, std::int64_t>> promised,
                                        Books& books) {
  std::map<std::string, std::int64_t> standings;
  if (!books.board.empty()) {
    std::vector<std::string> ids;
    for (const auto& [player, xp] : promised) ids.push_back(traffic_.player_id(player));
    auto read = co_await standings_of(std::move(ids));
    if (!read) co_return std::unexpected(read.error());
    standings = std::move(*read);
  }
  for (const auto& [player, xp] : promised) {
    const auto progress = co_await progress_of(player);
    if (!progress) co_return std::unexpected(progress.error());
    ++books.players;
    books.promised_xp += xp;
    books.progression_xp += *progress;
    bool right = *progress == xp;
    if (!books.board.empty()) {
      const auto standing = standings.find(traffic_.player_id(player));
      const std::int64_t ranked = standing == standings.end() ? 0 : standing->second;
      books.leaderboard_xp += ranked;
      if (ranked != xp) {
        const auto blocked = co_await is_blocked(player);
        if (!blocked) co_return std::unexpected(blocked.error());
        books.hidden_players += *blocked ? 1U : 0U;
        right = right && *blocked;
      }
    }
    if (!right) ++books.wrong_players;
  }
  co_return core::Status{};
}

}  // namespace liveops::apps
