#include "apps/fairness/wiring.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "adapters/checkpoint_file/checkpoint_file.hpp"
#include "adapters/store_postgres/fairness/verdict_store.hpp"
#include "adapters/store_sqlite/fairness/verdict_store.hpp"
#include "apps/host/blocking.hpp"
#include "apps/host/bus_health.hpp"
#include "apps/wiring/servers.hpp"
#include "apps/wiring/start_up.hpp"
#include "fairness/checkpoint_keeper.hpp"
#include "fairness/service.hpp"

namespace liveops::apps {

namespace {

using adapters::config::DatabaseKind;
using adapters::config::Settings;

/// The store of verdicts with what it stands on.
struct Store {
  std::unique_ptr<adapters::postgres::Pool> pool;  // null for SQLite
  std::unique_ptr<ports::VerdictStore> verdicts;
  ports::HealthCheck* health = nullptr;
};

core::Result<Store> open_sqlite(const Settings& settings) {
  auto opened = adapters::store_sqlite::fairness::VerdictStore::open(settings.sqlite_dir());
  if (!opened) return std::unexpected(opened.error());
  ports::HealthCheck* health = opened->get();
  return Store{.verdicts = std::move(*opened), .health = health};
}

core::Result<Store> open_postgres(Host& host, ServiceShell& shell, const Settings& settings) {
  auto pool = make_pool(shell, settings);
  if (!pool) return std::unexpected(pool.error());
  auto opened = try_for_a_while(shell.log(), "PostgreSQL", [&] {
    return wait_for(host.io.background(), adapters::store_postgres::fairness::VerdictStore::open(**pool));
  });
  if (!opened) return std::unexpected(opened.error());
  ports::HealthCheck* health = opened->get();
  return Store{.pool = std::move(*pool), .verdicts = std::move(*opened), .health = health};
}

/// Replicas on one machine may share their directory, but not their port.
std::filesystem::path checkpoint_path(const Settings& settings) {
  const std::filesystem::path directory = settings.state_dir();
  const auto port = settings.fairness_listen.port;
  return directory / (port == 0 ? "fairness.checkpoint" : "fairness-" + std::to_string(port) + ".checkpoint");
}

class FairnessParts final : public FairnessApp {
 public:
  FairnessParts(Host& host, std::unique_ptr<ServiceShell> shell, const Settings& settings, const core::GameRules& rules,
                ports::EventBus& bus, Store store)
      : host_(host),
        listen_{settings.fairness_listen.host, settings.fairness_listen.port},
        shell_(std::move(shell)),
        store_(std::move(store)),
        bus_health_(bus, BusUse::publishes, host.pace.well_for),
        checkpoints_(checkpoint_path(settings)),
        checkpoint_(fairness::load_checkpoint(checkpoints_, rules.fairness.policy_version, shell_->log())),
        service_(rules.fairness, checkpoint_ ? checkpoint_->info().seed : fairness::Service::random_seed(),
                 *store_.verdicts, bus, host.clock, shell_->metrics(), shell_->log()),
        keeper_(service_, checkpoints_, host.clock, shell_->metrics(), shell_->log()) {
    if (checkpoint_) service_.restore(*checkpoint_);
    checkpoint_.reset();  // it is as large as the table
  }

  ServiceShell& shell() override { return *shell_; }
  ports::FairnessCheck& check() override { return service_.check(); }

  core::Status prepare() override {
    if (auto loaded = wait_for(host_.io.background(), service_.load()); !loaded) return loaded;
    shell_->background().spawn("fairness", service_.run(), [this] { service_.stop(); });
    shell_->background().spawn("checkpoint", keeper_.run(), [this] { keeper_.stop(); });
    return {};
  }

  core::Status listen() override { return shell_->listen(listen_, service_.routes(), {store_.health, &bus_health_}); }

  core::Result<std::function<void()>> plan_reload(const core::GameRules& rules) override {
    return [this, fresh = rules.fairness] { service_.use_rules(fresh); };
  }

 private:
  Host& host_;
  ListenAddress listen_;
  std::unique_ptr<ServiceShell> shell_;
  Store store_;
  BusHealth bus_health_;
  adapters::CheckpointFile checkpoints_;
  std::optional<fairness::Checkpoint> checkpoint_;
  fairness::Service service_;
  fairness::CheckpointKeeper keeper_;
};

}  // namespace

core::Result<std::unique_ptr<FairnessApp>> FairnessApp::create(Host& host, const Settings& settings,
                                                               const core::GameRules& rules, ports::EventBus& bus) {
  auto shell = std::make_unique<ServiceShell>(host, "fairness");
  auto store =
      settings.database_kind() == DatabaseKind::sqlite ? open_sqlite(settings) : open_postgres(host, *shell, settings);
  if (!store) return std::unexpected(store.error());
  return std::make_unique<FairnessParts>(host, std::move(shell), settings, rules, bus, std::move(*store));
}

}  // namespace liveops::apps
