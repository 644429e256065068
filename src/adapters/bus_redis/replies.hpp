#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/bus_redis/stream_id.hpp"
#include "adapters/redis/client/reply.hpp"
#include "core/error.hpp"

namespace liveops::adapters::bus_redis {

// Fields of an entry.
inline constexpr std::string_view kFrameField = "e";
inline constexpr std::string_view kGroupField = "g";     // of a message: only for this group; of a letter: whose it is
inline constexpr std::string_view kReasonField = "r";    // of a letter
inline constexpr std::string_view kAttemptsField = "n";  // of a letter

/// An entry of a stream.
struct Entry {
  StreamId id;
  std::string frame;
  std::string group;
  std::string reason;
  std::uint32_t attempts = 0;
  bool deleted = false;  // it was pending, but is no longer in the stream
};

/// What XREADGROUP gave of one stream.
struct StreamEntries {
  std::string key;
  std::vector<Entry> entries;
};

/// What XAUTOCLAIM gave; `next` is zero when it went through all.
struct Claimed {
  StreamId next;
  std::vector<Entry> entries;
  std::vector<StreamId> deleted;
};

/// A line of XINFO GROUPS; without `lag` the server cannot tell.
struct GroupInfo {
  std::string name;
  std::uint64_t pending = 0;
  StreamId last_delivered;
  std::optional<std::uint64_t> lag{};
};

/// A line of XPENDING in its long form.
struct Pending {
  StreamId id;
  std::uint32_t deliveries = 0;
};

// Readers of replies; each takes the texts out of its reply. Errors: `corrupt`, the reply has another shape.
[[nodiscard]] core::Result<std::vector<Entry>> read_entries(redis::Reply reply);
[[nodiscard]] core::Result<std::vector<StreamEntries>> read_streams(redis::Reply reply);
[[nodiscard]] core::Result<Claimed> read_claimed(redis::Reply reply);
[[nodiscard]] core::Result<std::vector<GroupInfo>> read_groups(redis::Reply reply);
[[nodiscard]] core::Result<std::vector<Pending>> read_pending(const redis::Reply& reply);
/// The lowest id of XPENDING in its short form; nullopt: nothing is pending.
[[nodiscard]] core::Result<std::optional<StreamId>> read_oldest_pending(const redis::Reply& reply);

}  // namespace liveops::adapters::bus_redis
