#include "adapters/postgres/pool.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <random>

#include "adapters/postgres/connector.hpp"
#include "adapters/postgres/lease.hpp"
#include "adapters/postgres/pool_metrics.hpp"
#include "adapters/postgres/slots.hpp"
#include "adapters/postgres/transaction.hpp"

namespace liveops::adapters::postgres {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using core::Errc;

namespace {

using Work = std::function<ports::Task<void>(Session&)>;

std::chrono::milliseconds pause_before(unsigned attempt) {
  constexpr std::uint32_t kMostMs = 20;  // for the first repetition; the span grows with each
  thread_local std::minstd_rand random{std::random_device{}()};
  return std::chrono::milliseconds(1 + random() % (kMostMs * attempt));
}

class ConnectionPool final : public Pool {
 public:
  ConnectionPool(PoolOptions options, ConnectionOptions connection, ports::Log& log, ports::Metrics& metrics)
      : options_(std::move(options)),
        log_(log),
        metrics_(metrics, options_.name),
        connector_(std::move(connection), options_.connect_timeout, options_.prepare),
        slots_({.max_connections = options_.max_connections,
                .max_waiting = options_.max_waiting,
                .connect_timeout = options_.connect_timeout}) {}

  ports::Task<void> check() override;

 private:
  /// How one attempt at a transaction ended.
  struct Attempt {
    core::Status outcome;
    bool again = false;
  };

  ports::Task<void> run(Kind kind, Work work) override;
  asio::awaitable<Attempt> attempt(Kind kind, const Work& work);
  asio::awaitable<Attempt> finish(Transaction& transaction, core::Status worked);
  ports::Task<Lease> acquire();
  ports::Task<Slots::Grant> grant();
  ports::Task<void> connect(Lease& lease);
  void show_use();

  const PoolOptions options_;
  ports::Log& log_;
  PoolMetrics metrics_;
  const Connector connector_;
  Slots slots_;
};

ports::Task<void> ConnectionPool::check() {
  // BEGIN is answered only by a server that works.
  const Work nothing = [](Session&) -> ports::Task<void> { co_return core::Status(); };
  auto done = co_await run(Kind::read, nothing);
  if (!done) done.error().message += " (" + done.error().detail + ")";
  co_return done;
}

ports::Task<void> ConnectionPool::run(Kind kind, Work work) {
  const auto start = Clock::now();
  Attempt last;
  for (unsigned number = 1;; ++number) {
    last = co_await attempt(kind, work);
    if (!last.again || number >= options_.attempts) break;
    metrics_.retried();
    asio::steady_timer pause(co_await asio::this_coro::executor, pause_before(number));
    co_await pause.async_wait(asio::use_awaitable);
  }
  metrics_.finished(last.outcome, Clock::now() - start);
  show_use();
  co_return last.outcome;
}

asio::awaitable<ConnectionPool::Attempt> ConnectionPool::attempt(Kind kind, const Work& work) {
  auto lease = co_await acquire();
  if (!lease) co_return Attempt{std::unexpected(lease.error())};
  show_use();
  Transaction transaction(lease->connection(), co_await asio::this_coro::executor, options_.statement_timeout);
  const auto begun =
      co_await transaction.begin(kind == Kind::read ? Transaction::Kind::read : Transaction::Kind::write);
  if (!begun) {
    // Nothing has begun. A kept connection may have been lost since its last use: then another one will do.
    const bool again = lease->was_kept() && lease->connection().lost() && !transaction.unanswered();
    co_return Attempt{begun, again};
  }
  const auto worked = co_await work(transaction);
  auto ended = co_await finish(transaction, worked);
  if (!lease->connection().lost()) lease->connection_is_good();
  co_return ended;
}

asio::awaitable<ConnectionPool::Attempt> ConnectionPool::finish(Transaction& transaction, core::Status worked) {
  if (worked && transaction.failure()) worked = std::unexpected(*transaction.failure());
  if (worked) {
    auto committed = co_await transaction.commit();
    co_return Attempt{std::move(committed), transaction.may_run_again()};
  }
  const auto rolled_back = co_await transaction.rollback();
  if (!rolled_back)
    log_.warn("a transaction could not be rolled back",
              {{"pool", options_.name}, {"error", rolled_back.error().detail}});
  co_return Attempt{std::move(worked), transaction.may_run_again()};
}

ports::Task<Lease> ConnectionPool::acquire() {
  auto granted = co_await grant();
  if (!granted) co_return std::unexpected(granted.error());
  Lease lease(slots_, std::move(*granted));
  if (lease.has_connection()) co_return lease;
  if (auto done = co_await connect(lease); !done) co_return std::unexpected(done.error());
  co_return lease;
}

ports::Task<Slots::Grant> ConnectionPool::grant() {
  Queued place(slots_, co_await asio::this_coro::executor, options_.wait_timeout);
  auto asked = slots_.ask(Clock::now(), place.waiter());
  if (!asked) co_return std::unexpected(asked.error());
  if (*asked) co_return std::move(**asked);
  show_use();
  auto answer = co_await place.wait();
  if (answer) co_return std::move(*answer);
  co_return core::fail(Errc::unavailable, "the database is too busy: try again",
                       "no connection became free within " + std::to_string(options_.wait_timeout.count()) + " ms");
}

ports::Task<void> ConnectionPool::connect(Lease& lease) {
  auto connection = co_await connector_.connect();
  if (connection) {
    if (lease.connected(std::move(*connection))) {
      log_.info("the database is back", {{"pool", options_.name}});
    }
    co_return core::Status();
  }
  if (lease.not_connected(connection.error())) {
    log_.warn("the database cannot be reached", {{"pool", options_.name}, {"error", connection.error().detail}});
  }
  co_return std::unexpected(connection.error());
}

void ConnectionPool::show_use() {
  const auto counts = slots_.counts();
  metrics_.connections(counts.idle, counts.busy, counts.waiting);
}

}  // namespace

core::Result<std::unique_ptr<Pool>> Pool::create(PoolOptions options, ports::Log& log, ports::Metrics& metrics) {
  auto connection = ConnectionOptions::parse(options.url);
  if (!connection) return std::unexpected(connection.error());
  if (options.max_connections == 0 || options.attempts == 0) {
    return core::fail(Errc::invalid_argument, "a pool needs at least one connection and one attempt");
  }
  if (connection->get("application_name").empty()) connection->set("application_name", "liveops " + options.name);
  connection->set("client_encoding", "UTF8");
  return std::make_unique<ConnectionPool>(std::move(options), std::move(*connection), log, metrics);
}

}  // namespace liveops::adapters::postgres
