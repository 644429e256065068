#include "apps/fairness/wiring.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "adapters/checkpoint_file/checkpoint_file.hpp"
#include "adapters/checkpoint_file/write_ahead_files.hpp"
#include "adapters/memory/leaderboard/leases.hpp"
#include "adapters/store_postgres/fairness/duties.hpp"
#include "adapters/store_postgres/fairness/verdict_store.hpp"
#include "adapters/store_sqlite/fairness/verdict_store.hpp"
#include "apps/host/audit_keys.hpp"
#include "apps/host/blocking.hpp"
#include "apps/host/bus_health.hpp"
#include "apps/wiring/servers.hpp"
#include "apps/wiring/start_up.hpp"
#include "core/crypto/digest.hpp"
#include "core/crypto/encoding.hpp"
#include "fairness/async/tier.hpp"
#include "fairness/async/watch.hpp"
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
  ports::ReviewStore* reviews = nullptr;  // of `verdicts`
  ports::HealthCheck* health = nullptr;
  std::unique_ptr<ports::Leases> duties;  // who of the replicas does what one should do
};

/// Opened stores of one kind.
template <class Stores>
Store store_of(std::unique_ptr<Stores> opened) {
  Store store{.reviews = &opened->reviews(), .health = opened.get()};
  store.verdicts = std::move(opened);
  return store;
}

core::Result<Store> open_sqlite(Host& host, const Settings& settings) {
  const auto secrets = audit_secrets(settings);
  if (!secrets) return std::unexpected(secrets.error());
  auto opened = adapters::store_sqlite::fairness::VerdictStore::open(settings.sqlite_dir(), secrets->front());
  if (!opened) return std::unexpected(opened.error());
  Store store = store_of(std::move(*opened));
  store.duties = std::make_unique<adapters::memory::Leases>(host.clock);
  return store;
}

core::Result<Store> open_postgres(Host& host, ServiceShell& shell, const Settings& settings) {
  const auto secrets = audit_secrets(settings);
  if (!secrets) return std::unexpected(secrets.error());
  auto pool = make_pool(shell, settings);
  if (!pool) return std::unexpected(pool.error());
  auto opened = try_for_a_while(shell.log(), "PostgreSQL", [&] {
    return wait_for(host.io.background(),
                    adapters::store_postgres::fairness::VerdictStore::open(**pool, secrets->front()));
  });
  if (!opened) return std::unexpected(opened.error());
  auto duties = wait_for(host.io.background(), adapters::store_postgres::fairness::Duties::open(**pool));
  if (!duties) return std::unexpected(duties.error());
  Store store = store_of(std::move(*opened));
  store.duties = std::move(*duties);
  store.pool = std::move(*pool);
  return store;
}

/// Replicas on one machine may share their directory, but not their port.
std::filesystem::path checkpoint_path(const Settings& settings, const std::string& name) {
  const std::filesystem::path directory = settings.state_dir();
  const auto port = settings.fairness_listen.port;
  return directory / (port == 0 ? name + ".checkpoint" : name + "-" + std::to_string(port) + ".checkpoint");
}

/// Of the slower tier: replicas that share their directory and their database share this too, for one reads the stream
/// at a time and another goes on where it was.
std::filesystem::path shared_path(const Settings& settings, const std::string& name) {
  const std::filesystem::path directory = settings.state_dir();
  if (settings.database_kind() == DatabaseKind::sqlite) return directory / name;
  constexpr std::size_t kDigits = 8;
  const auto digest = core::crypto::sha256(settings.db_url);
  return directory / (name + "-" + core::crypto::to_hex(core::crypto::as_bytes(digest)).substr(0, kDigits));
}

std::string new_holder() {
  constexpr std::size_t kBytes = 16;
  return core::crypto::to_hex(core::crypto::random_bytes(kBytes));
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
        checkpoints_(checkpoint_path(settings, "fairness")),
        checkpoint_(fairness::load_checkpoint(checkpoints_, rules.fairness.policy_version, shell_->log())),
        seed_(checkpoint_ ? checkpoint_->info().seed : fairness::Service::random_seed()),
        service_(rules.fairness, seed_, *store_.verdicts, *store_.reviews, bus, host.clock, shell_->metrics(),
                 shell_->log()),
        keeper_(service_, checkpoints_, host.clock, shell_->metrics(), shell_->log()),
        async_checkpoints_(shared_path(settings, "fairness-async").concat(".checkpoint")),
        async_ahead_(shared_path(settings, "fairness-async").concat(".ahead")),
        tier_(rules.fairness.async, fairness::PlayerHasher(seed_), [this] { return service_.policy_version(); },
              {*store_.verdicts,
               [this](std::vector<ports::StandingRequest> requests) {
                 return service_.standings().change(std::move(requests));
               },
               *store_.reviews, async_ahead_, host.clock, shell_->metrics(), shell_->log()}),
        watch_({tier_, bus, async_checkpoints_, *store_.duties, new_holder(), shell_->log(), shell_->metrics(), {}}) {
    service_.consult(tier_);
    if (checkpoint_) service_.restore(*checkpoint_);
    checkpoint_.reset();  // it is as large as the table
  }

  ServiceShell& shell() override { return *shell_; }
  ports::FairnessCheck& check() override { return service_.check(); }

  core::Status prepare() override {
    if (auto loaded = wait_for(host_.io.background(), service_.load()); !loaded) return loaded;
    shell_->background().spawn("fairness", service_.run(), [this] { service_.stop(); });
    shell_->background().spawn("checkpoint", keeper_.run(), [this] { keeper_.stop(); });
    shell_->background().spawn("async stream", watch_.run(), [this] { watch_.stop(); });
    shell_->background().spawn("async watch", watch_.keep(), [this] { watch_.stop(); });
    return {};
  }

  core::Status listen() override {
    return shell_->listen(listen_, service_.routes(), {store_.health, &bus_health_, &watch_});
  }

  core::Result<std::function<void()>> plan_reload(const core::GameRules& rules) override {
    return [this, fresh = rules.fairness] {
      service_.use_rules(fresh);
      tier_.use_rules(fresh.async);
    };
  }

 private:
  Host& host_;
  ListenAddress listen_;
  std::unique_ptr<ServiceShell> shell_;
  Store store_;
  BusHealth bus_health_;
  adapters::CheckpointFile checkpoints_;
  std::optional<fairness::Checkpoint> checkpoint_;
  fairness::PlayerHasher::Seed seed_;
  fairness::Service service_;
  fairness::CheckpointKeeper keeper_;
  adapters::CheckpointFile async_checkpoints_;
  adapters::WriteAheadFiles async_ahead_;
  fairness::async::Tier tier_;
  fairness::async::Watch watch_;
};

}  // namespace

core::Result<std::unique_ptr<FairnessApp>> FairnessApp::create(Host& host, const Settings& settings,
                                                               const core::GameRules& rules, ports::EventBus& bus) {
  auto shell = std::make_unique<ServiceShell>(host, "fairness");
  auto store = settings.database_kind() == DatabaseKind::sqlite ? open_sqlite(host, settings)
                                                                : open_postgres(host, *shell, settings);
  if (!store) return std::unexpected(store.error());
  return std::make_unique<FairnessParts>(host, std::move(shell), settings, rules, bus, std::move(*store));
}

}  // namespace liveops::apps
