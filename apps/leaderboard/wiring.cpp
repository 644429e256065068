#include "apps/leaderboard/wiring.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <utility>

#include "apps/host/blocking.hpp"
#include "apps/host/bus_health.hpp"
#include "apps/host/consumer_task.hpp"
#include "apps/host/periodic_task.hpp"
#include "apps/leaderboard/stores.hpp"
#include "apps/wiring/bus.hpp"
#include "core/auth/key_ring.hpp"
#include "core/crypto/digest.hpp"
#include "leaderboard/leaderboard.hpp"
#include "leaderboard/routes.hpp"

namespace liveops::apps {

namespace {

using adapters::config::Settings;
using BoardBookPtr = std::shared_ptr<const leaderboard::BoardBook>;

constexpr std::chrono::seconds kUpkeepInterval{1};
constexpr std::chrono::seconds kSizeInterval{5};
constexpr const char* kSnapshotPurpose = "liveops-guard snapshots v1";

/// Signs snapshots; derived, so that it is no further secret to keep.
core::Result<std::string> snapshot_secret(const Settings& settings) {
  const auto keys = core::auth::KeyRing::parse(settings.hmac_secret, settings.hmac_keys);
  if (!keys) return std::unexpected(keys.error());
  const auto digest = core::crypto::hmac_sha256(keys->keys().front().secret, kSnapshotPurpose);
  return std::string(core::crypto::as_bytes(digest));
}

boost::asio::awaitable<void> rebuild_after_reload(leaderboard::Leaderboard& service, ports::Log& log) {
  const auto report = co_await service.rebuild().run();
  if (!report) log.error("rank index not rebuilt", {{"reason", std::string_view(report.error().message)}});
}

/// How large the rank index is, for /metrics.
class IndexSize {
 public:
  IndexSize(const adapters::memory::RankIndex& index, ports::Metrics& metrics)
      : index_(index),
        bytes_(metrics.gauge("liveops_leaderboard_index_bytes", "Memory that the rank index takes", {})),
        players_(metrics.gauge("liveops_leaderboard_index_players", "Players who are in some table of it", {})),
        entries_(metrics.gauge("liveops_leaderboard_index_entries", "Entries of all its tables", {})) {}

  boost::asio::awaitable<void> measure() {
    const auto size = index_.size();
    bytes_.set(static_cast<double>(size.bytes));
    players_.set(static_cast<double>(size.players));
    entries_.set(static_cast<double>(size.entries));
    co_return;
  }

 private:
  const adapters::memory::RankIndex& index_;
  ports::Gauge& bytes_;
  ports::Gauge& players_;
  ports::Gauge& entries_;
};

class LeaderboardApp final : public ServiceApp {
 public:
  LeaderboardApp(Host& host, const Settings& settings, ports::EventBus& bus, BoardBookPtr book,
                 std::unique_ptr<ServiceShell> shell, LeaderboardStores stores, const std::string& secret)
      : host_(host),
        bus_(bus),
        listen_{settings.leaderboard_listen.host, settings.leaderboard_listen.port},
        shell_(std::move(shell)),
        stores_(std::move(stores)),
        bus_health_(bus, BusUse::consumes, host.pace.well_for),
        service_(std::move(book), secret,
                 {stores_.standings(), stores_.snapshots(), stores_.visibility(), stores_.revisions(), *stores_.index,
                  *stores_.leases, host.clock, shell_->metrics(), shell_->log(), settings.inbox_retention}) {
    if (stores_.index_in_memory != nullptr) {
      index_size_ = std::make_unique<IndexSize>(*stores_.index_in_memory, shell_->metrics());
    }
  }

  ServiceShell& shell() override { return *shell_; }

  core::Status prepare() override {
    if (const auto loaded = wait_for(host_.io.background(), service_.load()); !loaded) {
      return std::unexpected(loaded.error());
    }
    auto verdicts = ConsumerTask::open(
        host_, *shell_, bus_, ports::Topic::verdicts, kLeaderboardGroup,
        [this](const std::vector<ports::Delivery>& batch) { return service_.visibility().handle(batch); });
    if (!verdicts) return std::unexpected(verdicts.error());
    auto events = ConsumerTask::open(
        host_, *shell_, bus_, ports::Topic::events, kLeaderboardGroup,
        [this](const std::vector<ports::Delivery>& batch) { return service_.ingest().handle(batch); });
    if (!events) return std::unexpected(events.error());
    verdicts_ = std::move(*verdicts);
    events_ = std::move(*events);
    verdicts_->start();
    events_->start();
    const auto caught_up = leaderboard::caught_up_by_backlog(events_->consumer(), host_.clock);
    upkeep_ = start_periodic(shell_->background(), "upkeep", kUpkeepInterval,
                             [this, caught_up] { return service_.upkeep(caught_up); });
    if (index_size_) {
      measuring_ =
          start_periodic(shell_->background(), "index size", kSizeInterval, [this] { return index_size_->measure(); });
    }
    return {};
  }

  core::Status listen() override {
    std::vector<ports::HealthCheck*> checks{&service_.rebuild(), &bus_health_};
    for (const auto& check : stores_.health) checks.push_back(check.get());
    checks.push_back(events_.get());
    checks.push_back(verdicts_.get());
    return shell_->listen(listen_, leaderboard::routes(service_), std::move(checks));
  }

  void leave() override { wait_for(host_.io.background(), service_.resign()); }

  core::Result<std::function<void()>> plan_reload(const core::GameRules& rules) override {
    auto book = leaderboard::BoardBook::create(rules);
    if (!book) return std::unexpected(book.error());
    return [this, fresh = *book] {
      service_.replace_rules(fresh);
      boost::asio::co_spawn(host_.io.background(), rebuild_after_reload(service_, shell_->log()),
                            boost::asio::detached);
    };
  }

 private:
  Host& host_;
  ports::EventBus& bus_;
  ListenAddress listen_;
  std::unique_ptr<ServiceShell> shell_;
  LeaderboardStores stores_;
  std::unique_ptr<IndexSize> index_size_;  // null: the index is elsewhere
  BusHealth bus_health_;
  leaderboard::Leaderboard service_;
  std::unique_ptr<ConsumerTask> verdicts_;
  std::unique_ptr<ConsumerTask> events_;
  std::unique_ptr<runtime::Periodic> upkeep_;
  std::unique_ptr<runtime::Periodic> measuring_;
};

}  // namespace

core::Result<std::unique_ptr<ServiceApp>> make_leaderboard(Host& host, const Settings& settings,
                                                           const core::GameRules& rules, ports::EventBus& bus) {
  auto book = leaderboard::BoardBook::create(rules);
  if (!book) return std::unexpected(book.error());
  auto secret = snapshot_secret(settings);
  if (!secret) return std::unexpected(secret.error());
  auto shell = std::make_unique<ServiceShell>(host, "leaderboard");
  auto stores = open_leaderboard_stores(host, *shell, settings);
  if (!stores) return std::unexpected(stores.error());
  return std::make_unique<LeaderboardApp>(host, settings, bus, std::move(*book), std::move(shell), std::move(*stores),
                                          *secret);
}

}  // namespace liveops::apps
