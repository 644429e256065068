#include "tests/contract/progression/service.hpp"

#include <algorithm>
#include <stdexcept>

#include "core/envelope.hpp"
#include "progression/routes.hpp"
#include "tests/contract/progression/entries.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::test {

using core::Errc;
using core::fail;
using core::http::Response;

namespace {

constexpr const char* kSecret = "0123456789abcdef0123456789abcdef";

template <class T>
ports::Task<T> gone() {
  co_return fail(Errc::unavailable, "away");
}

core::RewardRules sample_reward(const std::string& id, core::RewardCondition condition) {
  return {.id = reward(id),
          .title = "Title of " + id,
          .condition = std::move(condition),
          .items = {{core::ItemId::trusted("gem"), 3}}};
}

}  // namespace

ports::Task<ports::ApplyOutcome> FlakyProgressStore::apply(std::vector<ports::LedgerEntry> entries,
                                                           ports::RewardThresholds thresholds, core::Timestamp now) {
  return away ? gone<ports::ApplyOutcome>() : inner_.apply(std::move(entries), std::move(thresholds), now);
}
ports::Task<ports::Progress> FlakyProgressStore::progress_of(core::PlayerId player) {
  return away ? gone<ports::Progress>() : inner_.progress_of(std::move(player));
}
ports::Task<std::vector<ports::InventoryItem>> FlakyProgressStore::inventory_of(core::PlayerId player) {
  return away ? gone<std::vector<ports::InventoryItem>>() : inner_.inventory_of(std::move(player));
}
ports::Task<std::size_t> FlakyProgressStore::forget_events(core::Timestamp applied_before, std::size_t limit) {
  return away ? gone<std::size_t>() : inner_.forget_events(applied_before, limit);
}

ports::Task<std::optional<ports::Progress>> FlakyProgressCache::get(core::PlayerId player) {
  return away ? gone<std::optional<ports::Progress>>() : inner_.get(std::move(player));
}
ports::Task<void> FlakyProgressCache::put(std::vector<ports::Progress> progress) {
  return away ? gone<void>() : inner_.put(std::move(progress));
}

core::GameRules sample_rules() {
  constexpr std::chrono::hours kDay{24};
  core::GameRules rules;
  rules.windows.seasons = std::vector<core::ListedSeason>{{season("s1"), at(0), at(0) + kDay},
                                                          {season("s2"), at(0) + kDay, at(0) + 2 * kDay}};
  rules.levels = {.thresholds = {100, 250}, .base = 10, .exponent = 1, .max_level = 3};
  rules.bosses = {{.id = core::BossId::trusted("dragon"), .xp = 40, .score = 7, .difficulties = {}}};
  rules.rewards = {sample_reward("level2", core::LevelReached{2}),
                   sample_reward("slayer", core::BossKills{core::BossId::trusted("dragon"), 2}),
                   sample_reward("season", core::SeasonXp{50})};
  return rules;
}

ports::Delivery delivery(int n, const std::string& who, core::Payload payload, core::Timestamp occurred_at) {
  core::Event event;
  event.id = core::EventId::derive(core::KeyId::trusted("test"), std::to_string(n));
  event.key_id = core::KeyId::trusted("test");
  event.player_id = player(who);
  event.occurred_at = occurred_at;
  event.received_at = occurred_at;
  event.payload = std::move(payload);
  event.payload_json = std::visit(
      [](const auto& value) -> std::string {
        using Type = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<Type, core::Progression>) return R"({"xp":)" + std::to_string(value.xp) + "}";
        if constexpr (std::is_same_v<Type, core::BossKill>) return R"({"boss_id":")" + value.boss_id.str() + R"("})";
        if constexpr (std::is_same_v<Type, core::DropClaimed>) {
          return R"({"drop_id":")" + value.drop_id.str() + R"(","item_id":")" + value.item_id.str() +
                 R"(","quantity":)" + std::to_string(value.quantity) + "}";
        }
      },
      event.payload);
  return {.envelope = core::encode_event(event), .tag = std::to_string(n), .attempt = 1};
}

Service::Service(std::unique_ptr<Stores> with)
    : stores(std::move(with)),
      clock(at(3600)),
      progress_store(stores->progress()),
      jws(core::crypto::JwsSigner::hs256("k1", kSecret).value()),
      signer("liveops", jws, kSecret),
      service(progression::GameBook::create(sample_rules()).value(), {.progress = progress_store,
                                                                      .rewards = stores->rewards(),
                                                                      .cache = cache,
                                                                      .signer = signer,
                                                                      .clock = clock,
                                                                      .metrics = metrics,
                                                                      .log = log}) {}

std::vector<runtime::Poison> Service::take_in(std::vector<ports::Delivery> deliveries) {
  return run(service.ingest().handle(deliveries)).value();
}

Response Service::get(const std::string& pattern, const std::string& id, const std::string& query) {
  core::http::Request request{.method = "GET", .query = query};
  request.path_params = {id};
  return call("GET", pattern, std::move(request));
}

Response Service::post(const std::string& pattern, const std::string& body) {
  return call("POST", pattern, {.method = "POST", .body = body});
}

Response Service::call(const std::string& method, const std::string& pattern, core::http::Request request) {
  const auto all = progression::routes(service);
  const auto route =
      std::ranges::find_if(all, [&](const ports::Route& one) { return one.method == method && one.path == pattern; });
  if (route == all.end()) throw std::logic_error("no route " + method + " " + pattern);
  return run(route->handler(request));
}

}  // namespace liveops::test
