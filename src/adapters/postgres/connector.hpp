#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "adapters/postgres/connection.hpp"
#include "adapters/postgres/connection_options.hpp"
#include "ports/task.hpp"

namespace liveops::adapters::postgres {

/// Opens connections without blocking: names of hosts are looked up first, on Asio's own thread, as libpq would block.
/// (A host that only a service file names is looked up by libpq.)
///
/// Threads: any.
class Connector {
 public:
  Connector(ConnectionOptions options, std::chrono::milliseconds timeout, bool prepare);

  /// Errors: `unavailable`, whose detail says where and why.
  [[nodiscard]] ports::Task<std::unique_ptr<Connection>> connect() const;

 private:
  using Deadline = std::chrono::steady_clock::time_point;
  [[nodiscard]] ports::Task<std::vector<ConnectionOptions::Host>> look_up(Deadline deadline) const;
  [[nodiscard]] core::Error failed(std::string_view why) const;

  ConnectionOptions options_;
  std::chrono::milliseconds timeout_;
  bool prepare_;
};

}  // namespace liveops::adapters::postgres
