#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include "adapters/bus_sqs/batch_sender.hpp"
#include "adapters/bus_sqs/options.hpp"
#include "ports/log.hpp"

namespace liveops::adapters::bus_sqs {

using Messages = std::shared_ptr<const std::vector<Message>>;

/// The way to one queue: fills batches of ten from all publishes that are under way, and sends again what a batch did
/// not bring in, until the publish's time is over.
///
/// A batch that is not full waits `linger` for more. To a FIFO queue the messages of one player go one batch after the
/// other; a message that failed goes after those that did not.
/// Threads: `send` any; the rest happens on `io`, which must have ended before this goes away.
class Lane {
 public:
  using Done = std::move_only_function<void(std::vector<ports::PublishOutcome>)>;

  /// What `sender` fails with is logged, at most every 5 seconds.
  Lane(boost::asio::io_context& io, std::unique_ptr<BatchSender> sender, const Options& options, aws::Backoff& backoff,
       ports::Log& log);

  /// Calls `done` on `io`'s thread.
  void send(Messages messages, Done done);
  /// On `io`'s thread: what has not been sent gets `retry`.
  void stop();

 private:
  using Instant = std::chrono::steady_clock::time_point;
  struct Publication {
    Messages messages;
    std::vector<ports::PublishOutcome> outcomes;
    std::size_t left;
    Done done;
    Instant deadline;
  };
  struct Entry {
    std::shared_ptr<Publication> publication;
    std::size_t index = 0;
    Instant since;
    [[nodiscard]] const Message& message() const { return (*publication->messages)[index]; }
    void settle(ports::PublishOutcome outcome) const;
  };
  /// What is sent in order: all of a standard queue, or some of the players of a FIFO queue.
  struct Track {
    explicit Track(boost::asio::io_context& io) : timer(io) {}
    std::deque<Entry> waiting;
    std::size_t waiting_bytes = 0;
    std::size_t in_flight = 0;
    boost::asio::steady_timer timer;
  };

  void add(const std::shared_ptr<Publication>& publication);
  [[nodiscard]] Track& track_of(const Message& message);
  void dispatch(Track& track);
  [[nodiscard]] bool is_due(const Track& track, Instant now) const;
  void wake_later(Track& track);
  [[nodiscard]] std::vector<Entry> take_batch(Track& track) const;
  boost::asio::awaitable<void> deliver(Track& track, std::vector<Entry> batch);
  boost::asio::awaitable<std::vector<Entry>> try_once(std::vector<Entry> batch);
  void report(const core::Error& error);

  boost::asio::io_context& io_;
  std::unique_ptr<BatchSender> sender_;
  const Options& options_;
  aws::Backoff& backoff_;
  ports::Log& log_;
  Instant report_at_{};  // not before
  std::stop_source stop_;
  std::size_t waiting_ = 0;
  std::size_t max_in_flight_;
  std::vector<std::unique_ptr<Track>> tracks_;
};

}  // namespace liveops::adapters::bus_sqs
