#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "adapters/bus_nats/client.hpp"
#include "adapters/bus_nats/dead_letter_stream.hpp"
#include "adapters/bus_nats/names.hpp"
#include "adapters/bus_nats/streams.hpp"
#include "core/time.hpp"
#include "ports/dead_letters.hpp"
#include "ports/event_bus.hpp"
#include "ports/log.hpp"
#include "runtime/signal.hpp"

namespace liveops::adapters::bus_nats {

/// The bus on NATS JetStream; what it promises about durability stands in the README beside this.
///
/// A group that is new starts at the oldest message that the stream still holds. A stream that is full refuses
/// publishes: `retry`. While the server is away publishes are `unavailable` at once; it recovers by itself, and makes
/// streams and groups again where the server lost them.
/// Must go away before the executors that wait for it, and after its consumers.
class EventBus final : public ports::EventBus, public ports::DeadLetters {
 public:
  /// Connects and makes streams and groups; blocks. Errors: `unavailable`, `unauthenticated`, `invalid_argument` (an
  /// option, or the server refuses the streams' settings); the message is one line that says what to do.
  [[nodiscard]] static core::Result<std::unique_ptr<EventBus>> open(Options options, const core::Clock& clock,
                                                                    ports::Log& log);
  ~EventBus() override;

  ports::Task<std::vector<ports::PublishOutcome>> publish(ports::Topic topic,
                                                          std::vector<core::Envelope> envelopes) override;
  /// Errors also: `invalid_argument`: the group's name is not 1-64 of [A-Za-z0-9_-].
  ports::Task<std::unique_ptr<ports::EventConsumer>> open_consumer(ports::Topic topic, std::string group) override;
  ports::Task<void> check() override;
  [[nodiscard]] std::size_t max_body_bytes() const override;

  ports::Task<std::vector<ports::DeadLetter>> list(std::size_t limit, std::string after) override;
  ports::Task<ports::DeadLetter> show(std::string id) override;
  ports::Task<void> redrive(std::string id) override;

  /// Does at once what is otherwise done in the background: removes what all groups have acked. Errors: `unavailable`.
  [[nodiscard]] ports::Task<void> tidy();

 private:
  EventBus(Options options, const core::Clock& clock, ports::Log& log);
  [[nodiscard]] core::Status start();
  /// The connection went or came back: nothing is known of the server.
  void start_over();
  /// Something was not there on the server, or was refused: look at it soon.
  void doubt();
  /// Ends waits whose time has passed, until the housekeeping has ended.
  [[nodiscard]] boost::asio::awaitable<void> tick();
  [[nodiscard]] boost::asio::awaitable<void> keep_house();
  /// Makes streams and groups what they must be. Errors: as `Streams::ensure`.
  [[nodiscard]] ports::Task<void> prepare();
  [[nodiscard]] core::Status ready() const;

  const Options options_;
  const Names names_;
  const core::Clock& clock_;
  ports::Log& log_;
  runtime::Signal news_;  // something to look after, or stopping
  std::atomic<bool> stopping_{false};
  std::atomic<bool> house_left_{false};
  std::atomic<bool> doubtful_{false};
  std::atomic<std::uint64_t> connections_{0};  // changes of the connection
  mutable std::mutex mutex_;
  std::uint64_t prepared_for_ = 0;  // what `connections_` was when all was prepared
  std::string problem_;             // why it is not
  std::unique_ptr<Client> client_;
  std::unique_ptr<Streams> streams_;
  std::unique_ptr<DeadLetterStream> dead_letters_;
  boost::asio::io_context io_{1};  // of the housekeeping
  std::thread housekeeper_;
};

}  // namespace liveops::adapters::bus_nats
