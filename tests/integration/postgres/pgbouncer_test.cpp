#include "tests/support/servers/pgbouncer.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "adapters/postgres/migrations.hpp"
#include "tests/integration/postgres/pool_fixture.hpp"

namespace liveops::test {
namespace {

using postgres::Session;

/// A pool of more connections than PgBouncer has to the server: each transaction may get another one.
class PostgresThroughPgBouncer : public PoolTest {
 protected:
  PostgresThroughPgBouncer() {
    auto through = options();
    through.url = bouncer_.url(database_);
    through.prepare = false;
    through.max_connections = 6;
    make_pool(through);
  }

  PgBouncer bouncer_{server(), 2};
};

TEST_F(PostgresThroughPgBouncer, TransactionsShareTheServersConnections) {
  constexpr int kTransactions = 100;
  boost::asio::io_context io(1);
  int done = 0;
  for (int i = 0; i < kTransactions; ++i) {
    boost::asio::co_spawn(io, put_in_transaction(i), [&done](const std::exception_ptr&, const core::Status& outcome) {
      EXPECT_TRUE(outcome) << outcome.error().detail;
      ++done;
    });
  }
  io.run();
  EXPECT_EQ(done, kTransactions);
  EXPECT_EQ(count(), kTransactions);
}

TEST_F(PostgresThroughPgBouncer, StatementTimeoutHolds) {
  auto short_timeout = options();
  short_timeout.url = bouncer_.url(database_);
  short_timeout.prepare = false;
  short_timeout.statement_timeout = std::chrono::milliseconds(50);
  make_pool(short_timeout);
  EXPECT_EQ(run(execute_in_transaction("SELECT pg_sleep(20)")).error().code, core::Errc::timeout);
  EXPECT_TRUE(run(put_in_transaction(1)));
}

TEST_F(PostgresThroughPgBouncer, GoesOnAfterTheServerBehindItWasRestarted) {
  EXPECT_TRUE(run(put_in_transaction(1)));
  server().restart(true);
  EXPECT_TRUE(wait_until([&] { return run(put_in_transaction(2)).has_value(); }));
  EXPECT_EQ(count(), 2);
}

TEST_F(PostgresThroughPgBouncer, MigrationsWork) {
  constexpr std::array kSteps{postgres::Migration{1, "CREATE TABLE bounced.a(x int)"}};
  EXPECT_TRUE(run(postgres::migrate(*pool_, "bounced", kSteps)));
  EXPECT_TRUE(run(postgres::migrate(*pool_, "bounced", kSteps)));
}

}  // namespace
}  // namespace liveops::test
