#pragma once

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <string>
#include <utility>

#include "adapters/postgres/pool.hpp"
#include "tests/support/recording_metrics.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/servers/postgres_server.hpp"

namespace liveops::test {

namespace postgres = adapters::postgres;

inline constexpr postgres::Statement kPut{"test_put", "INSERT INTO item(id) VALUES($1::bigint)"};
inline constexpr postgres::Statement kCount{"test_count", "SELECT count(*) FROM item"};

/// A database of the test's own with the table item(id, value), and a pool on it.
class PoolTest : public ::testing::Test {
 protected:
  PoolTest() : database_(server().make_database()) {
    server().execute(database_, "CREATE TABLE item(id bigint PRIMARY KEY, value bigint NOT NULL DEFAULT 0)");
    make_pool(options());
  }

  static PostgresServer& server() { return shared_postgres(); }

  postgres::PoolOptions options() {
    return {.url = server().url(database_), .name = "test", .max_connections = 2, .statement_timeout = timeout_};
  }
  void make_pool(postgres::PoolOptions options) {
    pool_.reset();
    pool_ = postgres::Pool::create(std::move(options), log_, metrics_).value();
  }

  static ports::Task<void> put(postgres::Session& session, std::int64_t id) {
    const auto done = co_await session.run(kPut, std::move(postgres::Parameters().add(id)));
    if (!done) co_return std::unexpected(done.error());
    co_return core::Status();
  }
  ports::Task<void> put_in_transaction(std::int64_t id) {
    return pool_->transaction<void>([id](postgres::Session& session) { return put(session, id); });
  }
  static ports::Task<void> execute(postgres::Session& session, std::string sql) {
    const auto done = co_await session.run_text(std::move(sql));
    if (!done) co_return std::unexpected(done.error());
    co_return core::Status();
  }
  ports::Task<void> execute_in_transaction(std::string sql) {
    return pool_->transaction<void>([sql](postgres::Session& session) { return execute(session, sql); });
  }
  std::int64_t count() { return std::stoll(server().execute(database_, "SELECT count(*) FROM item").at(0)); }

  /// Lets the other coroutines of this executor run until it is so.
  template <class Condition>
  static boost::asio::awaitable<void> until(Condition is_so) {
    while (!is_so()) co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
  }

  const std::chrono::milliseconds timeout_{5000};
  std::string database_;
  SilentLog log_;
  RecordingMetrics metrics_;
  std::unique_ptr<postgres::Pool> pool_;
};

}  // namespace liveops::test
