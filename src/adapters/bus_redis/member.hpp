#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "adapters/bus_redis/background.hpp"
#include "adapters/bus_redis/dead_letter_streams.hpp"
#include "adapters/bus_redis/held_messages.hpp"
#include "adapters/bus_redis/options.hpp"
#include "adapters/bus_redis/read_size.hpp"
#include "adapters/bus_redis/streams.hpp"
#include "core/time.hpp"
#include "ports/event_bus.hpp"
#include "ports/log.hpp"
#include "ports/metrics.hpp"
#include "runtime/signal.hpp"

namespace liveops::adapters::bus_redis {

/// Releases of members of this process that are under way: who receives meanwhile waits for them, so as to see what a
/// member that was just closed gives back. Threads: any.
class Releases {
 public:
  void begin() { ++under_way_; }
  void end() {
    --under_way_;
    ended_.notify();
  }
  [[nodiscard]] boost::asio::awaitable<void> settled();

 private:
  std::atomic<int> under_way_{0};
  runtime::Signal ended_;
};

/// A member of a consumer group, as both its consumer and the work in the background that it leaves behind see it.
///
/// Messages come in three ways: taken over (nacked ones, those of members that vanished, this member's own that ran
/// out), its own from before a restart, and new ones. What came is `ready_` until it is asked for. When there is
/// nothing, one blocking read waits on a connection of its own, for at most `Options::takeover_interval`.
///
/// Threads: any, but one `receive` at a time.
class Member : public std::enable_shared_from_this<Member> {
 public:
  struct Bus {  // what it works with; outlives it
    Streams& streams;
    DeadLetterStreams& dead;
    Background& background;
    Releases& releases;
    const core::Clock& clock;
    ports::Log& log;
    ports::Counter& taken_over;
    const Options& options;
  };

  Member(Bus bus, Membership who, std::unique_ptr<redis::Client> blocking)
      : bus_(bus), who_(std::move(who)), blocking_(std::move(blocking)) {}

  [[nodiscard]] ports::Task<std::vector<ports::Delivery>> receive(std::size_t max, std::chrono::milliseconds wait);
  [[nodiscard]] ports::Task<void> ack(std::vector<std::string> tags);
  [[nodiscard]] ports::Task<void> nack(std::vector<std::string> tags, std::chrono::milliseconds delay);
  [[nodiscard]] ports::Task<void> extend(std::vector<std::string> tags);
  [[nodiscard]] ports::Task<void> dead_letter(ports::Delivery delivery, std::string reason);
  [[nodiscard]] ports::Task<ports::Backlog> backlog();
  void close();

 private:
  enum class State : std::uint8_t { closed, failed, ready, reading, idle };

  /// What a receive finds; fills `out` or `failure`.
  [[nodiscard]] State look(std::size_t max, std::vector<ports::Delivery>& out, core::Error& failure);
  /// How many messages to fetch; 0 when as many are in flight as may be.
  [[nodiscard]] std::size_t room(std::size_t max);
  [[nodiscard]] bool has_ready();

  [[nodiscard]] ports::Task<void> fetch(std::size_t count);
  [[nodiscard]] ports::Task<void> fetch_once(std::size_t count);
  [[nodiscard]] ports::Task<void> fetch_own(std::size_t count);
  [[nodiscard]] ports::Task<void> fetch_new(std::size_t count);
  [[nodiscard]] bool takeover_is_due();
  [[nodiscard]] ports::Task<void> take_over(std::size_t count);
  [[nodiscard]] ports::Task<void> take_over_from(std::uint32_t shard, std::size_t count, std::size_t& taken);
  [[nodiscard]] ports::Task<void> accept_again(std::uint32_t shard, std::vector<Entry> entries, core::Timestamp until);
  [[nodiscard]] ports::Task<void> accept_new(redis::Reply reply, core::Timestamp until);
  /// Makes an entry ready, or puts one that is not for this group, or gone, to `skipped`.
  void accept(Handout handout, Entry entry, core::Timestamp until, std::vector<Handout>& skipped);

  void start_reading(std::size_t count, std::chrono::milliseconds left);
  // In the background; they keep the member alive.
  boost::asio::awaitable<void> read(std::shared_ptr<Member> self, std::size_t count, std::chrono::milliseconds block);
  void give_back();
  boost::asio::awaitable<void> release(std::shared_ptr<Member> self);

  Bus bus_;
  const Membership who_;
  std::unique_ptr<redis::Client> blocking_;
  runtime::Signal signal_;  // a read ended, there is room again, or the member was closed

  std::mutex mutex_;
  HeldMessages held_;
  std::deque<ports::Delivery> ready_;
  ReadSize read_size_;
  std::optional<core::Error> failure_;  // of the read in the background
  core::Timestamp next_takeover_;
  bool reading_ = false;
  bool closed_ = false;

  // Only the one receive under way looks at these.
  std::vector<StreamId> takeover_cursors_;  // of each stream; zero: from the start
  std::size_t next_shard_ = 0;
  bool own_done_ = false;  // nothing is left from before this member's start
  std::uint32_t own_shard_ = 0;
  StreamId own_after_;
};

}  // namespace liveops::adapters::bus_redis
