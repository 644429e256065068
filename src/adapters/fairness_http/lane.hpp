#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <vector>

#include "adapters/fairness_http/call.hpp"
#include "adapters/fairness_http/options.hpp"
#include "adapters/fairness_http/rendezvous.hpp"
#include "adapters/fairness_http/replica.hpp"
#include "ports/task.hpp"

namespace liveops::adapters::fairness_http {

/// A URL, with what is known of it over all threads.
struct Target {
  http_client::Url url;
  std::unique_ptr<ReplicaStatus> status;
};

/// The checks of one thread: each event goes to its player's replica, verdicts come back in order.
///
/// Threads: only that of the io_context.
class Lane {
 public:
  /// All that is handed in must outlive the io_context's run. `targets` stand in the order of `rendezvous`.
  Lane(boost::asio::io_context& io, const std::vector<Target>& targets, const Rendezvous& rendezvous,
       const Options& options, const core::Clock& clock);
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  /// As ports::FairnessCheck::check.
  [[nodiscard]] ports::Task<std::vector<core::Verdict>> check(std::vector<core::Event> events);

  [[nodiscard]] boost::asio::io_context& io() const { return io_; }

 private:
  void route(Question question);

  boost::asio::io_context& io_;
  const Rendezvous& rendezvous_;
  const Options& options_;
  std::vector<std::shared_ptr<Replica>> replicas_;
};

}  // namespace liveops::adapters::fairness_http
