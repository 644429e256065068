#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/bus_redis/keys.hpp"
#include "adapters/bus_redis/replies.hpp"
#include "adapters/redis/client/client.hpp"
#include "ports/event_bus.hpp"
#include "ports/task.hpp"

namespace liveops::adapters::bus_redis {

/// Whose share of which stream a command is about.
struct Membership {
  ports::Topic topic = ports::Topic::events;
  std::string group;
  std::string member;
};

/// The streams, groups and pending lists on the server, without any waiting.
///
/// Errors, of each: `unavailable`; `conflict` where the stream or the group is not there. Threads: any.
class Streams {
 public:
  Streams(redis::Client& client, Keys keys, std::size_t shards)
      : client_(client), keys_(std::move(keys)), shards_(shards) {}

  [[nodiscard]] const Keys& keys() const { return keys_; }
  /// Streams of a topic that may hold messages: those of this process, and of others that spread them wider.
  [[nodiscard]] std::size_t shards() const { return shards_.load(); }
  /// Learns from the other processes how wide they spread, and tells them.
  [[nodiscard]] ports::Task<void> agree_on_shards();

  /// Makes the group, at the oldest message kept, on each stream where it is missing.
  [[nodiscard]] ports::Task<void> ensure_group(ports::Topic topic, std::string group);
  [[nodiscard]] ports::Task<std::vector<GroupInfo>> groups(ports::Topic topic, std::size_t shard);
  [[nodiscard]] ports::Task<std::optional<StreamId>> oldest_pending(ports::Topic topic, std::size_t shard,
                                                                    std::string group);
  [[nodiscard]] ports::Task<ports::Backlog> backlog(ports::Topic topic, std::string group, core::Timestamp now);

  /// Some streams of a topic, in a ring.
  struct Span {
    std::size_t first = 0;
    std::size_t streams = 1;
  };
  /// About `count` messages that nobody in the group had, at least one of each stream; waits `block` for the first, 0:
  /// not at all.
  [[nodiscard]] redis::Command read_new(const Membership& who, Span span, std::size_t count,
                                        std::chrono::milliseconds block) const;
  /// Up to `count` of the member's own pending ones after `after`.
  [[nodiscard]] ports::Task<std::vector<Entry>> read_own(Membership who, std::size_t shard, StreamId after,
                                                         std::size_t count);
  /// Takes over what was idle for `idle`, from `cursor` on.
  [[nodiscard]] ports::Task<Claimed> take_over(Membership who, std::size_t shard, std::chrono::milliseconds idle,
                                               StreamId cursor, std::size_t count);
  /// Fills in which delivery each of these is.
  [[nodiscard]] ports::Task<std::vector<std::uint32_t>> deliveries(Membership who, std::size_t shard,
                                                                   std::vector<StreamId> ids);

  [[nodiscard]] ports::Task<void> ack(ports::Topic topic, std::string group, std::vector<Handout> handouts);
  /// As if the member had not touched these for `idle`; they stay its own until another takes them over.
  [[nodiscard]] ports::Task<void> set_idle(Membership who, std::vector<Handout> handouts,
                                           std::chrono::milliseconds idle);
  /// The same with all that the server says the member has.
  [[nodiscard]] ports::Task<void> set_all_idle(Membership who, std::chrono::milliseconds idle);

  /// Forgets members that hold nothing and were silent for `idle`: all such ones, or `only` one of them.
  [[nodiscard]] ports::Task<void> forget_members(ports::Topic topic, std::string group, std::chrono::milliseconds idle,
                                                 std::string only);

  [[nodiscard]] redis::Client& client() const { return client_; }

 private:
  struct Behind {
    std::uint64_t messages = 0;
    StreamId oldest;  // `max` when there is none
  };
  [[nodiscard]] ports::Task<Behind> behind(ports::Topic topic, std::size_t shard, std::string group);
  [[nodiscard]] ports::Task<void> run_all(std::vector<redis::Command> commands);
  [[nodiscard]] std::vector<redis::Command> by_stream(redis::Command front, ports::Topic topic,
                                                      const std::vector<Handout>& handouts,
                                                      const redis::Command& middle, const redis::Command& back) const;

  redis::Client& client_;
  const Keys keys_;
  std::atomic<std::size_t> shards_;
};

/// Whether the server's answer was this error ("BUSYGROUP", "NOGROUP", ...).
[[nodiscard]] bool says(const core::Error& error, std::string_view word);
/// As the port has it: everything that went wrong with the server is `unavailable`.
[[nodiscard]] std::unexpected<core::Error> as_unavailable(core::Error error);

}  // namespace liveops::adapters::bus_redis
