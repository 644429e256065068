#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "adapters/sqlite/worker.hpp"
#include "adapters/store_sqlite/gateway/idempotency_journal.hpp"
#include "core/idempotency_table.hpp"
#include "ports/idempotency_store.hpp"

namespace liveops::adapters::store_sqlite {

/// Idempotency keys that survive a crash: the table in memory answers, a journal in `gateway.db` keeps what is
/// completed.
///
/// `begin` and `abandon` touch memory only. `complete` returns once its keys are on disk; all that arrive while a
/// commit is running share the next one. Keys are completed after their events were published: a crash between the two
/// leaves the key free, a retry publishes the event again under the same id, and consumers recognise it. Threads: any.
class IdempotencyStore final : public ports::IdempotencyStore {
 public:
  /// Opens `directory`/gateway.db and loads the keys of the retention time. Blocks; for start-up.
  /// Errors: as IdempotencyJournal::open and load.
  [[nodiscard]] static core::Result<std::unique_ptr<IdempotencyStore>> open(const std::filesystem::path& directory,
                                                                            core::IdempotencyTable::Options options);

  ports::Task<std::vector<ports::IdempotencyState>> begin(std::vector<Entry> entries, core::Timestamp now) override;
  ports::Task<void> complete(std::vector<Entry> entries, core::Timestamp now) override;
  ports::Task<void> abandon(std::vector<core::EventId> ids) override;

  /// Commits since the start; fewer than calls of `complete` when these come together.
  [[nodiscard]] std::uint64_t commits() const { return commits_.load(); }

 private:
  /// The keys that go into one commit.
  struct Group {
    std::vector<JournalRecord> records;
    std::optional<core::Status> outcome;  // once committed; the worker's
  };

  IdempotencyStore(IdempotencyJournal journal, core::IdempotencyTable::Options options);
  [[nodiscard]] std::shared_ptr<Group> join(const std::vector<Entry>& entries, core::Timestamp now);
  [[nodiscard]] core::Status settle(const std::shared_ptr<Group>& group);

  core::IdempotencyTable table_;
  IdempotencyJournal journal_;  // the worker's
  std::atomic<std::uint64_t> commits_{0};
  std::mutex mutex_;
  std::shared_ptr<Group> open_group_;
  sqlite::Worker worker_{"gateway-db"};
};

}  // namespace liveops::adapters::store_sqlite
