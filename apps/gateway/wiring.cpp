#include "apps/gateway/wiring.hpp"

#include <chrono>
#include <utility>

#include "adapters/memory/gateway/idempotency_store.hpp"
#include "adapters/store_sqlite/gateway/idempotency_store.hpp"
#include "apps/gateway/openapi.hpp"
#include "apps/host/blocking.hpp"
#include "apps/host/bus_health.hpp"
#include "apps/host/consumer_task.hpp"
#include "gateway/gateway.hpp"
#include "gateway/key_keeper.hpp"
#include "gateway/routes.hpp"
#include "runtime/metered_bus.hpp"

namespace liveops::apps {

namespace {

using adapters::config::BusKind;
using adapters::config::FairnessFail;
using adapters::config::Settings;

gateway::Settings gateway_settings(const Settings& settings) {
  gateway::Settings out;
  out.events.max_event_bytes = settings.max_body_bytes;
  out.rate.events_per_second = settings.rate_limit_per_second;
  out.rate.burst = static_cast<std::uint64_t>(settings.rate_limit_burst);
  // In the same process a verdict waits for nothing but, when a player is refused anew, the store.
  out.fairness.deadline = settings.fairness_urls.empty() ? std::chrono::milliseconds(0) : settings.fairness_deadline;
  out.fairness.fail_mode =
      settings.fairness_fail == FairnessFail::open ? gateway::FailMode::open : gateway::FailMode::closed;
  out.max_batch_bytes = settings.max_batch_bytes;
  out.max_unpacked_batch_bytes = settings.max_unpacked_bytes;
  out.max_batch_events = settings.max_batch_events;
  return out;
}

/// How long accepted events gather before their keys are written down together.
constexpr std::chrono::milliseconds kKeysGather{200};

struct Keys {
  std::unique_ptr<ports::IdempotencyStore> store;
  ports::KeyJournal* journal = nullptr;  // the store's, where it has one
};

core::Result<Keys> open_keys(const Settings& settings) {
  const core::IdempotencyTable::Options options{.max_keys = settings.idempotency_max_keys,
                                                .retention = settings.idempotency_ttl};
  if (settings.bus_kind == BusKind::inmem)
    return Keys{.store = std::make_unique<adapters::memory::IdempotencyStore>(options)};
  auto durable = adapters::store_sqlite::IdempotencyStore::open(settings.sqlite_dir(), options);
  if (!durable) return std::unexpected(durable.error());
  ports::KeyJournal& journal = **durable;
  return Keys{.store = std::move(*durable), .journal = &journal};
}

class GatewayApp final : public ServiceApp {
 public:
  GatewayApp(Host& host, const Settings& settings, ports::EventBus& bus, ports::FairnessCheck& fairness, Keys keys)
      : host_(host),
        bus_(bus),
        listen_{settings.gateway_listen.host, settings.gateway_listen.port},
        shell_(host, "gateway"),
        keys_(std::move(keys)),
        bus_health_(bus),
        measured_bus_(bus, shell_.metrics()),
        gateway_(gateway_settings(settings), *keys_.store, fairness, measured_bus_, host.clock, shell_.metrics(),
                 shell_.log()) {}

  ServiceShell& shell() override { return shell_; }

  core::Status prepare() override {
    if (keys_.journal == nullptr) return {};
    keeper_ = std::make_unique<gateway::KeyKeeper>(*keys_.journal);
    auto consumer = ConsumerTask::open(
        host_, shell_, bus_, ports::Topic::events, std::string(gateway::KeyKeeper::kGroup),
        [this](const std::vector<ports::Delivery>& batch) { return keeper_->handle(batch); }, kKeysGather);
    if (!consumer) return std::unexpected(consumer.error());
    consumer_ = std::move(*consumer);
    const auto caught_up = wait_for(host_.io.background(), keeper_->catch_up(consumer_->consumer()));
    if (!caught_up) return std::unexpected(caught_up.error());
    consumer_->start();
    return {};
  }

  core::Status listen() override {
    return shell_.listen(listen_, gateway::routes(gateway_, std::string(openapi_yaml())), {&bus_health_});
  }
  core::Result<std::function<void()>> plan_reload(const core::GameRules&) override {
    return [] {};  // the gateway goes by no rule of the game
  }

 private:
  Host& host_;
  ports::EventBus& bus_;
  ListenAddress listen_;
  ServiceShell shell_;
  Keys keys_;
  BusHealth bus_health_;
  runtime::MeteredBus measured_bus_;
  gateway::Gateway gateway_;
  std::unique_ptr<gateway::KeyKeeper> keeper_;
  std::unique_ptr<ConsumerTask> consumer_;
};

}  // namespace

core::Result<std::unique_ptr<ServiceApp>> make_gateway(Host& host, const Settings& settings, ports::EventBus& bus,
                                                       ports::FairnessCheck& fairness) {
  auto keys = open_keys(settings);
  if (!keys) return std::unexpected(keys.error());
  return std::make_unique<GatewayApp>(host, settings, bus, fairness, std::move(*keys));
}

}  // namespace liveops::apps
