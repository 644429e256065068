#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "adapters/bus_redis/background.hpp"
#include "adapters/bus_redis/capacity.hpp"
#include "adapters/redis/client/client.hpp"
#include "ports/event_bus.hpp"

namespace liveops::adapters::bus_redis {

/// Sends what concurrent callers publish as one pipeline.
///
/// What an executor's handlers publish in one turn goes into one batch; what comes while as many batches are under way
/// as may be, into the next. Threads: any. Lives in a shared_ptr, as an executor may come back to it after its end.
class Publisher : public std::enable_shared_from_this<Publisher> {
 public:
  using Outcomes = core::Result<std::vector<ports::PublishOutcome>>;

  struct Options {
    std::size_t max_queued_bytes = 0;
    std::size_t max_batches = 1;  // under way at a time
    std::uint32_t wait_replicas = 0;
    std::chrono::milliseconds wait_timeout{0};
  };

  /// What one caller publishes: `commands` of those that are not refused, whose outcomes become what the server says.
  struct Request {
    std::vector<redis::Command> commands;
    std::uint64_t bytes = 0;
    std::vector<ports::PublishOutcome> outcomes;
  };

  /// `client` is used by nobody else when there is a WAIT: it holds up what comes behind it.
  Publisher(redis::Client& client, Background& background, Capacity& capacity, Options options)
      : client_(client), background_(background), capacity_(capacity), options_(options) {}

  /// Errors: `unavailable`.
  [[nodiscard]] boost::asio::awaitable<Outcomes> publish(Request request);
  /// Takes nothing more and fails what was not sent yet.
  void end();

 private:
  struct Waiting {
    Request request;
    boost::asio::any_io_executor executor;  // kept busy while this exists
    std::move_only_function<void(Outcomes)> resume;
  };
  using Batch = std::vector<Waiting>;

  void add(Waiting waiting);
  /// What to answer at once instead of taking the request, if anything.
  [[nodiscard]] std::optional<Outcomes> turn_away(Request& request) const;
  void release();
  [[nodiscard]] Batch next_batch();
  boost::asio::awaitable<void> send(Batch batch);
  boost::asio::awaitable<void> send_one(Batch batch);
  void settle(Batch batch, core::Result<std::vector<core::Result<redis::Reply>>> replies);
  void complete(Waiting waiting, Outcomes outcome);

  redis::Client& client_;
  Background& background_;
  Capacity& capacity_;
  const Options options_;
  std::mutex mutex_;
  Batch gathering_;
  std::uint64_t queued_bytes_ = 0;  // gathering or under way
  std::size_t batches_ = 0;         // under way
  bool releasing_ = false;          // an executor will come back to send what gathers
  bool ended_ = false;
};

}  // namespace liveops::adapters::bus_redis
