#include "apps/gateway/wiring.hpp"

#include <chrono>
#include <utility>

#include "adapters/fairness_http/fairness_check.hpp"
#include "apps/gateway/key_store.hpp"
#include "apps/gateway/openapi.hpp"
#include "apps/host/blocking.hpp"
#include "apps/host/bus_health.hpp"
#include "apps/host/consumer_task.hpp"
#include "core/auth/key_ring.hpp"
#include "gateway/gateway.hpp"
#include "gateway/key_keeper.hpp"
#include "gateway/routes.hpp"
#include "runtime/metered_bus.hpp"

namespace liveops::apps {

namespace {

using adapters::config::FairnessFail;
using adapters::config::Settings;

gateway::Settings gateway_settings(const Settings& settings) {
  gateway::Settings out;
  out.events.max_event_bytes = settings.max_body_bytes;
  out.rate.events_per_second = settings.rate_limit_per_second;
  out.rate.burst = static_cast<std::uint64_t>(settings.rate_limit_burst);
  out.fairness.fail_mode =
      settings.fairness_fail == FairnessFail::open ? gateway::FailMode::open : gateway::FailMode::closed;
  out.max_batch_bytes = settings.max_batch_bytes;
  out.max_unpacked_batch_bytes = settings.max_unpacked_bytes;
  out.max_batch_events = settings.max_batch_events;
  return out;
}

/// How long accepted events gather before their keys are written down together.
constexpr std::chrono::milliseconds kKeysGather{200};

/// Fairness in other processes, as FAIRNESS_URL lists them.
core::Result<std::unique_ptr<ports::FairnessCheck>> ask_other_processes(Host& host, ServiceShell& shell,
                                                                        const Settings& settings) {
  if (settings.fairness_urls.empty()) {
    return core::fail(core::Errc::invalid_argument,
                      "FAIRNESS_URL: is required for a gateway of its own: http://host:port of fairness");
  }
  const auto keys = core::auth::KeyRing::parse(settings.hmac_secret, settings.hmac_keys);
  if (!keys) return std::unexpected(keys.error());
  adapters::fairness_http::Options options;
  options.urls = settings.fairness_urls;
  options.bearer_token = settings.api_token;
  options.signing_key = keys->keys().front();
  options.deadline = settings.fairness_deadline;
  options.ca_file = settings.fairness_ca;
  auto check = adapters::fairness_http::FairnessCheck::create(std::move(options), host.io.all(), host.clock,
                                                              shell.log(), shell.metrics());
  if (!check) return std::unexpected(check.error());
  return std::unique_ptr<ports::FairnessCheck>(std::move(*check));
}

/// What a gateway is made of besides the bus.
struct Parts {
  std::unique_ptr<ServiceShell> shell;
  KeyStore keys;
  std::unique_ptr<ports::FairnessCheck> remote_fairness;  // null: fairness is in this process
};

class GatewayApp final : public ServiceApp {
 public:
  GatewayApp(Host& host, const Settings& settings, ports::EventBus& bus, ports::FairnessCheck& fairness, Parts parts)
      : host_(host),
        bus_(bus),
        listen_{settings.gateway_listen.host, settings.gateway_listen.port},
        shell_(std::move(parts.shell)),
        keys_(std::move(parts.keys)),
        remote_fairness_(std::move(parts.remote_fairness)),
        bus_health_(bus, BusUse::publishes, host.pace.well_for),
        measured_bus_(bus, shell_->metrics()),
        gateway_(gateway_settings(settings), *keys_.store, fairness, measured_bus_, host.clock, shell_->metrics(),
                 shell_->log()) {}

  ServiceShell& shell() override { return *shell_; }

  core::Status prepare() override {
    if (keys_.journal == nullptr) return {};
    keeper_ = std::make_unique<gateway::KeyKeeper>(*keys_.journal);
    auto consumer = ConsumerTask::open(
        host_, *shell_, bus_, ports::Topic::events, std::string(gateway::KeyKeeper::kGroup),
        [this](const std::vector<ports::Delivery>& batch) { return keeper_->handle(batch); }, kKeysGather);
    if (!consumer) return std::unexpected(consumer.error());
    consumer_ = std::move(*consumer);
    const auto caught_up = wait_for(host_.io.background(), keeper_->catch_up(consumer_->consumer()));
    if (!caught_up) return std::unexpected(caught_up.error());
    consumer_->start();
    return {};
  }

  core::Status listen() override {
    std::vector<ports::HealthCheck*> checks{&bus_health_};
    if (keys_.health) checks.push_back(keys_.health.get());
    if (consumer_) checks.push_back(consumer_.get());
    return shell_->listen(listen_, gateway::routes(gateway_, std::string(openapi_yaml())), std::move(checks));
  }
  core::Result<std::function<void()>> plan_reload(const core::GameRules&) override {
    return [] {};  // the gateway goes by no rule of the game
  }

 private:
  Host& host_;
  ports::EventBus& bus_;
  ListenAddress listen_;
  std::unique_ptr<ServiceShell> shell_;
  KeyStore keys_;
  std::unique_ptr<ports::FairnessCheck> remote_fairness_;
  BusHealth bus_health_;
  runtime::MeteredBus measured_bus_;
  gateway::Gateway gateway_;
  std::unique_ptr<gateway::KeyKeeper> keeper_;
  std::unique_ptr<ConsumerTask> consumer_;
};

}  // namespace

core::Result<std::unique_ptr<ServiceApp>> make_gateway(Host& host, const Settings& settings, ports::EventBus& bus,
                                                       ports::FairnessCheck* fairness) {
  Parts parts{.shell = std::make_unique<ServiceShell>(host, "gateway")};
  if (fairness == nullptr) {
    auto remote = ask_other_processes(host, *parts.shell, settings);
    if (!remote) return std::unexpected(remote.error());
    parts.remote_fairness = std::move(*remote);
    fairness = parts.remote_fairness.get();
  }
  auto keys = open_key_store(host, *parts.shell, settings);
  if (!keys) return std::unexpected(keys.error());
  parts.keys = std::move(*keys);
  return std::make_unique<GatewayApp>(host, settings, bus, *fairness, std::move(parts));
}

}  // namespace liveops::apps
