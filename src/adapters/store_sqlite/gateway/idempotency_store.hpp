#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "adapters/sqlite/worker.hpp"
#include "adapters/store_sqlite/gateway/idempotency_journal.hpp"
#include "core/idempotency_table.hpp"
#include "ports/idempotency_store.hpp"
#include "ports/key_journal.hpp"

namespace liveops::adapters::store_sqlite {

/// Idempotency keys that survive a restart: the table in memory answers, a journal in `gateway.db` keeps what is
/// completed.
///
/// `begin`, `complete` and `abandon` touch memory only. `keep` writes everything completed since the last one as one
/// row, in one commit. A clean end writes the rest; a crash loses what was not yet kept, which the bus brings back (see
/// ports::KeyJournal). At most `kMaxUnwritten` keys wait for `keep`; then `complete` refuses.
/// Threads: any.
class IdempotencyStore final : public ports::IdempotencyStore, public ports::KeyJournal {
 public:
  static constexpr std::size_t kMaxUnwritten = 250'000;

  /// Opens `directory`/gateway.db and loads the keys of the retention time. Blocks; for start-up.
  /// Errors: as IdempotencyJournal::open and load.
  [[nodiscard]] static core::Result<std::unique_ptr<IdempotencyStore>> open(const std::filesystem::path& directory,
                                                                            core::IdempotencyTable::Options options);
  ~IdempotencyStore() override;

  ports::Task<std::vector<ports::IdempotencyState>> begin(std::vector<Entry> entries, core::Timestamp now) override;
  ports::Task<void> complete(std::vector<Entry> entries, core::Timestamp now) override;
  ports::Task<void> abandon(std::vector<core::EventId> ids) override;

  ports::Task<std::vector<bool>> holds(std::vector<core::EventId> ids) override;
  ports::Task<void> keep(std::vector<Record> records) override;

 private:
  IdempotencyStore(IdempotencyJournal journal, core::IdempotencyTable::Options options);
  /// False, and nothing is added, when too many wait.
  [[nodiscard]] bool add_unwritten(const std::vector<Entry>& entries, core::Timestamp now);
  [[nodiscard]] core::Status write();

  core::IdempotencyTable table_;
  IdempotencyJournal journal_;  // the worker's
  std::mutex mutex_;
  std::vector<Record> unwritten_;
  sqlite::Worker worker_{"gateway-db"};
};

}  // namespace liveops::adapters::store_sqlite
