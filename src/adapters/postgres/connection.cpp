#include "adapters/postgres/connection.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <optional>
#include <vector>

#include "adapters/postgres/pool.hpp"

namespace liveops::adapters::postgres {

namespace {

constexpr std::string_view kConnectionFailure = "08006";  // the state that stands for a socket that broke

std::string_view field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

/// The server ends the session with such an error.
bool is_fatal(const PGresult* result) {
  const auto severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  return severity == "FATAL" || severity == "PANIC";
}

/// Such a result would come again and again.
bool is_copy(const PGresult* result) {
  const auto status = PQresultStatus(result);
  return status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH;
}

std::string without_line_end(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  return std::string(text);
}

std::vector<const char*> values_of(const Parameters& parameters) {
  std::vector<const char*> values(parameters.size());
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = parameters.c_str(i);
  return values;
}

}  // namespace

void Connection::Close::operator()(pg_conn* raw) const {
  PQfinish(raw);
}

Connection::Connection(pg_conn* raw, bool prepare) : raw_(raw), prepare_(prepare) {
  PQsetnonblocking(raw, 1);
  PQsetNoticeReceiver(raw, [](void*, const PGresult*) {}, nullptr);
}

ports::Task<Rows> Connection::run(SocketWatch& watch, const Statement& statement, const Parameters& parameters) {
  const auto values = values_of(parameters);
  const auto count = static_cast<int>(values.size());
  if (!prepare_) {
    co_return co_await exchange(
        watch, PQsendQueryParams(raw_.get(), statement.sql.data(), count, nullptr, values.data(), nullptr, nullptr, 0));
  }
  if (!prepared_.contains(statement.name)) {
    if (auto done = co_await prepare(watch, statement); !done) co_return std::unexpected(done.error());
  }
  const std::string name(statement.name);
  co_return co_await exchange(watch,
                              PQsendQueryPrepared(raw_.get(), name.c_str(), count, values.data(), nullptr, nullptr, 0));
}

ports::Task<Rows> Connection::run_text(SocketWatch& watch, const std::string& sql) {
  co_return co_await exchange(watch, PQsendQuery(raw_.get(), sql.c_str()));
}

ports::Task<void> Connection::prepare(SocketWatch& watch, const Statement& statement) {
  const std::string name(statement.name);
  const auto done = co_await exchange(watch, PQsendPrepare(raw_.get(), name.c_str(), statement.sql.data(), 0, nullptr));
  if (!done) co_return std::unexpected(done.error());
  prepared_.insert(statement.name);
  co_return core::Status();
}

/// Sends what libpq has queued and reads every result; the last one counts, but for errors, of which the first one
/// does.
ports::Task<Rows> Connection::exchange(SocketWatch& watch, int sent) {
  sqlstate_.clear();
  command_.clear();
  if (sent == 0) co_return std::unexpected(broken(watch));
  lost_ = true;  // until the last result is here
  if (auto flushed = co_await flush(watch); !flushed) co_return std::unexpected(flushed.error());
  std::optional<Rows> rows;
  core::Status outcome;
  bool goodbye = false;
  while (true) {
    const auto result = co_await next_result(watch);
    if (!result) co_return std::unexpected(result.error());
    if (*result == nullptr) break;
    rows.emplace(*result);
    goodbye = goodbye || is_fatal(*result);
    if (is_copy(*result)) co_return core::fail(core::Errc::internal, "COPY is not spoken here");
    if (auto judged = judge(*result); !judged && outcome) outcome = std::move(judged);
  }
  lost_ = goodbye || PQstatus(raw_.get()) != CONNECTION_OK;
  if (!outcome) co_return std::unexpected(outcome.error());
  if (!rows) co_return std::unexpected(broken(watch));
  co_return std::move(*rows);
}

ports::Task<void> Connection::flush(SocketWatch& watch) {
  while (true) {
    const int left = PQflush(raw_.get());
    if (left == 0) co_return core::Status();
    if (left < 0) co_return std::unexpected(broken(watch));
    // The server reads a whole message before it answers, so there is nothing to be read meanwhile.
    if (auto done = co_await watch.wait(PQsocket(raw_.get()), SocketWatch::Until::writable); !done) co_return done;
  }
}

ports::Task<pg_result*> Connection::next_result(SocketWatch& watch) {
  while (PQisBusy(raw_.get()) == 1) {
    auto waited = co_await watch.wait(PQsocket(raw_.get()), SocketWatch::Until::readable);
    if (!waited) co_return std::unexpected(waited.error());
    if (PQconsumeInput(raw_.get()) == 0) co_return std::unexpected(broken(watch));
  }
  co_return PQgetResult(raw_.get());
}

core::Status Connection::judge(pg_result* result) {
  switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_EMPTY_QUERY:
      command_ = PQcmdStatus(result);
      return {};
    default:
      break;
  }
  const auto sqlstate = field(result, PG_DIAG_SQLSTATE);
  if (sqlstate_.empty()) sqlstate_ = sqlstate;
  return std::unexpected(
      map_error(sqlstate.empty() ? kConnectionFailure : sqlstate, without_line_end(PQresultErrorMessage(result))));
}

core::Error Connection::broken(SocketWatch& watch) {
  lost_ = true;
  watch.forget();
  return map_error(kConnectionFailure, without_line_end(PQerrorMessage(raw_.get())));
}

bool Connection::alive() {
  // What comes unasked is the server's goodbye, or a changed setting: then there is nothing behind it.
  constexpr int kLooks = 3;
  for (int look = 0; look < kLooks && !lost_; ++look) {
    pollfd socket{.fd = PQsocket(raw_.get()), .events = POLLIN, .revents = 0};
    if (poll(&socket, 1, 0) == 0) return PQstatus(raw_.get()) == CONNECTION_OK;
    lost_ = PQconsumeInput(raw_.get()) == 0 || PQisBusy(raw_.get()) == 1;
  }
  lost_ = true;
  return false;
}

}  // namespace liveops::adapters::postgres
