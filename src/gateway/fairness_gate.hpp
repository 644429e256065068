#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/event.hpp"
#include "core/verdict.hpp"
#include "gateway/counters.hpp"
#include "ports/fairness_check.hpp"
#include "ports/log.hpp"

namespace liveops::gateway {

/// What happens to events when fairness gives no verdict in time.
enum class FailMode : std::uint8_t {
  open,   // they pass
  closed  // they are refused for now (503)
};

/// Asks fairness, but waits no longer than a deadline (if there is one).
///
/// A check that misses its deadline runs on without anybody waiting for it (not every adapter can stop one). At most
/// `max_overdue` of those are let run; with that many, none is started until one ends.
/// Threads: any. Requires: executors of callers run on one thread each, and have stopped before this is destroyed.
class FairnessGate {
 public:
  struct Options {
    std::chrono::milliseconds deadline{20};  // 0: none, for a fairness in the same process; saves about 1 us a call
    FailMode fail_mode = FailMode::open;
    std::size_t max_overdue = 256;
  };

  FairnessGate(ports::FairnessCheck& fairness, Options options, Counters& counters, ports::Log& log);

  /// One verdict per event, in order; nullopt: none was to be had, and the events are to be refused for now.
  [[nodiscard]] boost::asio::awaitable<std::optional<std::vector<core::Verdict>>> check(
      std::vector<core::Event> events);

 private:
  using Answer = core::Result<std::vector<core::Verdict>>;
  struct Call;

  [[nodiscard]] boost::asio::awaitable<Answer> ask(std::vector<core::Event> events);
  [[nodiscard]] boost::asio::awaitable<Answer> ask_within_deadline(std::vector<core::Event> events);
  [[nodiscard]] boost::asio::awaitable<void> run(std::shared_ptr<Call> call, std::vector<core::Event> events);
  [[nodiscard]] std::optional<std::vector<core::Verdict>> without_answer(std::size_t events, const core::Error& error);

  ports::FairnessCheck& fairness_;
  Options options_;
  Counters& counters_;
  ports::Log& log_;
  std::atomic<std::size_t> overdue_{0};
  std::atomic<bool> answering_{true};  // the log tells of changes, not of every event
};

}  // namespace liveops::gateway
