#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "adapters/bus_redis/background.hpp"
#include "adapters/bus_redis/capacity.hpp"
#include "adapters/bus_redis/dead_letter_streams.hpp"
#include "adapters/bus_redis/house.hpp"
#include "adapters/bus_redis/member.hpp"
#include "adapters/bus_redis/options.hpp"
#include "adapters/bus_redis/publisher.hpp"
#include "adapters/bus_redis/streams.hpp"
#include "ports/dead_letters.hpp"
#include "ports/event_bus.hpp"

namespace liveops::adapters::bus_redis {

/// The bus on Redis Streams, for processes that share nothing but a server. What it promises about durability, and what
/// the server must be set to: README.md.
///
/// A group starts at the oldest message kept. Attempts are counted by the server. A nack's delay is cut to the
/// visibility timeout. Has a thread of its own; must go away before the executors that wait for it, and after its
/// consumers.
class EventBus final : public ports::EventBus, public ports::DeadLetters {
 public:
  /// Connects in the background: the server need not be there. Errors: `invalid_argument` (the URL, an option).
  [[nodiscard]] static core::Result<std::unique_ptr<EventBus>> open(Options options, const core::Clock& clock,
                                                                    ports::Log& log, ports::Metrics& metrics);
  /// Waits for what is under way: at most the command timeout.
  ~EventBus() override;

  ports::Task<std::vector<ports::PublishOutcome>> publish(ports::Topic topic,
                                                          std::vector<core::Envelope> envelopes) override;
  ports::Task<std::unique_ptr<ports::EventConsumer>> open_consumer(ports::Topic topic, std::string group) override;
  ports::Task<void> check() override;
  /// Does the server answer? Unlike `check` this says yes to a bus that is full, whose consumers have to get started.
  /// Errors: `unavailable`.
  [[nodiscard]] ports::Task<void> reach();
  [[nodiscard]] std::size_t max_body_bytes() const override { return options_.max_body_bytes; }

  ports::Task<std::vector<ports::DeadLetter>> list(std::size_t limit, std::string after) override;
  ports::Task<ports::DeadLetter> show(std::string id) override;
  ports::Task<void> redrive(std::string id) override;

  /// Does at once what is otherwise done every second: makes missing groups, trims, measures. Errors: `unavailable`.
  [[nodiscard]] ports::Task<void> tidy() { return house_.keep(); }

 private:
  struct Outside {
    const core::Clock& clock;
    ports::Log& log;
    ports::Metrics& metrics;
  };
  struct Clients {
    std::unique_ptr<redis::Client> commands;
    std::unique_ptr<redis::Client> publishing;  // null: `commands` does
  };

  EventBus(std::unique_ptr<Background> background, Clients clients, Options options, Outside outside);
  /// The same for the n-th member of the group in each run of a process.
  [[nodiscard]] std::string next_member(ports::Topic topic, const std::string& group);
  [[nodiscard]] static core::Result<std::unique_ptr<redis::Client>> connect(Background& background,
                                                                            const Options& options, std::string name,
                                                                            Outside outside);

  const Options options_;
  const Outside outside_;
  std::unique_ptr<Background> background_;
  Clients clients_;
  Streams streams_;
  Capacity capacity_;
  DeadLetterStreams dead_;
  Releases releases_;
  House house_;
  std::shared_ptr<Publisher> publisher_;
  ports::Counter& taken_over_;
  std::mutex mutex_;
  std::map<std::pair<ports::Topic, std::string>, std::uint32_t> members_;  // opened so far, of each group
};

}  // namespace liveops::adapters::bus_redis
