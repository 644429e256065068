#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "adapters/bus_nats/client.hpp"
#include "adapters/bus_nats/dead_letter_stream.hpp"
#include "adapters/bus_nats/names.hpp"
#include "adapters/bus_nats/pull_buffer.hpp"
#include "core/time.hpp"
#include "runtime/signal.hpp"

namespace liveops::adapters::bus_nats {

/// A member of a consumer group: pulls from the group's durable consumer as many as are wanted, when they are wanted.
/// A tag is the subject on which the message is acked.
///
/// A wait shorter than 20 ms is taken for one: the server is asked, and needs a moment.
/// Threads: any, but one `receive` at a time.
class Consumer final : public ports::EventConsumer, private Client::Listener {
 public:
  struct Bus {  // what it works with; outlives it
    Client& client;
    DeadLetterStream& dead_letters;
    const Options& options;
    const Names& names;
    const core::Clock& clock;
    std::function<void()> missing;  // the group is not on the server: make it again
  };

  Consumer(Bus bus, ports::Topic topic, std::string group);
  ~Consumer() override;
  Consumer(const Consumer&) = delete;
  Consumer& operator=(const Consumer&) = delete;

  ports::Task<std::vector<ports::Delivery>> receive(std::size_t max, std::chrono::milliseconds wait) override;
  ports::Task<void> ack(std::vector<std::string> tags) override;
  ports::Task<void> nack(std::vector<std::string> tags, std::chrono::milliseconds delay) override;
  ports::Task<void> dead_letter(ports::Delivery delivery, std::string reason) override;
  ports::Task<void> extend(std::vector<std::string> tags) override;
  ports::Task<ports::Backlog> backlog() override;
  void close() override;

 private:
  using Instant = std::chrono::steady_clock::time_point;

  void deliver(Incoming message) override;
  void pull_ended(std::uint64_t pull, int status) override;
  void link_changed() override;
  void say(std::vector<std::string> tags, std::string_view verb);

  /// Whether the tag is one of this group's.
  [[nodiscard]] std::optional<AckSubject> parse_tag(std::string_view tag) const;
  [[nodiscard]] std::vector<Arrival> take(std::size_t max);
  /// Asks the server for messages and waits until some are there, at most until `deadline`.
  [[nodiscard]] boost::asio::awaitable<void> pull(std::size_t max, Instant deadline);
  /// Sends the request for messages; false when it could not be sent.
  [[nodiscard]] bool ask(std::size_t max, std::chrono::milliseconds expires);
  /// Waits until the pull has ended or what comes pauses, at most until `until`; `seen`: the signal before the request.
  [[nodiscard]] boost::asio::awaitable<void> gather(std::uint64_t seen, Instant until);
  [[nodiscard]] bool is_waiting();
  [[nodiscard]] bool is_empty();
  /// Sends `verb` for each; completes when the server has taken the last one. Gives those that were ours.
  [[nodiscard]] ports::Task<std::vector<std::uint64_t>> settle(std::vector<std::string> tags, std::string verb);
  /// The deliveries of what can be read; the rest goes to the dead letters.
  [[nodiscard]] boost::asio::awaitable<std::vector<ports::Delivery>> sort_out(std::vector<Arrival> arrivals);

  Bus bus_;
  const ports::Topic topic_;
  const std::string group_;
  const std::string stream_;
  runtime::Signal signal_;  // something came, the pull ended, the link changed, or it was closed
  std::mutex mutex_;
  PullBuffer buffer_;
  bool closed_ = false;
  std::uint64_t number_;  // as a listener
};

}  // namespace liveops::adapters::bus_nats
