#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "tests/integration/postgres/pool_fixture.hpp"

namespace liveops::test {
namespace {

using core::Errc;
using postgres::Parameters;
using postgres::Session;

class PostgresTransaction : public PoolTest {};

TEST_F(PostgresTransaction, WhatItsWorkDidIsThereAfterwards) {
  EXPECT_TRUE(run(put_in_transaction(1)));
  EXPECT_TRUE(run(put_in_transaction(2)));
  EXPECT_EQ(count(), 2);
  EXPECT_EQ(metrics_.value("liveops_postgres_transactions_total{pool=test,outcome=committed}"), 2);
}

ports::Task<void> put_and_refuse(Session& session) {
  const auto done = co_await session.run(kPut, std::move(Parameters().add(std::int64_t{1})));
  if (!done) co_return std::unexpected(done.error());
  co_return core::fail(Errc::not_found, "changed my mind");
}

TEST_F(PostgresTransaction, ItsWorksErrorUndoesEverythingAndIsGivenBack) {
  const auto refused = run(pool_->transaction<void>(put_and_refuse));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "changed my mind");
  EXPECT_EQ(count(), 0);
  EXPECT_TRUE(run(put_in_transaction(1)));
  EXPECT_EQ(metrics_.value("liveops_postgres_transactions_total{pool=test,outcome=refused}"), 1);
}

ports::Task<void> ignore_a_failure(Session& session) {
  const auto ignored = co_await session.run_text("SELECT nonsense");
  EXPECT_FALSE(ignored);
  co_return core::Status();
}

TEST_F(PostgresTransaction, AStatementThatFailedCannotBeIgnored) {
  EXPECT_EQ(run(pool_->transaction<void>(ignore_a_failure)).error().code, Errc::internal);
  EXPECT_TRUE(run(put_in_transaction(1)));
}

TEST_F(PostgresTransaction, DuplicateIsAConflict) {
  EXPECT_TRUE(run(put_in_transaction(1)));
  EXPECT_EQ(run(put_in_transaction(1)).error().code, Errc::conflict);
}

ports::Task<std::vector<std::string>> every_type(Session& session) {
  const std::array<std::int64_t, 2> numbers{1, -2};
  const std::array<std::optional<std::int64_t>, 2> gaps{3, std::nullopt};
  const std::array<std::string_view, 3> texts{"NULL", R"(a"b\c,{})", ""};
  const std::array<std::string_view, 2> blobs{std::string_view("\0\xff", 2), "x"};
  constexpr postgres::Statement kEcho{
      "test_echo",
      "SELECT $1::bigint, $2::boolean, $3::double precision, $4::text, $5::bytea, $6::bigint, "
      "$7::bigint[], $8::bigint[], ($9::text[])[2], $10::bytea[]"};
  Parameters p;
  p.add(std::int64_t{-7}).add(true).add(0.1).add_text("t").add_bytes(blobs[0]).add_null();
  p.add_array(numbers).add_array(gaps).add_text_array(texts).add_bytes_array(blobs);
  const auto rows = co_await session.run(kEcho, std::move(p));
  if (!rows) co_return std::unexpected(rows.error());
  EXPECT_EQ(rows->int64(0, 0), -7);
  EXPECT_TRUE(rows->boolean(0, 1));
  EXPECT_EQ(rows->real(0, 2), 0.1);
  EXPECT_EQ(rows->bytes(0, 4), blobs[0]);
  EXPECT_EQ(rows->optional_int64(0, 5), std::nullopt);
  std::vector<std::string> arrays;
  for (std::size_t column = 6; column < 10; ++column) arrays.emplace_back(rows->text(0, column));
  co_return arrays;
}

TEST_F(PostgresTransaction, EveryTypeArrivesAsItWasSent) {
  const std::vector<std::string> arrays{"{1,-2}", "{3,NULL}", R"(a"b\c,{})", R"({"\\x00ff","\\x78"})"};
  EXPECT_EQ(run(pool_->transaction<std::vector<std::string>>(every_type)).value(), arrays);
  auto unprepared = options();
  unprepared.prepare = false;
  make_pool(unprepared);
  EXPECT_EQ(run(pool_->read<std::vector<std::string>>(every_type)).value(), arrays);
}

TEST_F(PostgresTransaction, MegabytesGoBothWays) {
  const auto work = [](Session& session) -> ports::Task<std::string> {
    constexpr postgres::Statement kEcho{"test_large", "SELECT $1::text"};
    const auto rows = co_await session.run(kEcho, std::move(Parameters().add_text(std::string(5'000'000, 'x'))));
    if (!rows) co_return std::unexpected(rows.error());
    co_return std::string(rows->text(0, 0));
  };
  EXPECT_EQ(run(pool_->transaction<std::string>(work)).value().size(), 5'000'000U);
}

TEST_F(PostgresTransaction, ReaderCannotWrite) {
  const auto refused = run(pool_->read<int>([](Session& session) -> ports::Task<int> {
    const auto done = co_await put(session, 1);
    if (!done) co_return std::unexpected(done.error());
    co_return 1;
  }));
  EXPECT_EQ(refused.error().code, Errc::unavailable);
  EXPECT_EQ(count(), 0);
}

TEST_F(PostgresTransaction, StatementThatTakesTooLongIsEndedByTheServerAndTheConnectionGoesOn) {
  auto short_timeout = options();
  short_timeout.statement_timeout = std::chrono::milliseconds(50);
  make_pool(short_timeout);
  EXPECT_EQ(run(execute_in_transaction("SELECT pg_sleep(20)")).error().code, Errc::timeout);
  EXPECT_TRUE(run(put_in_transaction(1)));
  EXPECT_EQ(metrics_.value("liveops_postgres_connections{pool=test,state=idle}"), 1);
}

TEST_F(PostgresTransaction, StatementMayBeGivenMoreTime) {
  auto short_timeout = options();
  short_timeout.statement_timeout = std::chrono::milliseconds(20);
  make_pool(short_timeout);
  EXPECT_TRUE(run(pool_->transaction<void>([](Session& session) -> ports::Task<void> {
    if (auto set = co_await session.set_statement_timeout(std::chrono::seconds(20)); !set) co_return set;
    co_return co_await execute(session, "SELECT pg_sleep(0.1)");
  })));
}

TEST_F(PostgresTransaction, SessionThatIsTerminatedLeavesNothingBehind) {
  const auto lost = run(pool_->transaction<void>([](Session& session) -> ports::Task<void> {
    if (auto done = co_await put(session, 1); !done) co_return done;
    co_return co_await execute(session, "SELECT pg_terminate_backend(pg_backend_pid())");
  }));
  EXPECT_EQ(lost.error().code, Errc::unavailable);
  EXPECT_EQ(count(), 0);
  EXPECT_TRUE(run(put_in_transaction(2)));
}

TEST_F(PostgresTransaction, SessionTerminatedBetweenTransactionsIsReplacedUnnoticed) {
  EXPECT_TRUE(run(put_in_transaction(1)));
  server().execute(database_, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + database_ +
                                  "' AND pid <> pg_backend_pid()");
  EXPECT_TRUE(run(put_in_transaction(2)));
  EXPECT_EQ(count(), 2);
}

TEST_F(PostgresTransaction, LostWhileItCommitsIsUnknown) {
  // A deferred trigger runs inside COMMIT.
  server().execute(database_,
                   "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                   "PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(20); RETURN NULL; END $$;"
                   "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON item DEFERRABLE INITIALLY DEFERRED "
                   "FOR EACH ROW EXECUTE FUNCTION die()");
  EXPECT_EQ(run(put_in_transaction(1)).error().code, Errc::timeout);
}

TEST_F(PostgresTransaction, WhatTheServerRefusesAtCommitWasNotDone) {
  server().execute(database_,
                   "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                   "RAISE EXCEPTION 'no' USING ERRCODE = '53100'; END $$;"
                   "CREATE CONSTRAINT TRIGGER no AFTER INSERT ON item DEFERRABLE INITIALLY DEFERRED "
                   "FOR EACH ROW EXECUTE FUNCTION no()");
  EXPECT_EQ(run(put_in_transaction(1)).error().code, Errc::unavailable);
  EXPECT_EQ(count(), 0);
}

/// Locks one row, waits for the other transaction to do the same, then wants the other's row.
struct Crossing {
  int locked = 0;

