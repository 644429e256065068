#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <mutex>
#include <string>

#include "fairness/async/tier.hpp"
#include "ports/checkpoint_store.hpp"
#include "ports/event_bus.hpp"
#include "ports/health.hpp"
#include "ports/lease.hpp"
#include "ports/log.hpp"
#include "ports/metrics.hpp"
#include "runtime/batch_consumer.hpp"
#include "runtime/signal.hpp"

namespace liveops::fairness::async {

/// Keeps the slower tier going: joins the consumer group, lets time pass, saves checkpoints.
///
/// Of several replicas one does it at a time, who holds the lease: a player's events must all reach the same analyst.
/// Another takes over within the term. Where they share the checkpoint's directory, it goes on where the first one was;
/// else from what it knew itself.
/// As a dependency of /readyz it is not required. Metrics: liveops_fairness_async_on_duty, and those of BatchConsumer
/// and Tier. Threads: `run` and `keep` on one executor each; `stop` from any.
class Watch final : public ports::HealthCheck {
 public:
  static constexpr std::chrono::seconds kTerm{10};

  struct Pace {
    std::chrono::milliseconds step{1000};
    int renew_every = 3;  // steps
    int save_every = 15;
  };
  struct With {
    Tier& tier;
    ports::EventBus& bus;
    ports::CheckpointStore& checkpoints;
    ports::Leases& leases;
    std::string holder;  // unique to this process
    ports::Log& log;
    ports::Metrics& metrics;
    Pace pace;
  };
  explicit Watch(With with);

  /// Reads the stream while on duty. Completes after `stop`. Spawn once.
  [[nodiscard]] boost::asio::awaitable<void> run();
  /// Every step what is due: the lease, time, the checkpoint. Completes after `stop`, with a last checkpoint and the
  /// lease given back. Spawn once.
  [[nodiscard]] boost::asio::awaitable<void> keep();
  void stop();

  [[nodiscard]] std::string name() const override { return "consumer-events"; }
  [[nodiscard]] bool stops_service(const core::Error& /*failure*/) const override { return false; }
  /// Errors: why the last batch could not be processed.
  [[nodiscard]] ports::Task<void> check() override;

 private:
  [[nodiscard]] boost::asio::awaitable<void> read_stream();
  [[nodiscard]] boost::asio::awaitable<void> wait_for_the_last_batch();
  [[nodiscard]] boost::asio::awaitable<void> renew_lease();
  [[nodiscard]] boost::asio::awaitable<void> save();
  [[nodiscard]] ports::LeaseClaim claim() const;
  void set_duty(bool on_duty);

  With with_;
  ports::Gauge& on_duty_gauge_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> on_duty_{false};
  runtime::Signal changed_;  // of the duty, or stopped
  std::mutex mutex_;
  runtime::BatchConsumer* reading_ = nullptr;  // while the stream is read
  bool save_failed_ = false;
};

}  // namespace liveops::fairness::async
