#include "tests/contract/leaderboard/service.hpp"

#include <boost/json.hpp>

#include "core/envelope.hpp"
#include "leaderboard/routes.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::test {

namespace {

core::BoardRules board(const char* id, core::BoardOperator op, const char* source, core::EventType type) {
  core::BoardRules rules;
  rules.id = core::BoardId::trusted(id);
  rules.op = op;
  rules.source = source;
  rules.events = {type};
  return rules;
}

boost::asio::awaitable<bool> answer(bool caught_up) {
  co_return caught_up;
}

}  // namespace

core::GameRules sample_rules() {
  using core::BoardOperator;
  using core::EventType;
  core::GameRules rules;
  rules.boards = {board("score", BoardOperator::best, "score", EventType::progression),
                  board("xp", BoardOperator::sum, "xp", EventType::progression),
                  board("speed", BoardOperator::best, "duration_ms", EventType::boss_kill)};
  rules.boards[2].order = core::BoardOrder::lowest;
  rules.windows.seasons = core::RepeatingSeasons{
      "s", std::chrono::year_month_day(std::chrono::year(2026), std::chrono::month(11), std::chrono::day(2)), 28};
  return rules;
}

core::Timestamp time(const std::string& rfc3339) {
  return core::parse_rfc3339(rfc3339).value();
}

ports::Delivery played(int number, const std::string& player, std::int64_t score, const std::string& occurred,
                       const std::string& received) {
  core::Event event;
  event.id = core::EventId::derive(core::KeyId::trusted("k"), std::to_string(number));
  event.key_id = core::KeyId::trusted("k");
  event.player_id = core::PlayerId::trusted(player);
  event.occurred_at = time(occurred);
  event.received_at = time(received.empty() ? occurred : received);
  event.payload = core::Progression{score, score};
  event.payload_json = R"({"xp":)" + std::to_string(score) + R"(,"score":)" + std::to_string(score) + "}";
  return {core::encode_event(event), std::to_string(number), 1};
}

ports::Delivery verdict(const std::string& player, bool blocked, std::int64_t version,
                        std::optional<core::Timestamp> until) {
  const core::StandingChange change{core::PlayerId::trusted(player), blocked, until, version,
                                    time("2026-11-20T00:00:00Z"),    "why"};
  return {core::encode_standing_change(change), player, 1};
}

ports::Delivery disqualification(const std::string& player, std::int64_t version, const std::string& since) {
  core::StandingChange change{.player_id = core::PlayerId::trusted(player),
                              .version = version,
                              .at = time("2026-11-23T00:00:00Z"),
                              .reason = since.empty() ? "was his brother" : "bot"};
  if (!since.empty()) change.disqualified = {.since = time(since), .reason = "bot"};
  return {core::encode_standing_change(change), player, 1};
}

ports::Delivery overturning(const std::string& player, std::int64_t version, const std::string& since) {
  const core::StandingChange change{.player_id = core::PlayerId::trusted(player),
                                    .version = version,
                                    .at = time("2026-11-23T00:00:00Z"),
                                    .reason = "the bound was wrong",
                                    .overturned_since = time(since)};
  return {core::encode_standing_change(change), player, 1};
}

leaderboard::CaughtUp nothing_left(bool caught_up) {
  return [caught_up](core::Timestamp) { return answer(caught_up); };
}

Service::Service(contract::StoresFixture& stores, const core::GameRules& rules, const std::string& now,
                 ports::RankIndex* with)
    : clock(time(now)),
      standings(stores.standings(), trouble),
      snapshots(stores.snapshots(), trouble),
      revisions(stores.revisions(), trouble),
      index(with == nullptr ? own_index : *with),
      service(leaderboard::BoardBook::create(rules).value(), "a secret of snapshots, 32 bytes.",
              {standings, snapshots, stores.visibility(), revisions, index, stores.leases(), clock, metrics, log}) {
  run(service.load()).value();
}

std::vector<runtime::Poison> Service::take_in(std::vector<ports::Delivery> deliveries) {
  return run(service.ingest().handle(deliveries)).value();
}

void Service::judge(std::vector<ports::Delivery> deliveries) {
  run(service.visibility().handle(deliveries)).value();
}

core::Result<std::uint64_t> Service::seal() {
  return run(service.sealer().run(nothing_left()));
}

core::Result<std::uint64_t> Service::revise() {
  return run(service.reviser().run());
}

core::http::Response Service::call(const std::string& method, const std::string& pattern, core::http::Request request) {
  for (const auto& route : leaderboard::routes(service)) {
    if (route.method == method && route.path == pattern) return run(route.handler(request));
  }
  return {.status = 599, .body = "no such route"};
}

core::http::Response Service::get(const std::string& pattern, const std::string& query, const std::string& id) {
  core::http::Request request;
  request.query = query;
  if (!id.empty()) request.path_params = {id};
  return call("GET", pattern, request);
}

core::http::Response Service::post(const std::string& pattern, const std::string& body) {
  core::http::Request request;
  request.body = body;
  return call("POST", pattern, request);
}

std::string Service::top(const std::string& query) {
  const auto response = get("/leaderboard", query);
  if (response.status != 200) return std::to_string(response.status);
  std::string text;
  const auto parsed = boost::json::parse(response.body);
  for (const auto& entry : parsed.at("entries").as_array()) {
    text += std::to_string(entry.at("rank").as_int64()) + std::string(entry.at("player_id").as_string()) + "=" +
            std::to_string(entry.at("score").as_int64()) + " ";
  }
  return text;
}

}  // namespace liveops::test
