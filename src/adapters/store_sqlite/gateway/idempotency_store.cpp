#include "adapters/store_sqlite/gateway/idempotency_store.hpp"

#include <algorithm>
#include <utility>

namespace liveops::adapters::store_sqlite {

namespace {

std::optional<ports::IdempotencyState> to_port(core::KeyState state) {
  switch (state) {
    case core::KeyState::fresh:
      return ports::IdempotencyState::fresh;
    case core::KeyState::running:
      return ports::IdempotencyState::running;
    case core::KeyState::done:
      return ports::IdempotencyState::done;
    case core::KeyState::mismatch:
      return ports::IdempotencyState::mismatch;
    case core::KeyState::no_room:
      break;
  }
  return std::nullopt;
}

}  // namespace

core::Result<std::unique_ptr<IdempotencyStore>> IdempotencyStore::open(const std::filesystem::path& directory,
                                                                       core::IdempotencyTable::Options options) {
  auto journal = IdempotencyJournal::open(directory / "gateway.db",
                                          {.retention = options.retention, .max_records = options.max_keys});
  if (!journal) return std::unexpected(journal.error());
  // make_unique cannot reach the constructor.
  auto store = std::unique_ptr<IdempotencyStore>(new IdempotencyStore(std::move(*journal), options));
  const auto loaded = store->journal_.load([&table = store->table_](const JournalRecord& record) {
    table.complete(record.entry.id, record.entry.fingerprint, record.at);
  });
  if (!loaded) return std::unexpected(loaded.error());
  return store;
}

IdempotencyStore::IdempotencyStore(IdempotencyJournal journal, core::IdempotencyTable::Options options)
    : table_(options), journal_(std::move(journal)) {}

ports::Task<std::vector<ports::IdempotencyState>> IdempotencyStore::begin(std::vector<Entry> entries,
                                                                          core::Timestamp now) {
  std::vector<ports::IdempotencyState> states;
  states.reserve(entries.size());
  for (const Entry& entry : entries) {
    const auto state = to_port(table_.begin(entry.id, entry.fingerprint, now));
    if (!state) {
      for (std::size_t i = 0; i < states.size(); ++i) {
        if (states[i] == ports::IdempotencyState::fresh) table_.abandon(entries[i].id);
      }
      co_return core::fail(core::Errc::unavailable, "too many requests are in progress: try again");
    }
    states.push_back(*state);
  }
  co_return states;
}

ports::Task<void> IdempotencyStore::complete(std::vector<Entry> entries, core::Timestamp now) {
  if (entries.empty()) co_return core::Status{};
  const auto group = join(entries, now);
  const auto outcome = co_await worker_.run([this, group] { return settle(group); });
  if (!outcome) {
    for (const Entry& entry : entries) table_.abandon(entry.id);
  }
  co_return outcome;
}

ports::Task<void> IdempotencyStore::abandon(std::vector<core::EventId> ids) {
  for (const auto& id : ids) table_.abandon(id);
  co_return core::Status{};
}

std::shared_ptr<IdempotencyStore::Group> IdempotencyStore::join(const std::vector<Entry>& entries,
                                                                core::Timestamp now) {
  const std::lock_guard lock(mutex_);
  if (!open_group_) open_group_ = std::make_shared<Group>();
  for (const Entry& entry : entries) open_group_->records.push_back({entry, now});
  return open_group_;
}

/// Runs on the worker, once per member of the group; the first to come commits for all.
core::Status IdempotencyStore::settle(const std::shared_ptr<Group>& group) {
  if (group->outcome) return *group->outcome;
  {
    const std::lock_guard lock(mutex_);
    if (open_group_ == group) open_group_.reset();
  }
  const auto newest = std::ranges::max_element(group->records, {}, &JournalRecord::at);
  auto written = journal_.append(group->records, newest->at);
  if (!written) {
    // Whatever SQLite said of it, to the port's callers it means the same: not kept, try again.
    written = core::fail(core::Errc::unavailable, "the idempotency keys could not be written",
                         written.error().message + ": " + written.error().detail);
    group->outcome = written;
    return written;
  }
  commits_.fetch_add(1);
  for (const auto& record : group->records) table_.complete(record.entry.id, record.entry.fingerprint, record.at);
  group->outcome = written;
  return written;
}

}  // namespace liveops::adapters::store_sqlite
