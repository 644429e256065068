#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/event.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"
#include "ports/progress.hpp"
#include "ports/progress_store.hpp"
#include "ports/task.hpp"

namespace liveops::ports {

/// An event as the ledger keeps it.
struct LedgerRow {
  core::EventId event_id;
  core::PlayerId player;
  core::EventType type = core::EventType::progression;
  core::Timestamp occurred_at;
  core::Timestamp received_at;
  std::int64_t xp = 0;
  std::optional<std::int64_t> score;
  bool drop_refused = false;  // another event had been granted the drop
  std::string payload_json;
  friend bool operator==(const LedgerRow&, const LedgerRow&) = default;
};

/// What is stored of a player beside the ledger.
struct PlayerBooks {
  Progress progress;
  std::vector<InventoryItem> items;                  // by item id
  std::vector<std::optional<std::string>> receipts;  // of each claim, its JSON form; nullopt: there is none
};

/// A drop that a player was granted.
struct GrantedDrop {
  core::PlayerId player;
  core::DropId drop_id;
  core::EventId event_id;
  friend bool operator==(const GrantedDrop&, const GrantedDrop&) = default;
};

/// An event id that stands in the ledger more than once.
struct RepeatedEvent {
  core::EventId event_id;
  std::int64_t times = 0;
  friend bool operator==(const RepeatedEvent&, const RepeatedEvent&) = default;
};

/// All that progression has written down, for whoever checks it. Writes nothing, and keeps nobody from writing.
///
/// Threads: any; one `read` at a time.
class ProgressBooks {
 public:
  /// The books as they were at one moment. Memory: a page; order by player is the store's work, on its disk.
  ///
  /// Each of `ledger`, `players` and `drops` goes on where its last call ended and is empty at the end.
  /// Order, where nothing else is said: by player id, byte by byte. Errors of every call: `unavailable`, `timeout`,
  /// `corrupt`.
  class Reader {
   public:
    virtual ~Reader() = default;
    /// Rows of a player who is not among `players` are there, too.
    [[nodiscard]] virtual Task<std::vector<LedgerRow>> ledger(std::size_t limit) = 0;
    /// The ledger in another order: by the time of receipt, then event id; from `from` up to before `to`. Goes on like
    /// the others; the times of the first call count.
    [[nodiscard]] virtual Task<std::vector<LedgerRow>> history(core::Timestamp from, core::Timestamp to,
                                                               std::size_t limit) = 0;
    [[nodiscard]] virtual Task<std::vector<PlayerBooks>> players(std::size_t limit) = 0;
    [[nodiscard]] virtual Task<std::vector<GrantedDrop>> drops(std::size_t limit) = 0;
    /// Those of `drops` that somebody was granted, in some order.
    [[nodiscard]] virtual Task<std::vector<core::DropId>> granted(std::vector<core::DropId> drops) = 0;
    /// By event id, at most `limit`.
    [[nodiscard]] virtual Task<std::vector<RepeatedEvent>> repeated_events(std::size_t limit) = 0;
  };

  virtual ~ProgressBooks() = default;

  /// Opens the books, hands them to `work` and closes them. `work` may be run again from the start when the store asks
  /// for it. Errors: the work's; `unavailable`; `not_found` (there is no ledger: never migrated).
  [[nodiscard]] virtual Task<void> read(std::function<Task<void>(Reader&)> work) = 0;
};

}  // namespace liveops::ports
