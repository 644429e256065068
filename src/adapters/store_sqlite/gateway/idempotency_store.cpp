#include "adapters/store_sqlite/gateway/idempotency_store.hpp"

#include <algorithm>
#include <utility>

#include "runtime/key_reservations.hpp"

namespace liveops::adapters::store_sqlite {

namespace {

constexpr std::size_t kAhead = core::IdempotencyTable::kPrefetchAhead;

}  // namespace

core::Result<std::unique_ptr<IdempotencyStore>> IdempotencyStore::open(const std::filesystem::path& directory,
                                                                       core::IdempotencyTable::Options options) {
  auto journal = IdempotencyJournal::open(directory / "gateway.db",
                                          {.retention = options.retention, .max_records = options.max_keys});
  if (!journal) return std::unexpected(journal.error());
  // make_unique cannot reach the constructor.
  auto store = std::unique_ptr<IdempotencyStore>(new IdempotencyStore(std::move(*journal), options));
  const auto loaded = store->journal_.load([&table = store->table_](const Record& record) {
    table.complete(record.entry.id, record.entry.fingerprint, record.at);
  });
  if (!loaded) return std::unexpected(loaded.error());
  return store;
}

IdempotencyStore::IdempotencyStore(IdempotencyJournal journal, core::IdempotencyTable::Options options)
    : table_(options), journal_(std::move(journal)) {}

IdempotencyStore::~IdempotencyStore() {
  // What cannot be written now, the bus holds: the next start reads it there.
  static_cast<void>(worker_.post([this] { static_cast<void>(write()); }));
}

ports::Task<std::vector<ports::IdempotencyState>> IdempotencyStore::begin(std::vector<Entry> entries,
                                                                          core::Timestamp now) {
  co_return runtime::reserve_keys(table_, entries, now);
}

ports::Task<void> IdempotencyStore::complete(std::vector<Entry> entries, core::Timestamp now) {
  if (!add_unwritten(entries, now)) {
    for (const Entry& entry : entries) table_.abandon(entry.id);
    co_return core::fail(core::Errc::unavailable, "too many idempotency keys wait to be written");
  }
  // In the table only after the list: what `holds` says is held, the next `keep` writes.
  runtime::complete_keys(table_, entries, now);
  co_return core::Status{};
}

bool IdempotencyStore::add_unwritten(const std::vector<Entry>& entries, core::Timestamp now) {
  const std::lock_guard lock(mutex_);
  if (unwritten_.size() + entries.size() > kMaxUnwritten) return false;
  for (const Entry& entry : entries) unwritten_.push_back({entry, now});
  return true;
}

ports::Task<void> IdempotencyStore::abandon(std::vector<core::EventId> ids) {
  for (const auto& id : ids) table_.abandon(id);
  co_return core::Status{};
}

ports::Task<std::vector<bool>> IdempotencyStore::holds(std::vector<core::EventId> ids) {
  std::vector<bool> held;
  held.reserve(ids.size());
  for (std::size_t n = 0; n < ids.size(); ++n) {
    if (n + kAhead < ids.size()) table_.prefetch(ids[n + kAhead]);
    held.push_back(table_.is_done(ids[n]));
  }
  co_return held;
}

ports::Task<void> IdempotencyStore::keep(std::vector<Record> records) {
  {
    const std::lock_guard lock(mutex_);
    unwritten_.insert(unwritten_.end(), records.begin(), records.end());
  }
  for (const auto& [entry, at] : records) table_.complete(entry.id, entry.fingerprint, at);
  co_return co_await worker_.run([this] { return write(); });
}

/// On the worker, and at the end.
core::Status IdempotencyStore::write() {
  std::vector<Record> records;
  {
    const std::lock_guard lock(mutex_);
    records.swap(unwritten_);
  }
  if (records.empty()) return {};
  const auto newest = std::ranges::max_element(records, {}, &Record::at);
  const auto written = journal_.append(records, newest->at);
  if (written) return {};
  const std::lock_guard lock(mutex_);
  unwritten_.insert(unwritten_.begin(), records.begin(), records.end());
  // Whatever SQLite said of it, to the port's callers it means the same: not kept, try again.
  return core::fail(core::Errc::unavailable, "the idempotency keys could not be written",
                    written.error().message + ": " + written.error().detail);
}

}  // namespace liveops::adapters::store_sqlite
