#include "fairness/review_routes.hpp"

#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "core/event.hpp"
#include "core/http/problem.hpp"
#include "fairness/review_request.hpp"

namespace liveops::fairness {
namespace {

namespace json = boost::json;
using core::http::Response;

constexpr std::int64_t kDefaultPage = 50;
constexpr std::int64_t kMaxPage = 500;
constexpr std::size_t kBodyBytes = 4096;

Response ok(const json::object& body) {
  return {.status = 200, .body = json::serialize(body)};
}

Response failed(const core::Error& error) {
  return core::http::to_problem(error).response();
}

Response faulty(core::Faults faults) {
  return core::http::validation_problem(std::move(faults)).response();
}

std::optional<std::int64_t> whole_number(std::string_view text, std::int64_t most) {
  std::int64_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stop != text.data() + text.size() || value < 1 || value > most) return std::nullopt;
  return value;
}

core::Result<std::int64_t> case_of(const core::http::Request& request) {
  if (const auto id = whole_number(request.path_params.at(0), core::kMaxExactInteger)) return *id;
  return core::fail(core::Errc::not_found, "There is no such case: ids are whole numbers.");
}

json::object to_json(const ports::ReviewCase& one, core::Timestamp now) {
  json::object object{{"case_id", one.id},
                      {"player_id", one.latest.player_id.str()},
                      {"rule", one.latest.rule},
                      {"action", one.latest.action},
                      {"state", to_string(one.state(now))},
                      {"evidence", one.latest.evidence},
                      {"summary", one.latest.summary},
                      {"decision_id", one.latest.decision_id},
                      {"remarks", one.remarks},
                      {"opened_at", core::format_rfc3339(one.opened_at)},
                      {"latest_at", core::format_rfc3339(one.latest.at)}};
  if (one.claim && !one.decision && one.claim->until > now) {
    object["claimed_by"] = one.claim->worker;
    object["claimed_until"] = core::format_rfc3339(one.claim->until);
  }
  if (one.decision) {
    object["outcome"] = to_string(one.decision->outcome);
    object["decided_by"] = one.decision->worker;
    object["decided_at"] = core::format_rfc3339(one.decision->at);
    object["reason"] = one.decision->reason;
    object["carried_out"] = one.decision->carried_out;
  }
  return object;
}

json::object to_json(const ports::RuleReviews& rule) {
  json::object object{{"rule", rule.rule},
                      {"undecided", rule.undecided},
                      {"upheld", rule.upheld},
                      {"overturned", rule.overturned},
                      {"precision", nullptr}};
  if (const auto precision = rule.precision()) object["precision"] = std::round(*precision * 10'000) / 10'000;
  return object;
}

std::expected<ports::ReviewFilter, core::Faults> filter_of(const core::http::Request& request) {
  ports::ReviewFilter filter;
  core::Faults faults;
  if (const auto state = request.query_param("state")) {
    for (const auto known : {ports::ReviewState::open, ports::ReviewState::claimed, ports::ReviewState::decided}) {
      if (*state == to_string(known)) filter.state = known;
    }
    if (!filter.state) faults.push_back({.pointer = "state", .detail = "must be open, claimed or decided"});
  }
  filter.rule = request.query_param("rule");
  if (const auto player = request.query_param("player_id")) {
    auto id = core::PlayerId::parse(*player);
    if (id) {
      filter.player = std::move(*id);
    } else {
      faults.push_back({.pointer = "player_id", .detail = id.error().message});
    }
  }
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return filter;
}

}  // namespace

std::vector<ports::Route> ReviewRoutes::routes() {
  using ports::Access;
  const std::vector<std::string> json_only{"application/json"};
  return {
      {"GET", "/reviews", Access::admin, 0, {}, [this](const Request& request) { return list(request); }},
      {"GET", "/reviews/summary", Access::admin, 0, {}, [this](const Request&) { return summary(); }},
      {"GET", "/reviews/{id}", Access::admin, 0, {}, [this](const Request& request) { return one(request); }},
      {"POST", "/reviews/{id}/claim", Access::admin, kBodyBytes, json_only,
       [this](const Request& request) { return claim(request); }},
      {"POST", "/reviews/{id}/decide", Access::admin, kBodyBytes, json_only,
       [this](const Request& request) { return decide(request); }},
  };
}

ReviewRoutes::Answer ReviewRoutes::list(const Request& request) {
  auto filter = filter_of(request);
  if (!filter) co_return faulty(std::move(filter.error()));
  const auto limit_text = request.query_param("limit");
  const auto limit = limit_text ? whole_number(*limit_text, kMaxPage) : std::optional(kDefaultPage);
  if (!limit) co_return faulty({{.pointer = "limit", .detail = "must be a whole number, 1 to 500"}});
  const auto before_text = request.query_param("before");
  const auto before = before_text ? whole_number(*before_text, core::kMaxExactInteger) : std::nullopt;
  if (before_text && !before) co_return faulty({{.pointer = "before", .detail = "must be `next` of the page before"}});
  const core::Timestamp now = clock_.now();
  const auto cases = co_await desk_.store().list(std::move(*filter), now, static_cast<std::size_t>(*limit), before);
  if (!cases) co_return failed(cases.error());
  json::array array;
  for (const ports::ReviewCase& one : *cases) array.push_back(to_json(one, now));
  json::object body{{"cases", std::move(array)}};
  if (std::cmp_equal(cases->size(), *limit)) body["next"] = cases->back().id;
  co_return ok(body);
}

ReviewRoutes::Answer ReviewRoutes::summary() {
  const auto rules = co_await desk_.store().summary();
  if (!rules) co_return failed(rules.error());
  json::array array;
  for (const ports::RuleReviews& rule : *rules) array.push_back(to_json(rule));
  co_return ok(json::object{{"rules", std::move(array)}});
}

ReviewRoutes::Answer ReviewRoutes::one(const Request& request) {
  const auto id = case_of(request);
  if (!id) co_return failed(id.error());
  const auto found = co_await desk_.store().find(*id);
  if (!found) co_return failed(found.error());
  co_return ok(to_json(*found, clock_.now()));
}

ReviewRoutes::Answer ReviewRoutes::claim(const Request& request) {
  const auto id = case_of(request);
  if (!id) co_return failed(id.error());
  auto claim = read_review_claim(request.body);
  if (!claim) co_return faulty(std::move(claim.error()));
  const core::Timestamp now = clock_.now();
  const auto claimed = co_await desk_.store().claim(*id, std::move(claim->worker), now, claim->lease);
  if (!claimed) co_return failed(claimed.error());
  co_return ok(to_json(*claimed, now));
}

ReviewRoutes::Answer ReviewRoutes::decide(const Request& request) {
  const auto id = case_of(request);
  if (!id) co_return failed(id.error());
  auto verdict = read_review_verdict(request.body);
  if (!verdict) co_return faulty(std::move(verdict.error()));
  const auto decided = co_await desk_.decide(*id, std::move(*verdict));
  if (!decided) co_return failed(decided.error());
  co_return ok(to_json(*decided, clock_.now()));
}

}  // namespace liveops::fairness
