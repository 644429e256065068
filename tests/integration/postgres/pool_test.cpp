#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <thread>

#include "tests/integration/postgres/pool_fixture.hpp"

namespace liveops::test {
namespace {

using core::Errc;
using postgres::Session;

class PostgresPool : public PoolTest {
 protected:
  /// A transaction that holds its connection until `released_`.
  ports::Task<void> hold() {
    return pool_->transaction<void>([this](Session& session) -> ports::Task<void> {
      if (auto done = co_await execute(session, "SELECT 1"); !done) co_return done;
      ++holding_;
      co_await until([this] { return released_; });
      co_return core::Status();
    });
  }
  void spawn(ports::Task<void> task, std::vector<core::Status>& outcomes) {
    boost::asio::co_spawn(io_, std::move(task), [&outcomes](const std::exception_ptr& thrown, core::Status outcome) {
      EXPECT_FALSE(thrown);
      outcomes.push_back(std::move(outcome));
    });
  }
  /// Lets things happen on io_ until it is so.
  template <class Condition>
  void run_until(Condition is_so) {
    while (!is_so()) ASSERT_NE(io_.run_one(), 0U);
  }
  int connections() {
    return std::stoi(
        server().execute("postgres", "SELECT count(*) FROM pg_stat_activity WHERE datname = '" + database_ + "'")[0]);
  }

  boost::asio::io_context io_{1};
  int holding_ = 0;
  bool released_ = false;
};

TEST_F(PostgresPool, OpensNoMoreConnectionsThanAllowedAndTheOthersWaitTheirTurn) {
  std::vector<core::Status> held;
  std::vector<core::Status> waited;
  for (int i = 0; i < 2; ++i) spawn(hold(), held);
  run_until([&] { return holding_ == 2; });
  for (int i = 0; i < 5; ++i) spawn(put_in_transaction(i), waited);
  run_until([&] { return metrics_.value("liveops_postgres_waiting{pool=test}") == 5; });
  EXPECT_EQ(connections(), 2);
  EXPECT_TRUE(waited.empty());
  released_ = true;
  run_until([&] { return waited.size() == 5; });
  for (const auto& outcome : waited) EXPECT_TRUE(outcome);
  EXPECT_EQ(connections(), 2);
  io_.run();
}

TEST_F(PostgresPool, WhoComesWhenTheQueueIsFullIsRefusedAndWhoWaitsTooLongGivesUp) {
  auto narrow = options();
  narrow.max_connections = 1;
  narrow.max_waiting = 1;
  narrow.wait_timeout = std::chrono::milliseconds(50);
  make_pool(narrow);
  std::vector<core::Status> held;
  std::vector<core::Status> refused;
  spawn(hold(), held);
  run_until([&] { return holding_ == 1; });
  spawn(put_in_transaction(1), refused);
  spawn(put_in_transaction(2), refused);
  run_until([&] { return refused.size() == 2; });
  for (const auto& outcome : refused) EXPECT_EQ(outcome.error().code, Errc::unavailable);
  EXPECT_NE(refused[0].error().detail.find("wait for a connection already"), std::string::npos);
  EXPECT_NE(refused[1].error().detail.find("within 50 ms"), std::string::npos);
  released_ = true;
  io_.run();
  EXPECT_TRUE(held.at(0));
  EXPECT_EQ(count(), 0);
}

TEST_F(PostgresPool, ServesManyThreadsWithFewConnections) {
  constexpr int kThreads = 4;
  constexpr int kEach = 50;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([this, t] {
        for (int i = 0; i < kEach; ++i) EXPECT_TRUE(run(put_in_transaction(t * kEach + i)));
      });
    }
  }
  EXPECT_EQ(count(), kThreads * kEach);
  EXPECT_LE(connections(), 2);
}

