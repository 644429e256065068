#include "adapters/postgres/transaction.hpp"

#include <string>

namespace liveops::adapters::postgres {

using core::Errc;

namespace {

constexpr std::chrono::milliseconds kGrace{1000};  // the server's own time-out comes first, by this much

// A prepared statement keeps the first plan that does not depend on its parameters. Made for a table that was new, that
// is a sequential scan, and it stays until the table is analyzed, which may be a minute and a hundred thousand players
// later. To plan anew costs less than a tenth of a millisecond a statement, and most statements carry a whole batch.
constexpr const char* kPlanByWhatIsThere = ";SET LOCAL plan_cache_mode=force_custom_plan";

// What is switched off is still done where there is no other way, at a made-up cost that would set the compiler going.
constexpr const char* kByKey =
    "SET LOCAL enable_seqscan=off;SET LOCAL enable_hashjoin=off;SET LOCAL enable_mergejoin=off;SET LOCAL jit=off";

/// serialization_failure, deadlock_detected (PostgreSQL 15, section 13.5).
bool is_retryable(std::string_view sqlstate) {
  return sqlstate == "40001" || sqlstate == "40P01";
}

}  // namespace

Transaction::Transaction(Connection& connection, boost::asio::any_io_executor executor,
                         std::chrono::milliseconds timeout)
    : connection_(connection), watch_(std::move(executor)), timeout_(timeout) {}

std::string Transaction::settings() const {
  const std::string timeout = std::to_string(timeout_.count());
  return "SET LOCAL statement_timeout=" + timeout + ";SET LOCAL idle_in_transaction_session_timeout=" + timeout;
}

core::Result<Rows> Transaction::note(core::Result<Rows> outcome) {
  if (outcome) return outcome;
  // A session that is closed before COMMIT was sent takes its transaction with it.
  if (connection_.sqlstate().empty() && outcome.error().code == Errc::timeout) {
    outcome.error().code = Errc::unavailable;
    unanswered_ = true;
  }
  if (!failure_) {
    failure_ = outcome.error();
    may_run_again_ = is_retryable(connection_.sqlstate());
  }
  return outcome;
}

/// Why nothing can be sent any more.
core::Error Transaction::gone() const {
  return failure_.value_or(core::Error{Errc::unavailable, "the database went away: try again", {}});
}

ports::Task<void> Transaction::begin(Kind kind) {
  std::string sql =
      kind == Kind::read ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;" : "BEGIN ISOLATION LEVEL READ COMMITTED;";
  const auto begun = co_await run_text(sql + settings() + kPlanByWhatIsThere);
  if (!begun) co_return std::unexpected(begun.error());
  co_return core::Status();
}

ports::Task<Rows> Transaction::run(const Statement& statement, Parameters parameters) {
  if (connection_.lost()) co_return std::unexpected(gone());
  watch_.set_deadline(timeout_ + kGrace);
  co_return note(co_await connection_.run(watch_, statement, parameters));
}

ports::Task<Rows> Transaction::run_text(std::string sql) {
  if (connection_.lost()) co_return std::unexpected(gone());
  watch_.set_deadline(timeout_ + kGrace);
  co_return note(co_await connection_.run_text(watch_, sql));
}

ports::Task<void> Transaction::set_statement_timeout(std::chrono::milliseconds timeout) {
  timeout_ = timeout;
  const auto done = co_await run_text(settings());
  if (!done) co_return std::unexpected(done.error());
  co_return core::Status();
}

ports::Task<void> Transaction::look_up_by_key() {
  const auto done = co_await run_text(kByKey);
  if (!done) co_return std::unexpected(done.error());
  co_return core::Status();
}

ports::Task<void> Transaction::commit() {
  if (connection_.lost()) co_return std::unexpected(gone());
  watch_.set_deadline(timeout_ + kGrace);
  const auto done = co_await connection_.run_text(watch_, "COMMIT");
  if (done && connection_.command() == "COMMIT") co_return core::Status();
  if (done) co_return core::fail(Errc::internal, "the database rolled a transaction back that should be committed");
  if (!connection_.lost()) {
    may_run_again_ = is_retryable(connection_.sqlstate());
    co_return std::unexpected(done.error());
  }
  co_return core::fail(Errc::timeout, "the database went away while it committed: unknown whether it did",
                       done.error().detail);
}

ports::Task<void> Transaction::rollback() {
  if (connection_.lost()) co_return core::Status();
  watch_.set_deadline(timeout_ + kGrace);
  const auto done = co_await connection_.run_text(watch_, "ROLLBACK");
  if (!done) co_return std::unexpected(done.error());
  co_return core::Status();
}

}  // namespace liveops::adapters::postgres
