#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
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

/// Asks fairness and decides what happens to events when there is no verdict. How long to wait is the adapter's matter.
///
/// Threads: any.
class FairnessGate {
 public:
  struct Options {
    FailMode fail_mode = FailMode::open;
  };

  FairnessGate(ports::FairnessCheck& fairness, Options options, Counters& counters, ports::Log& log);

  /// One verdict per event, in order; nullopt: none was to be had, and the events are to be refused for now.
  [[nodiscard]] boost::asio::awaitable<std::optional<std::vector<core::Verdict>>> check(
      std::vector<core::Event> events);

 private:
  using Answer = core::Result<std::vector<core::Verdict>>;

  [[nodiscard]] boost::asio::awaitable<Answer> ask(std::vector<core::Event> events);
  [[nodiscard]] std::optional<std::vector<core::Verdict>> without_answer(std::size_t events, const core::Error& error);

  ports::FairnessCheck& fairness_;
  Options options_;
  Counters& counters_;
  ports::Log& log_;
  std::atomic<bool> answering_{true};  // the log tells of changes, not of every event
};

}  // namespace liveops::gateway
