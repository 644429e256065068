#pragma once

#include <array>
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "adapters/bus_local/dead_letter_table.hpp"
#include "adapters/bus_local/group_store.hpp"
#include "adapters/bus_local/journal_queue.hpp"
#include "adapters/bus_local/log_reader.hpp"
#include "adapters/bus_local/topic_log.hpp"
#include "core/time.hpp"
#include "ports/log.hpp"
#include "ports/task.hpp"

namespace liveops::adapters::bus_local {

/// The only writer of the logs and of bus.db: a thread that commits all publishes that wait as one group, writes the
/// positions of the groups down, drops what all have passed and redrives letters on request.
///
/// Threads: any. The destructor finishes what is queued and writes the positions a last time.
class Journal {
 public:
  using Outcomes = JournalQueue::Outcomes;
  using Job = std::move_only_function<core::Status(DeadLetterTable&)>;

  struct Options {
    std::uint64_t max_bytes = 0;
    std::size_t max_queued_bytes = 64U << 20U;
  };

  struct Stored {  // what it writes to
    GroupStore groups;
    MessageLogs& logs;
    std::array<TopicLog, 2>& topics;
  };

  Journal(Stored stored, const core::Clock& clock, ports::Log& log, Options options);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// Completes after the commit that holds `frames`; `outcomes` come back as they are, or with `retry` for `stored`.
  [[nodiscard]] boost::asio::awaitable<Outcomes> publish(ports::Topic topic, Frames frames,
                                                         std::vector<ports::PublishOutcome> outcomes);
  /// Runs `job` in a transaction of its own; its error rolls back.
  [[nodiscard]] ports::Task<void> run(Job job);
  /// Adds the group, at the oldest message kept, unless it is there.
  [[nodiscard]] ports::Task<void> add_group(ports::Topic topic, std::string name);
  /// Hands a dead letter to its group again. Errors: `not_found`, `unavailable`.
  [[nodiscard]] ports::Task<void> redrive(std::string id);
  /// Writes the positions down and reclaims all that can be reclaimed now.
  [[nodiscard]] ports::Task<void> tidy();
  /// Can it store now? Errors: `unavailable`.
  [[nodiscard]] ports::Task<void> check();
  /// Whether dead letters may still be added.
  [[nodiscard]] bool has_room_for_dead_letters() const;

 private:
  using Positions = std::array<std::map<std::string, std::uint64_t>, 2>;  // of each topic's groups

  using Publish = JournalQueue::Publish;

  [[nodiscard]] ports::Task<void> on_thread(std::move_only_function<core::Status()> work);
  void loop();
  void commit(std::vector<Publish> publishes);
  [[nodiscard]] core::Status store(std::size_t topic, const std::vector<Publish>& publishes);
  static void complete(std::vector<Publish> publishes, const core::Status& stored, bool full);

  void keep_house();
  /// Writes the positions down.
  [[nodiscard]] core::Status settle();
  [[nodiscard]] core::Status save(const Positions& positions);
  /// Below it, every group has passed, and it is written down that they have. 0: nobody reads the topic yet.
  [[nodiscard]] std::uint64_t passed_by_all(std::size_t topic) const;
  /// Drops some of what all groups have passed; says how many files.
  [[nodiscard]] std::size_t reclaim();
  [[nodiscard]] core::Status redrive_requested();
  [[nodiscard]] core::Status redrive_now(const ports::DeadLetter& letter);
  [[nodiscard]] core::Status in_transaction(std::move_only_function<core::Status()> work);
  void note(const core::Status& written);
  void measure();
  [[nodiscard]] TopicLog& topic(ports::Topic topic) { return topics_[static_cast<std::size_t>(topic)]; }

  GroupStore groups_;
  DeadLetterTable dead_;
  MessageLogs& logs_;
  std::array<TopicLog, 2>& topics_;
  const core::Clock& clock_;
  ports::Log& log_;
  const Options options_;
  Positions saved_;  // as in the file
  std::int64_t data_version_ = 0;
  std::chrono::steady_clock::time_point next_house_;
  std::chrono::steady_clock::time_point next_look_;
  std::atomic<std::uint64_t> used_bytes_{0};
  std::atomic<bool> failing_{false};  // the last write went wrong

  std::shared_ptr<JournalQueue> queue_;
  std::thread thread_;
};

}  // namespace liveops::adapters::bus_local
