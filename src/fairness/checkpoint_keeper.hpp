#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <optional>
#include <string_view>

#include "core/time.hpp"
#include "fairness/checkpoint.hpp"
#include "fairness/service.hpp"
#include "ports/checkpoint_store.hpp"
#include "ports/log.hpp"
#include "ports/metrics.hpp"
#include "runtime/signal.hpp"

namespace liveops::fairness {

/// Saves what the service has learnt again and again, and once more when told to stop, so that a restart costs at most
/// the last half minute of it.
///
/// Metrics: liveops_fairness_checkpoint_duration_seconds, _checkpoint_bytes,
/// _checkpoint_last_success_timestamp_seconds. Threads: `run` on one executor; `stop` from any. Must outlive `run`.
class CheckpointKeeper {
 public:
  /// From the end of one to the start of the next. With the time that saving takes it stays below 30 s.
  static constexpr std::chrono::seconds kInterval{15};

  CheckpointKeeper(Service& service, ports::CheckpointStore& store, const core::Clock& clock, ports::Metrics& metrics,
                   ports::Log& log, std::chrono::milliseconds interval = kInterval);

  /// First save after an interval. Completes after `stop` and a last one. Spawn once.
  [[nodiscard]] boost::asio::awaitable<void> run();
  void stop();

  /// One save now. A failure is told in the log, once until it works again.
  [[nodiscard]] boost::asio::awaitable<void> save();

 private:
  Service& service_;
  ports::CheckpointStore& store_;
  const core::Clock& clock_;
  ports::Log& log_;
  std::chrono::milliseconds interval_;
  ports::Histogram& duration_;
  ports::Gauge& bytes_;
  ports::Gauge& saved_at_;
  std::atomic<bool> stopping_{false};
  runtime::Signal stopped_;
  bool failed_ = false;
};

/// The checkpoint to start from, where there is one that can be used; else one line in the log says why not. Blocks.
[[nodiscard]] std::optional<Checkpoint> load_checkpoint(ports::CheckpointStore& store, std::string_view policy_version,
                                                        ports::Log& log);

}  // namespace liveops::fairness