TEST_F(PostgresPool, ExecutorThatEndsWithATransactionUnderWayLosesNoConnection) {
  auto narrow = options();
  narrow.max_connections = 1;
  make_pool(narrow);
  {
    boost::asio::io_context abandoned(1);
    boost::asio::co_spawn(abandoned, hold(), [](const std::exception_ptr&, const core::Status&) {});
    boost::asio::co_spawn(abandoned, put_in_transaction(1), [](const std::exception_ptr&, const core::Status&) {});
    while (holding_ == 0) abandoned.run_one();
    for (int i = 0; i < 10; ++i) abandoned.poll_one();
  }
  EXPECT_TRUE(run(put_in_transaction(2)));
}

TEST_F(PostgresPool, GoesOnAfterTheServerWasRestarted) {
  EXPECT_TRUE(run(put_in_transaction(1)));
  server().restart(true);
  EXPECT_TRUE(run(put_in_transaction(2)));
  EXPECT_EQ(count(), 2);
}

TEST_F(PostgresPool, SaysUnavailableWhileTheServerIsAwayAndComesBackByItself) {
  EXPECT_TRUE(run(pool_->check()));
  server().kill();
  EXPECT_EQ(run(put_in_transaction(1)).error().code, Errc::unavailable);
  const auto sick = run(pool_->check());
  ASSERT_FALSE(sick);
  EXPECT_EQ(sick.error().code, Errc::unavailable);
  EXPECT_NE(sick.error().message.find("Connection refused"), std::string::npos) << sick.error().message;
  server().start();
  EXPECT_TRUE(wait_until([&] { return run(put_in_transaction(2)).has_value(); }));
  EXPECT_EQ(count(), 1);
}

TEST_F(PostgresPool, ServerThatSaysNothingIsGivenUpAndNothingWasDone) {
  auto impatient = options();
  impatient.connect_timeout = std::chrono::milliseconds(100);
  impatient.statement_timeout = std::chrono::milliseconds(100);
  make_pool(impatient);
  EXPECT_TRUE(run(put_in_transaction(1)));
  server().pause();
  EXPECT_EQ(run(put_in_transaction(2)).error().code, Errc::unavailable);  // on the connection that was there
  EXPECT_EQ(run(put_in_transaction(3)).error().code, Errc::unavailable);  // on a new one
  server().resume();
  EXPECT_TRUE(wait_until([&] { return run(put_in_transaction(4)).has_value(); }));
  EXPECT_EQ(count(), 2);
}

TEST_F(PostgresPool, ServerWithoutConnectionsToSpareIsUnavailable) {
  server().execute("postgres", "CREATE ROLE few LOGIN CONNECTION LIMIT 0");
  auto refused = options();
  refused.url = "postgresql://few@127.0.0.1:" + std::to_string(server().port()) + "/" + database_;
  make_pool(refused);
  const auto outcome = run(put_in_transaction(1));
  EXPECT_EQ(outcome.error().code, Errc::unavailable);
  EXPECT_NE(outcome.error().detail.find("too many connections"), std::string::npos) << outcome.error().detail;
}

TEST_F(PostgresPool, NamesOfHostsAreLookedUp) {
  auto named = options();
  named.url = "postgresql://liveops@localhost:" + std::to_string(server().port()) + "/" + database_;
  make_pool(named);
  EXPECT_TRUE(run(put_in_transaction(1)));
  named.url = "postgresql://liveops@nobody.invalid/" + database_;
  make_pool(named);
  EXPECT_EQ(run(put_in_transaction(2)).error().code, Errc::unavailable);
}

TEST_F(PostgresPool, ErrorsNeverNameThePassword) {
  auto wrong = options();
  wrong.url = "postgresql://liveops:hunter2@127.0.0.1:" + std::to_string(server().port()) + "/no_such_database";
  make_pool(wrong);
  const auto refused = run(pool_->check());
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("no_such_database"), std::string::npos);
  EXPECT_EQ((refused.error().message + refused.error().detail).find("hunter2"), std::string::npos);
}

TEST_F(PostgresPool, UrlThatIsNoneIsRefused) {
  auto wrong = options();
  wrong.url = "mysql//nonsense";
  EXPECT_EQ(postgres::Pool::create(wrong, log_, metrics_).error().code, Errc::invalid_argument);
}

}  // namespace
}  // namespace liveops::test
