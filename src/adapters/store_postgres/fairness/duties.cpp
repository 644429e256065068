#include "adapters/store_postgres/fairness/duties.hpp"

#include <array>
#include <utility>

#include "adapters/postgres/migrations.hpp"

namespace liveops::adapters::store_postgres::fairness {

using postgres::Session;

namespace {

constexpr std::string_view kTables = R"sql(
CREATE TABLE fairness_duties.leases(
  name text COLLATE "C" PRIMARY KEY,
  holder text NOT NULL,
  expires_at timestamptz NOT NULL))sql";

constexpr std::array<postgres::Migration, 1> kMigrations{{{1, kTables}}};

constexpr postgres::Statement kAcquire{"fd_acquire_lease", R"sql(
INSERT INTO fairness_duties.leases AS l (name, holder, expires_at)
VALUES ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder,
                                 expires_at = clock_timestamp() + $3 * interval '1 millisecond'
WHERE l.holder = excluded.holder OR l.expires_at <= clock_timestamp())sql"};

constexpr postgres::Statement kRenew{"fd_renew_lease", R"sql(
UPDATE fairness_duties.leases SET expires_at = clock_timestamp() + $3 * interval '1 millisecond'
WHERE name = $1 AND holder = $2)sql"};

constexpr postgres::Statement kRelease{"fd_release_lease",
                                       "DELETE FROM fairness_duties.leases WHERE name = $1 AND holder = $2"};

postgres::Parameters parameters_of(const ports::LeaseClaim& claim) {
  postgres::Parameters parameters;
  parameters.add_text(claim.name).add_text(claim.holder).add(static_cast<double>(claim.ttl.count()));
  return parameters;
}

/// Did the statement touch the row?
ports::Task<bool> touches(Session& session, const postgres::Statement& statement, postgres::Parameters parameters) {
  const auto rows = co_await session.run(statement, std::move(parameters));
  if (!rows) co_return std::unexpected(rows.error());
  co_return rows->affected() == 1;
}

}  // namespace

ports::Task<std::unique_ptr<Duties>> Duties::open(postgres::Pool& pool) {
  if (auto migrated = co_await postgres::migrate(pool, "fairness_duties", kMigrations); !migrated) {
    co_return std::unexpected(migrated.error());
  }
  co_return std::unique_ptr<Duties>(new Duties(pool));
}

ports::Task<bool> Duties::acquire(ports::LeaseClaim claim) {
  co_return co_await pool_.transaction<bool>(
      [&](Session& session) { return touches(session, kAcquire, parameters_of(claim)); });
}

ports::Task<bool> Duties::renew(ports::LeaseClaim claim) {
  co_return co_await pool_.transaction<bool>(
      [&](Session& session) { return touches(session, kRenew, parameters_of(claim)); });
}

ports::Task<void> Duties::release(std::string name, std::string holder) {
  const auto released = co_await pool_.transaction<bool>([&](Session& session) {
    postgres::Parameters parameters;
    parameters.add_text(name).add_text(holder);
    return touches(session, kRelease, std::move(parameters));
  });
  if (!released) co_return std::unexpected(released.error());
  co_return core::Status();
}

}  // namespace liveops::adapters::store_postgres::fairness