  ports::Task<void> cross(Session& session, int first, int second) {
    if (auto done = co_await add(session, first); !done) co_return done;
    ++locked;
    while (locked < 2)
      co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
    co_return co_await add(session, second);
  }
  static ports::Task<void> add(Session& session, int id) {
    const auto done = co_await session.run_text("UPDATE item SET value = value + 1 WHERE id = " + std::to_string(id));
    if (!done) co_return std::unexpected(done.error());
    co_return core::Status();
  }
};

TEST_F(PostgresTransaction, DeadlockIsResolvedByRunningOneOfThemAgain) {
  server().execute(database_, "INSERT INTO item VALUES(1), (2)");
  Crossing crossing;
  boost::asio::io_context io(1);
  int done = 0;
  for (const auto& [first, second] : {std::pair{1, 2}, std::pair{2, 1}}) {
    boost::asio::co_spawn(io, pool_->transaction<void>([&crossing, a = first, b = second](Session& session) {
      return crossing.cross(session, a, b);
    }),
                          [&done](const std::exception_ptr& thrown, const core::Status& outcome) {
                            EXPECT_FALSE(thrown);
                            EXPECT_TRUE(outcome);
                            ++done;
                          });
  }
  io.run();
  EXPECT_EQ(done, 2);
  EXPECT_EQ(metrics_.value("liveops_postgres_retries_total{pool=test}"), 1);
  EXPECT_EQ(server().execute(database_, "SELECT value FROM item"), (std::vector<std::string>{"2", "2"}));
}

constexpr postgres::Statement kFind{"test_find", "SELECT value FROM item WHERE id = ANY($1::bigint[])"};

ports::Task<std::int64_t> find_often(Session& session) {
  const std::array<std::int64_t, 2> ids{1, 2};
  for (int i = 0; i < 20; ++i) {  // PostgreSQL thinks of keeping a plan after five
    const auto found = co_await session.run(kFind, std::move(Parameters().add_array(ids)));
    if (!found) co_return std::unexpected(found.error());
  }
  const auto kept =
      co_await session.run_text("SELECT generic_plans FROM pg_prepared_statements WHERE name = 'test_find'");
  if (!kept) co_return std::unexpected(kept.error());
  co_return kept->int64(0, 0);
}

TEST_F(PostgresTransaction, NoPlanIsKeptThatWasMadeForATableAsItWas) {
  EXPECT_EQ(run(pool_->transaction<std::int64_t>(find_often)), 0);
  EXPECT_EQ(run(pool_->read<std::int64_t>(find_often)), 0);
}

TEST_F(PostgresTransaction, ConflictThatNeverEndsIsGivenUp) {
  int attempts = 0;
  const auto outcome = run(pool_->transaction<void>([&attempts](Session& session) {
    ++attempts;
    return execute(session, "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$");
  }));
  EXPECT_EQ(outcome.error().code, Errc::unavailable);
  EXPECT_EQ(attempts, 5);
}

}  // namespace
}  // namespace liveops::test
