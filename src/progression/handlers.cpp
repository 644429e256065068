#include "progression/handlers.hpp"

#include <array>

#include "core/http/problem.hpp"
#include "progression/json.hpp"
#include "progression/text_body.hpp"

namespace liveops::progression {

namespace asio = boost::asio;
namespace http = core::http;
using core::Errc;
using core::PlayerId;

namespace {

http::Response refusal(Progression& service, const core::Error& error) {
  const auto problem = http::to_problem(error);
  if (problem.status >= 500) {
    service.log().error("request failed", {{"error", error.message}, {"detail", error.detail}});
  }
  return problem.response();
}

http::Response fault_at(std::string pointer, std::string detail) {
  return http::validation_problem({{.pointer = std::move(pointer), .detail = std::move(detail)}}).response();
}

http::Response json_answer(std::string body) {
  return {.body = std::move(body)};
}

/// The {id} of the path. Errors: `invalid_argument`.
core::Result<PlayerId> player_in(const http::Request& request) {
  auto player = PlayerId::parse(request.path_params.at(0));
  if (!player) return core::fail(Errc::invalid_argument, "the player id in the path " + player.error().message);
  return player;
}

constexpr std::array kTokenFields{TextField{"token"}};
constexpr std::array kClaimFields{TextField{"player_id"}, TextField{"reward_id"}, TextField{"season", false}};

struct ClaimBody {
  PlayerId player_id;
  core::RewardId reward_id;
  std::optional<std::string> season;
};

std::expected<ClaimBody, std::vector<http::Fault>> read_claim(std::string_view body) {
  auto values = read_text_body(body, kClaimFields);
  if (!values) return std::unexpected(std::move(values.error()));
  auto player = PlayerId::parse(*(*values)[0]);
  auto reward = core::RewardId::parse(*(*values)[1]);
  std::vector<http::Fault> faults;
  if (!player) faults.push_back({.pointer = "#/player_id", .detail = player.error().message});
  if (!reward) faults.push_back({.pointer = "#/reward_id", .detail = reward.error().message});
  auto& season = (*values)[2];
  if (season && !core::is_valid_name(*season)) {
    faults.push_back({.pointer = "#/season", .detail = "must be 1-64 characters of [A-Za-z0-9._:-]"});
  }
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return ClaimBody{std::move(*player), std::move(*reward), std::move(season)};
}

http::Response used_before(const ports::RedeemOutcome& outcome) {
  const std::string redeemed_at = core::format_rfc3339(outcome.redeemed_at);
  http::Problem problem{.status = 409, .slug = "receipt-redeemed", .title = "The receipt has been redeemed before"};
  problem.detail = "Receipt '" + outcome.receipt.id.str() + "' was redeemed at " + redeemed_at + "; it counts once.";
  problem.extensions.emplace_back("redeemed_at", '"' + redeemed_at + '"');
  return problem.response();
}

http::Response revoked(const ports::StoredReceipt& receipt) {
  const std::string revoked_at = core::format_rfc3339(*receipt.revoked_at);
  http::Problem problem{.status = 409, .slug = "receipt-revoked", .title = "The receipt is revoked"};
  problem.detail = "Receipt '" + receipt.id.str() + "' was revoked at " + revoked_at + ": its player is disqualified.";
  problem.extensions.emplace_back("revoked_at", '"' + revoked_at + '"');
  return problem.response();
}

}  // namespace

asio::awaitable<http::Response> get_progress(Progression& service, const http::Request& request) {
  auto player = player_in(request);
  if (!player) co_return refusal(service, player.error());
  const auto progress = co_await service.query().progress_of(std::move(*player));
  if (!progress) co_return refusal(service, progress.error());
  const auto book = service.book().get();
  co_return json_answer(progress_json(*progress, *book, book->season_at(service.clock().now())));
}

asio::awaitable<http::Response> get_inventory(Progression& service, const http::Request& request) {
  const auto player = player_in(request);
  if (!player) co_return refusal(service, player.error());
  const auto items = co_await service.query().inventory_of(*player);
  if (!items) co_return refusal(service, items.error());
  co_return json_answer(inventory_json(*player, *items));
}

asio::awaitable<http::Response> get_rewards(Progression& service, const http::Request& request) {
  auto player = player_in(request);
  if (!player) co_return refusal(service, player.error());
  const auto book = service.book().get();
  auto season = book->season_at(service.clock().now());
  if (const auto asked = request.query_param("season")) {
    const auto named = book->season_named(*asked);
    if (!named) co_return refusal(service, named.error());
    season = *named;
  }
  const auto rewards = co_await service.rewards().rewards_of(std::move(*player));
  if (!rewards) co_return refusal(service, rewards.error());
  co_return json_answer(rewards_json(*rewards, *book, season));
}

asio::awaitable<http::Response> post_claim(Progression& service, const http::Request& request) {
  auto body = read_claim(request.body);
  if (!body) co_return http::validation_problem(std::move(body.error())).response();
  const auto receipt =
      co_await service.rewards().claim(std::move(body->player_id), std::move(body->reward_id), std::move(body->season));
  if (receipt) co_return json_answer(claim_json(*receipt));
  if (receipt.error().code == Errc::invalid_argument) co_return fault_at("#/season", receipt.error().message);
  co_return refusal(service, receipt.error());
}

asio::awaitable<http::Response> post_verify(Progression& service, const http::Request& request) {
  auto body = read_text_body(request.body, kTokenFields);
  if (!body) co_return http::validation_problem(std::move(body.error())).response();
  const auto verification = co_await service.receipts().verify(std::move(*body->at(0)));
  if (!verification) co_return refusal(service, verification.error());
  co_return json_answer(verification_json(*verification));
}

asio::awaitable<http::Response> post_redeem(Progression& service, const http::Request& request) {
  auto body = read_text_body(request.body, kTokenFields);
  if (!body) co_return http::validation_problem(std::move(body.error())).response();
  const auto outcome = co_await service.receipts().redeem(std::move(*body->at(0)));
  if (outcome && outcome->receipt.revoked_at) co_return revoked(outcome->receipt);
  if (outcome) co_return outcome->first ? json_answer(redeem_json(*outcome)) : used_before(*outcome);
  if (outcome.error().code == Errc::invalid_argument) co_return fault_at("#/token", outcome.error().message);
  co_return refusal(service, outcome.error());
}

asio::awaitable<http::Response> get_jwks(Progression& service) {
  http::Response response{.content_type = "application/jwk-set+json", .body = service.receipts().jwks_json()};
  co_return std::move(response.with("Cache-Control", "public, max-age=300"));
}

}  // namespace liveops::progression
