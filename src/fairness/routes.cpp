#include "fairness/routes.hpp"

#include <boost/json.hpp>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "core/http/problem.hpp"
#include "fairness/async/json.hpp"
#include "fairness/check_request.hpp"
#include "fairness/decision_detail.hpp"
#include "fairness/json.hpp"
#include "fairness/order_request.hpp"
#include "fairness/verdict_response.hpp"

namespace liveops::fairness {
namespace {

namespace json = boost::json;
using core::http::Response;

constexpr std::size_t kHistory = 50;  // decisions and lines of audit of one player
constexpr std::int64_t kDefaultPage = 50;
constexpr std::int64_t kMaxPage = 500;
constexpr std::size_t kEventBytes = std::size_t{33} * 1024;
constexpr std::size_t kBatchBytes = std::size_t{1024} * 1024;
constexpr std::size_t kOrderBytes = 4096;

Response ok(const json::object& body) {
  return {.status = 200, .body = json::serialize(body)};
}

Response failed(const core::Error& error) {
  return core::http::to_problem(error).response();
}

Response faulty(core::Faults faults) {
  return core::http::validation_problem(std::move(faults)).response();
}

/// A whole number of the query within [least, most]; `absent` where it is not given; nullopt when it is something else.
std::optional<std::int64_t> number_param(const core::http::Request& request, std::string_view name, std::int64_t least,
                                         std::int64_t most, std::int64_t absent) {
  const auto text = request.query_param(name);
  if (!text) return absent;
  std::int64_t value = 0;
  const char* end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, value);
  if (error != std::errc() || stop != end || value < least || value > most) return std::nullopt;
  return value;
}

core::Result<core::PlayerId> player_of(const core::http::Request& request) {
  return core::PlayerId::parse(request.path_params.at(0));
}

std::string actor_of(const core::http::Request& request) {
  return request.remote_address.empty() ? "admin" : "admin@" + std::string(request.remote_address);
}

}  // namespace

Routes::Routes(Guard& guard, Moderation& moderation, Engine& engine, const PlayerHasher& hasher, DecisionLog& decisions,
               ports::VerdictStore& store, const PlayerTexts& texts, const core::Clock& clock)
    : guard_(guard),
      moderation_(moderation),
      engine_(engine),
      hasher_(hasher),
      decisions_(decisions),
      store_(store),
      texts_(texts),
      clock_(clock) {}

std::vector<ports::Route> Routes::routes() {
  using ports::Access;
  const std::vector<std::string> json_only{"application/json"};
  const auto order_route = [&](OperatorAction action) {
    return ports::Route{"POST",        "/players/{id}/" + std::string(to_string(action)),
                        Access::admin, kOrderBytes,
                        json_only,     [this, action](const Request& request) { return order(request, action); }};
  };
  return {
      {"POST", "/check", Access::player_data, kEventBytes, json_only,
       [this](const Request& request) { return check(request); }},
      {"POST", "/check/batch", Access::player_data, kBatchBytes, json_only,
       [this](const Request& request) { return check_batch(request); }},
      {"GET", "/players/{id}", Access::admin, 0, {}, [this](const Request& request) { return player(request); }},
      {"GET", "/flags", Access::admin, 0, {}, [this](const Request& request) { return flags(request); }},
      {"GET", "/decisions/{id}", Access::admin, 0, {}, [this](const Request& request) { return decision(request); }},
      order_route(OperatorAction::block),
      order_route(OperatorAction::unblock),
      order_route(OperatorAction::clear),
      order_route(OperatorAction::overturn),
      order_route(OperatorAction::disqualify),
      order_route(OperatorAction::reinstate),
  };
}

Routes::Answer Routes::check(const Request& request) {
  const core::Timestamp now = clock_.now();
  auto event = read_check(request.body, now);
  if (!event) co_return faulty(std::move(event.error()));
  std::vector<core::Event> events;
  events.push_back(std::move(*event));
  const auto verdicts = co_await guard_.check(std::move(events));
  if (!verdicts) co_return failed(verdicts.error());
  co_return verdict_response(verdicts->front(), now);
}

