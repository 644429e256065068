#include "apps/progression/wiring.hpp"

#include <utility>

#include "apps/host/bus_health.hpp"
#include "apps/host/consumer_task.hpp"
#include "apps/host/periodic_task.hpp"
#include "apps/host/receipt_keys.hpp"
#include "apps/progression/stores.hpp"
#include "apps/wiring/bus.hpp"
#include "core/receipt.hpp"
#include "progression/progression.hpp"
#include "progression/routes.hpp"

namespace liveops::apps {

namespace {

using adapters::config::Settings;
using GameBookPtr = std::shared_ptr<const progression::GameBook>;

constexpr std::chrono::minutes kSweepInterval{10};

class ProgressionApp final : public ServiceApp {
 public:
  struct Parts {
    GameBookPtr book;
    std::unique_ptr<ServiceShell> shell;
    ProgressionStores stores;
    core::crypto::JwsSigner jws;
    std::string receipt_secret;
  };

  ProgressionApp(Host& host, const Settings& settings, ports::EventBus& bus, Parts parts)
      : host_(host),
        bus_(bus),
        listen_{settings.progression_listen.host, settings.progression_listen.port},
        shell_(std::move(parts.shell)),
        stores_(std::move(parts.stores)),
        jws_(std::move(parts.jws)),
        signer_(settings.receipt_issuer, jws_, parts.receipt_secret),
        bus_health_(bus, BusUse::consumes, host.pace.well_for),
        service_(std::move(parts.book), {*stores_.progress, *stores_.rewards, *stores_.cache, signer_, host.clock,
                                         shell_->metrics(), shell_->log(), settings.inbox_retention}) {}

  ServiceShell& shell() override { return *shell_; }

  core::Status prepare() override {
    auto consumer = ConsumerTask::open(
        host_, *shell_, bus_, ports::Topic::events, kProgressionGroup,
        [this](const std::vector<ports::Delivery>& batch) { return service_.ingest().handle(batch); });
    if (!consumer) return std::unexpected(consumer.error());
    auto verdicts = ConsumerTask::open(
        host_, *shell_, bus_, ports::Topic::verdicts, kProgressionGroup,
        [this](const std::vector<ports::Delivery>& batch) { return service_.revocations().handle(batch); });
    if (!verdicts) return std::unexpected(verdicts.error());
    consumer_ = std::move(*consumer);
    verdicts_ = std::move(*verdicts);
    consumer_->start();
    verdicts_->start();
    sweep_ = start_periodic(shell_->background(), "inbox sweep", kSweepInterval,
                            [this] { return service_.inbox_sweep().sweep(); });
    return {};
  }

  core::Status listen() override {
    auto checks = stores_.checks();
    checks.push_back(&bus_health_);
    checks.push_back(consumer_.get());
    checks.push_back(verdicts_.get());
    return shell_->listen(listen_, progression::routes(service_), std::move(checks));
  }

  core::Result<std::function<void()>> plan_reload(const core::GameRules& rules) override {
    auto book = progression::GameBook::create(rules);
    if (!book) return std::unexpected(book.error());
    return [this, fresh = *book] { service_.replace_rules(fresh); };
  }

 private:
  Host& host_;
  ports::EventBus& bus_;
  ListenAddress listen_;
  std::unique_ptr<ServiceShell> shell_;
  ProgressionStores stores_;
  core::crypto::JwsSigner jws_;
  core::ReceiptSigner signer_;
  BusHealth bus_health_;
  progression::Progression service_;
  std::unique_ptr<ConsumerTask> consumer_;
  std::unique_ptr<ConsumerTask> verdicts_;
  std::unique_ptr<runtime::Periodic> sweep_;
};

}  // namespace

core::Result<std::unique_ptr<ServiceApp>> make_progression(Host& host, const Settings& settings,
                                                           const core::GameRules& rules, ports::EventBus& bus) {
  auto book = progression::GameBook::create(rules);
  if (!book) return std::unexpected(book.error());
  auto jws = receipt_signer(settings);
  if (!jws) return std::unexpected(jws.error());
  auto secret = receipt_secret(settings);
  if (!secret) return std::unexpected(secret.error());
  auto shell = std::make_unique<ServiceShell>(host, "progression");
  auto stores = open_progression_stores(host, *shell, settings);
  if (!stores) return std::unexpected(stores.error());
  return std::make_unique<ProgressionApp>(host, settings, bus,
                                          ProgressionApp::Parts{std::move(*book), std::move(shell), std::move(*stores),
                                                                std::move(*jws), std::move(*secret)});
}

}  // namespace liveops::apps
