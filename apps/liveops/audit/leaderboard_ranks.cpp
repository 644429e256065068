#include "apps/liveops/audit/leaderboard_ranks.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <utility>

namespace liveops::apps {

namespace json = boost::json;
using audit::RankedEntry;
using audit::RankedPage;
using core::Errc;

namespace {

constexpr std::chrono::seconds kRequestTimeout{30};

/// What a problem document says; empty when it is none.
std::string detail_of(const std::string& body) {
  boost::system::error_code failed;
  const auto problem = json::parse(body, failed);
  if (failed || !problem.is_object()) return {};
  const auto* detail = problem.get_object().if_contains("detail");
  return detail != nullptr && detail->is_string() ? std::string(detail->get_string()) : std::string();
}

Errc code_of(int status) {
  if (status == 401 || status == 403) return Errc::unauthenticated;
  if (status == 404) return Errc::not_found;
  return status >= 500 || status == 429 ? Errc::unavailable : Errc::corrupt;
}

const json::value* member(const json::value& value, const char* name) {
  return value.is_object() ? value.get_object().if_contains(name) : nullptr;
}

std::optional<std::int64_t> integer(const json::value& value, const char* name) {
  const auto* found = member(value, name);
  return found != nullptr && found->is_int64() ? std::optional(found->get_int64()) : std::nullopt;
}

std::optional<std::string> text(const json::value& value, const char* name) {
  const auto* found = member(value, name);
  return found != nullptr && found->is_string() ? std::optional(std::string(found->get_string())) : std::nullopt;
}

std::optional<core::Timestamp> time_in(const json::value& value, const char* name) {
  const auto found = text(value, name);
  const auto time = found ? core::parse_rfc3339(*found) : core::fail(Errc::not_found, "");
  return time ? std::optional(*time) : std::nullopt;
}

std::optional<RankedEntry> entry_of(const json::value& value) {
  const auto rank = integer(value, "rank");
  auto player = text(value, "player_id");
  const auto score = integer(value, "score");
  const auto achieved_at = time_in(value, "achieved_at");
  if (!rank || !player || !score || !achieved_at) return std::nullopt;
  return RankedEntry{static_cast<std::uint64_t>(*rank), core::PlayerId::trusted(std::move(*player)), *score,
                     *achieved_at};
}

/// nullopt when it is not the answer of GET /leaderboard.
std::optional<RankedPage> page_of(const json::value& value) {
  const auto total = integer(value, "total");
  const auto* entries = member(value, "entries");
  if (!total || entries == nullptr || !entries->is_array()) return std::nullopt;
  RankedPage page{.total = static_cast<std::uint64_t>(*total), .entries = {}};
  for (const auto& one : entries->get_array()) {
    auto entry = entry_of(one);
    if (!entry) return std::nullopt;
    page.entries.push_back(std::move(*entry));
  }
  return page;
}

}  // namespace

LeaderboardRanks::LeaderboardRanks(boost::asio::any_io_executor executor, adapters::http_client::Url url,
                                   const std::string& token)
    : where_(url.authority()),
      client_(std::move(executor), std::move(url), {.request_timeout = kRequestTimeout}),
      headers_(token.empty() ? adapters::http_client::Headers()
                             : adapters::http_client::Headers{{"Authorization", "Bearer " + token}}) {}

ports::Task<std::string> LeaderboardRanks::get(std::string target) {
  auto answer = co_await client_.request("GET", std::move(target), headers_);
  if (!answer) {
    co_return core::fail(answer.error().code, "the leaderboard at " + where_ + ": " + answer.error().message +
                                                  " (--leaderboard names another one, --offline leaves it out)");
  }
  if (answer->status == 200) co_return std::move(answer->body);
  co_return core::fail(code_of(answer->status), "the leaderboard at " + where_ + " answered " +
                                                    std::to_string(answer->status) + ": " + detail_of(answer->body));
}

ports::Task<core::Timestamp> LeaderboardRanks::time() {
  const auto body = co_await get("/leaderboard/windows");
  if (!body && body.error().code != Errc::not_found) co_return std::unexpected(body.error());
  boost::system::error_code failed;
  const auto windows = body ? json::parse(*body, failed) : json::value();
  const auto now = time_in(windows, "server_time");
  if (now) co_return *now;
  co_return core::fail(Errc::corrupt, where_ + " is not a leaderboard: name one with --leaderboard");
}

ports::Task<RankedPage> LeaderboardRanks::page(core::StandingsId table, std::uint64_t offset, std::size_t limit) {
  const auto body =
      co_await get("/leaderboard?board=" + table.board.str() + "&window=" + std::string(core::to_string(table.window)) +
                   "&period=" + table.period + "&offset=" + std::to_string(offset) + "&limit=" + std::to_string(limit));
  if (!body) co_return std::unexpected(body.error());
  boost::system::error_code failed;
  const auto value = json::parse(*body, failed);
  auto page = failed ? std::nullopt : page_of(value);
  if (page) co_return std::move(*page);
  co_return core::fail(Errc::corrupt, "the answer of " + where_ + " to GET /leaderboard cannot be read");
}

}  // namespace liveops::apps
