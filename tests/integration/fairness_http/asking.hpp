#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "adapters/fairness_http/fairness_check.hpp"
#include "tests/integration/fairness_http/fairness_server.hpp"

namespace liveops::test {

/// A gateway's thread with the adapter under test. Without other wish: a deadline that is never reached, the API token.
class Asking {
 public:
  using Options = adapters::fairness_http::Options;
  using Answer = core::Result<std::vector<core::Verdict>>;

  explicit Asking(std::vector<std::string> urls, Options options = {.deadline = std::chrono::minutes(1)});
  ~Asking();

  Answer check(std::vector<core::Event> events) { return begin(std::move(events)).get(); }
  /// Asks for one event of each, all within one turn of the loop.
  std::vector<std::future<Answer>> begin_together(std::vector<core::Event> events);
  std::future<Answer> begin(std::vector<core::Event> events);

  [[nodiscard]] double metric(const std::string& key) const { return metrics_.value(key); }
  [[nodiscard]] double answered() const { return metric("liveops_fairness_requests_total{outcome=answered}"); }
  [[nodiscard]] double failed() const { return metric("liveops_fairness_requests_total{outcome=failed}"); }
  [[nodiscard]] ports::FairnessCheck& adapter() { return *check_; }

 private:
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_{io_.get_executor()};
  core::SystemClock clock_;
  RecordingMetrics metrics_;
  SilentLog log_;
  std::unique_ptr<adapters::fairness_http::FairnessCheck> check_;
  std::thread thread_;
};

/// A progression event of `player`; the number makes its id.
[[nodiscard]] core::Event event_of(const std::string& player, int number, std::int64_t xp = 10);

/// A port of the loopback on which nobody listens.
[[nodiscard]] std::uint16_t unused_port();

}  // namespace liveops::test
