#include "apps/fairness/wiring.hpp"

#include <utility>

#include "adapters/store_sqlite/fairness/verdict_store.hpp"
#include "apps/host/blocking.hpp"
#include "apps/host/bus_health.hpp"
#include "fairness/service.hpp"

namespace liveops::apps {

namespace {

using VerdictStore = adapters::store_sqlite::fairness::VerdictStore;

class EmbeddedFairness final : public FairnessApp {
 public:
  EmbeddedFairness(Host& host, const adapters::config::Settings& settings, const core::GameRules& rules,
                   ports::EventBus& bus, std::unique_ptr<VerdictStore> store)
      : host_(host),
        listen_{settings.fairness_listen.host, settings.fairness_listen.port},
        shell_(host, "fairness"),
        store_(std::move(store)),
        bus_health_(bus),
        service_(rules.fairness, fairness::Service::random_seed(), *store_, bus, host.clock, shell_.metrics(),
                 shell_.log()) {}

  ServiceShell& shell() override { return shell_; }
  ports::FairnessCheck& check() override { return service_.check(); }

  core::Status prepare() override {
    if (auto loaded = wait_for(host_.io.background(), service_.load()); !loaded) return loaded;
    shell_.background().spawn("fairness", service_.run(), [this] { service_.stop(); });
    return {};
  }

  core::Status listen() override { return shell_.listen(listen_, service_.routes(), {store_.get(), &bus_health_}); }

  core::Result<std::function<void()>> plan_reload(const core::GameRules& rules) override {
    return [this, fresh = rules.fairness] { service_.use_rules(fresh); };
  }

 private:
  Host& host_;
  ListenAddress listen_;
  ServiceShell shell_;
  std::unique_ptr<VerdictStore> store_;
  BusHealth bus_health_;
  fairness::Service service_;
};

}  // namespace

core::Result<std::unique_ptr<FairnessApp>> FairnessApp::create(Host& host, const adapters::config::Settings& settings,
                                                               const core::GameRules& rules, ports::EventBus& bus) {
  auto store = VerdictStore::open(settings.sqlite_dir());
  if (!store) return std::unexpected(store.error());
  return std::make_unique<EmbeddedFairness>(host, settings, rules, bus, std::move(*store));
}

}  // namespace liveops::apps
