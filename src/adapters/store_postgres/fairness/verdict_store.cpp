#include "adapters/store_postgres/fairness/verdict_store.hpp"

#include "adapters/postgres/migrations.hpp"
#include "adapters/store_postgres/fairness/audit_writer.hpp"
#include "adapters/store_postgres/fairness/decision_writer.hpp"
#include "adapters/store_postgres/fairness/schema.hpp"
#include "adapters/store_postgres/fairness/standing_writer.hpp"
#include "adapters/store_postgres/fairness/verdict_reader.hpp"

namespace liveops::adapters::store_postgres::fairness {
namespace {

using postgres::Session;

// Another replica may be removing the same rows: they are left to it. When it fails, they are published once more.
constexpr postgres::Statement kPublished{"fairness_published", R"sql(
DELETE FROM fairness.outbox WHERE number IN (
  SELECT number FROM fairness.outbox WHERE number = ANY($1::bigint[]) FOR UPDATE SKIP LOCKED))sql"};

ports::Task<void> remove_published(Session& session, const std::vector<std::int64_t>& numbers) {
  const auto removed = co_await session.run(kPublished, postgres::Parameters().add_array(numbers));
  if (!removed) co_return std::unexpected(removed.error());
  co_return core::Status{};
}

}  // namespace

ports::Task<std::unique_ptr<VerdictStore>> VerdictStore::open(postgres::Pool& pool, std::string audit_secret,
                                                              std::int64_t kept_decisions) {
  if (const auto migrated = co_await migrate(pool); !migrated) co_return std::unexpected(migrated.error());
  std::unique_ptr<VerdictStore> store(new VerdictStore(pool, audit_secret, kept_decisions));
  const auto adopted = co_await pool.transaction<void>(
      [&store](Session& session) { return adopt_audit(session, store->audit_signer_); });
  if (!adopted) co_return std::unexpected(adopted.error());
  co_return store;
}

ports::Task<void> VerdictStore::migrate(postgres::Pool& pool) {
  return postgres::migrate(pool, kSchema, migrations());
}

// What the transactions below refer to lives in the coroutine that awaits them.

ports::Task<std::vector<ports::PlayerStanding>> VerdictStore::put(std::vector<ports::StandingRequest> requests) {
  co_return co_await pool_.transaction<std::vector<ports::PlayerStanding>>(
      [this, &requests](Session& session) { return put_standings(session, requests, audit_signer_); });
}

ports::Task<std::vector<ports::PlayerStanding>> VerdictStore::active(core::Timestamp now) {
  co_return co_await pool_.read<std::vector<ports::PlayerStanding>>(
      [now](Session& session) { return read_active(session, now); });
}

ports::Task<ports::StandingFeed> VerdictStore::changes(std::int64_t position) {
  co_return co_await pool_.read<ports::StandingFeed>(
      [position](Session& session) { return read_changes(session, position); });
}

ports::Task<void> VerdictStore::record(std::vector<ports::DecisionRecord> decisions) {
  co_return co_await pool_.transaction<void>(
      [&decisions, kept = kept_decisions_](Session& session) { return record_decisions(session, decisions, kept); });
}

ports::Task<ports::DecisionRecord> VerdictStore::decision(std::string id) {
  co_return co_await pool_.read<ports::DecisionRecord>(
      [&id](Session& session) { return read_one_decision(session, id); });
}

ports::Task<ports::PlayerHistory> VerdictStore::history(core::PlayerId player, std::size_t limit) {
  co_return co_await pool_.read<ports::PlayerHistory>(
      [&player, limit](Session& session) { return read_history(session, player, limit); });
}

ports::Task<std::vector<ports::FlaggedPlayer>> VerdictStore::flagged(std::size_t limit,
                                                                     std::optional<std::int64_t> before) {
  co_return co_await pool_.read<std::vector<ports::FlaggedPlayer>>(
      [limit, before](Session& session) { return read_flagged(session, limit, before); });
}

ports::Task<std::vector<ports::PendingChange>> VerdictStore::pending(std::size_t limit) {
  co_return co_await pool_.read<std::vector<ports::PendingChange>>(
      [limit](Session& session) { return read_pending(session, limit); });
}

ports::Task<void> VerdictStore::published(std::vector<std::int64_t> numbers) {
  if (numbers.empty()) co_return core::Status{};
  co_return co_await pool_.transaction<void>(
      [&numbers](Session& session) { return remove_published(session, numbers); });
}

}  // namespace liveops::adapters::store_postgres::fairness
