#include "adapters/store_sqlite/fairness/verdict_store.hpp"

#include "adapters/sqlite/migrations.hpp"
#include "adapters/store_sqlite/fairness/schema.hpp"

namespace liveops::adapters::store_sqlite::fairness {
namespace {

core::Result<sqlite::Database> open_file(const std::filesystem::path& directory) {
  auto database = sqlite::Database::open(directory / "fairness.db", {});
  if (!database) return database;
  if (auto migrated = sqlite::migrate(*database, migrations()); !migrated) return std::unexpected(migrated.error());
  return database;
}

}  // namespace

core::Result<std::unique_ptr<VerdictStore>> VerdictStore::open(const std::filesystem::path& directory,
                                                               std::string_view audit_secret,
                                                               std::int64_t kept_decisions) {
  auto database = open_file(directory);
  if (!database) return std::unexpected(database.error());
  auto tables = std::make_unique<Tables>(std::move(*database), audit_secret, kept_decisions);
  if (auto adopted = tables->audit.adopt(); !adopted) return std::unexpected(adopted.error());
  return std::unique_ptr<VerdictStore>(new VerdictStore(std::move(tables)));
}

core::Status VerdictStore::migrate(const std::filesystem::path& directory) {
  const auto database = open_file(directory);
  if (!database) return std::unexpected(database.error());
  return {};
}

VerdictStore::VerdictStore(std::unique_ptr<Tables> tables)
    : tables_(std::move(tables)),
      worker_("fairness.db"),
      reviews_(tables_->review_reader, tables_->review_writer, worker_) {}

ports::Task<std::vector<ports::PlayerStanding>> VerdictStore::put(std::vector<ports::StandingRequest> requests) {
  co_return co_await worker_.run(
      [tables = tables_.get(), requests = std::move(requests)] { return tables->standings.put(requests); });
}

ports::Task<std::vector<ports::PlayerStanding>> VerdictStore::active(core::Timestamp now) {
  co_return co_await worker_.run([tables = tables_.get(), now] { return tables->reader.active(now); });
}

ports::Task<ports::StandingFeed> VerdictStore::changes(std::int64_t position) {
  co_return ports::StandingFeed{.position = position};
}

ports::Task<void> VerdictStore::record(std::vector<ports::DecisionRecord> decisions) {
  co_return co_await worker_.run(
      [tables = tables_.get(), decisions = std::move(decisions)] { return tables->decisions.record(decisions); });
}

ports::Task<ports::DecisionRecord> VerdictStore::decision(std::string id) {
  co_return co_await worker_.run([tables = tables_.get(), id = std::move(id)] { return tables->reader.decision(id); });
}

ports::Task<ports::PlayerHistory> VerdictStore::history(core::PlayerId player, std::size_t limit) {
  co_return co_await worker_.run(
      [tables = tables_.get(), player = std::move(player), limit] { return tables->reader.history(player, limit); });
}

ports::Task<std::vector<ports::FlaggedPlayer>> VerdictStore::flagged(std::size_t limit,
                                                                     std::optional<std::int64_t> before) {
  co_return co_await worker_.run(
      [tables = tables_.get(), limit, before] { return tables->reader.flagged(limit, before); });
}

ports::Task<std::vector<ports::PendingChange>> VerdictStore::pending(std::size_t limit) {
  co_return co_await worker_.run([tables = tables_.get(), limit] { return tables->reader.pending(limit); });
}

ports::Task<void> VerdictStore::published(std::vector<std::int64_t> numbers) {
  co_return co_await worker_.run([tables = tables_.get(), numbers = std::move(numbers)]() -> core::Status {
    auto transaction = sqlite::Transaction::begin(tables->database);
    if (!transaction) return std::unexpected(transaction.error());
    sqlite::Statement remove = tables->database.prepare("DELETE FROM outbox WHERE number = ?");
    for (const std::int64_t number : numbers) {
      if (auto removed = remove.bind(1, number).run(); !removed) return removed;
    }
    return transaction->commit();
  });
}

std::string VerdictStore::name() const {
  return "store";
}

ports::Task<void> VerdictStore::check() {
  co_return co_await worker_.run([tables = tables_.get()]() -> core::Status {
    auto transaction = sqlite::Transaction::begin(tables->database);
    if (!transaction) return std::unexpected(transaction.error());
    return transaction->commit();
  });
}

ports::Task<void> VerdictStore::limit_pages(std::int64_t pages) {
  co_return co_await worker_.run([tables = tables_.get(), pages]() -> core::Status {
    tables->database.limit_pages(pages);
    return {};
  });
}

}  // namespace liveops::adapters::store_sqlite::fairness
