#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "adapters/fairness_http/call.hpp"
#include "adapters/fairness_http/options.hpp"
#include "adapters/fairness_http/replica_status.hpp"
#include "adapters/http_client/client.hpp"
#include "adapters/http_client/url.hpp"
#include "core/time.hpp"

namespace liveops::adapters::fairness_http {

/// One thread's way to one URL: a connection with one request on it, and the questions for the next.
///
/// Threads: only the executor's. Lives, with its connection, until its last request has ended.
class Replica : public std::enable_shared_from_this<Replica> {
 public:
  /// Takes the questions of a replica that turned out to be away.
  using Elsewhere = std::function<void(Question)>;

  /// `options`, `clock`, `status` and what `elsewhere` refers to must outlive the executor's run.
  Replica(boost::asio::any_io_executor executor, const http_client::Url& url, const Options& options,
          const core::Clock& clock, ReplicaStatus& status, Elsewhere elsewhere);

  /// False while it is left alone because it was away. Of those who come afterwards one request tries it.
  [[nodiscard]] bool is_worth_asking() const;

  /// The question goes along with the next request. When too many wait, the call fails: `unavailable`.
  void ask(Question question);

 private:
  using Verdicts = core::Result<std::vector<core::Verdict>>;

  [[nodiscard]] static boost::asio::awaitable<void> run(std::shared_ptr<Replica> self);
  [[nodiscard]] std::vector<Question> take_batch();
  [[nodiscard]] boost::asio::awaitable<void> settle(std::vector<Question> batch);
  /// Errors: `unavailable` (no connection), `timeout` (the connection broke, or time is over), `corrupt` (an answer,
  /// but no verdicts).
  [[nodiscard]] boost::asio::awaitable<Verdicts> request(const std::vector<Question>& batch);
  [[nodiscard]] http_client::Headers headers_for(const std::string& body, const std::string& traceparent) const;
  void drop_what_is_over();
  void leave_alone();
  void send_elsewhere(const std::vector<Question>& batch);

  boost::asio::any_io_executor executor_;
  const Options& options_;
  const core::Clock& clock_;
  ReplicaStatus& status_;
  Elsewhere elsewhere_;
  std::string target_;
  http_client::Client client_;
  std::deque<Question> waiting_;
  bool running_ = false;
  unsigned failures_ = 0;  // in a row
  std::chrono::steady_clock::time_point try_again_at_;
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace liveops::adapters::fairness_http
