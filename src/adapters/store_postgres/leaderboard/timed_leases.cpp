#include "adapters/store_postgres/leaderboard/timed_leases.hpp"

#include <string>

namespace liveops::adapters::store_postgres::leaderboard {

using postgres::Session;

namespace {

constexpr postgres::Statement kTime{"lb_time", "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"};

ports::Task<core::Timestamp> server_time(Session& session) {
  const auto rows = co_await session.run(kTime, {});
  if (!rows) co_return std::unexpected(rows.error());
  co_return core::Timestamp(std::chrono::microseconds(rows->int64(0, 0)));
}

}  // namespace

ports::Task<void> TimedLeases::compare_clocks() {
  const auto before = clock_.now();
  const auto server = co_await pool_.read<core::Timestamp>(server_time);
  if (!server) co_return std::unexpected(server.error());
  const auto after = clock_.now();
  // The server looked at its clock at some moment between the two.
  const auto ahead = std::chrono::floor<std::chrono::seconds>(before - *server);
  const auto behind = std::chrono::floor<std::chrono::seconds>(*server - after);
  if (ahead < kMaxSkew && behind < kMaxSkew) co_return core::Status();
  const bool fast = ahead >= kMaxSkew;
  co_return core::fail(core::Errc::unavailable,
                       "this machine's clock is " + std::to_string((fast ? ahead : behind).count()) + " s " +
                           (fast ? "ahead of" : "behind") +
                           " the database's: set it right (NTP); until then other replicas seal periods");
}

ports::Task<bool> TimedLeases::acquire(ports::LeaseClaim claim) {
  if (auto agree = co_await compare_clocks(); !agree) co_return std::unexpected(std::move(agree.error()));
  co_return co_await leases_.acquire(std::move(claim));
}

ports::Task<bool> TimedLeases::renew(ports::LeaseClaim claim) {
  if (auto agree = co_await compare_clocks(); !agree) co_return std::unexpected(std::move(agree.error()));
  co_return co_await leases_.renew(std::move(claim));
}

ports::Task<void> TimedLeases::release(std::string name, std::string holder) {
  return leases_.release(std::move(name), std::move(holder));
}

}  // namespace liveops::adapters::store_postgres::leaderboard