Routes::Answer Routes::check_batch(const Request& request) {
  auto events = read_check_batch(request.body, clock_.now());
  if (!events) co_return faulty(std::move(events.error()));
  const auto verdicts = co_await guard_.check(std::move(*events));
  if (!verdicts) co_return failed(verdicts.error());
  json::object body;
  body["verdicts"] = to_json_array(*verdicts);
  co_return ok(body);
}

Routes::Answer Routes::player(const Request& request) {
  const auto id = player_of(request);
  if (!id) co_return failed(id.error());
  // What was decided a moment ago is part of the answer; when the store is away the read below says so.
  const auto flushed = co_await decisions_.flush();
  auto history = co_await store_.history(*id, kHistory);
  if (!history) co_return failed(flushed ? history.error() : flushed.error());
  const core::Timestamp now = clock_.now();
  const auto evidence = engine_.explain(hasher_(id->str()), now);
  const bool known = evidence || history->standing || !history->decisions.empty() || !history->audit.empty();
  if (!known) co_return failed({core::Errc::not_found, "There is no such player: no event of this id was ever seen."});

  json::object body;
  body["player_id"] = id->str();
  const bool ended = history->standing && history->standing->until && *history->standing->until <= now;
  if (!history->standing || ended) {
    body["standing"] = json::object{{"state", "good"}};
    if (ended) body["last_standing"] = to_json(*history->standing);
  } else {
    body["standing"] = to_json(*history->standing);
  }
  if (history->standing && history->standing->disqualified) {
    body["disqualified"] = to_json(*history->standing->disqualified);
  }
  if (evidence) body["evidence"] = to_json(*evidence);
  if (opinion_ != nullptr) {
    if (const auto dossier = co_await opinion_->of(*id); dossier && *dossier)
      body["over_days"] = async::to_json(**dossier);
  }
  body["decisions"] = to_json_array(history->decisions);
  body["audit"] = to_json_array(history->audit);
  co_return ok(body);
}

Routes::Answer Routes::flags(const Request& request) {
  const auto limit = number_param(request, "limit", 1, kMaxPage, kDefaultPage);
  if (!limit) co_return faulty({{.pointer = "limit", .detail = "must be a whole number, 1 to 500"}});
  const auto before = number_param(request, "before", 1, core::kMaxExactInteger, core::kMaxExactInteger);
  if (!before) co_return faulty({{.pointer = "before", .detail = "must be `next` of the page before"}});
  const auto flushed = co_await decisions_.flush();
  const auto players = co_await store_.flagged(static_cast<std::size_t>(*limit), *before);
  if (!players) co_return failed(flushed ? players.error() : flushed.error());
  json::object body;
  body["players"] = to_json_array(*players);
  if (std::cmp_equal(players->size(), *limit)) body["next"] = players->back().position;
  co_return ok(body);
}

Routes::Answer Routes::decision(const Request& request) {
  const std::string id = request.path_params.at(0);
  const auto flushed = co_await decisions_.flush();
  const auto decision = co_await store_.decision(id);
  // Only a store that is there can say that there is no such decision.
  if (!decision) co_return failed(flushed ? decision.error() : flushed.error());
  co_return ok(explain_decision(*decision, texts_));
}

Routes::Answer Routes::order(const Request& request, OperatorAction action) {
  const auto id = player_of(request);
  if (!id) co_return failed(id.error());
  auto order = read_order(request.body, {.action = action, .player_id = *id, .actor = actor_of(request)});
  if (!order) co_return faulty(std::move(order.error()));
  const auto standing = co_await moderation_.carry_out(std::move(*order));
  if (!standing) co_return failed(standing.error());
  json::object body;
  body["player_id"] = id->str();
  body["standing"] = to_json(*standing);
  if (standing->disqualified) body["disqualified"] = to_json(*standing->disqualified);
  co_return ok(body);
}

}  // namespace liveops::fairness
