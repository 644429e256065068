#include "adapters/postgres/connector.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>

namespace liveops::adapters::postgres {

namespace asio = boost::asio;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using Host = ConnectionOptions::Host;

namespace {

/// A look-up that nobody has to wait for longer than he wants: the system's resolver cannot be interrupted.
struct Lookup {
  explicit Lookup(const asio::any_io_executor& executor) : resolver(executor), done(executor) {}
  tcp::resolver resolver;
  asio::steady_timer done;
  std::optional<boost::system::error_code> outcome;
  tcp::resolver::results_type found;
};

ports::Task<tcp::resolver::results_type> resolve(std::string name, Clock::time_point deadline) {
  const auto lookup = std::make_shared<Lookup>(co_await asio::this_coro::executor);
  lookup->done.expires_at(deadline);
  lookup->resolver.async_resolve(name, "",
                                 [lookup](boost::system::error_code outcome, tcp::resolver::results_type found) {
                                   lookup->outcome = outcome;
                                   lookup->found = std::move(found);
                                   lookup->done.cancel();
                                 });
  co_await lookup->done.async_wait(asio::as_tuple(asio::use_awaitable));
  if (!lookup->outcome) {
    lookup->resolver.cancel();
    co_return core::fail(core::Errc::unavailable, "", "looking up " + name + " took too long");
  }
  if (*lookup->outcome) {
    co_return core::fail(core::Errc::unavailable, "", "looking up " + name + ": " + lookup->outcome->message());
  }
  co_return lookup->found;
}

using Raw = std::unique_ptr<PGconn, decltype(&PQfinish)>;

Raw start(const ConnectionOptions& options) {
  std::vector<const char*> keys;
  std::vector<const char*> values;
  for (const auto& [key, value] : options.all()) {
    keys.push_back(key.c_str());
    values.push_back(value.c_str());
  }
  keys.push_back(nullptr);
  values.push_back(nullptr);
  return {PQconnectStartParams(keys.data(), values.data(), 0), PQfinish};
}

std::string reason(PGconn* raw) {
  std::string text = PQerrorMessage(raw);
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace

Connector::Connector(ConnectionOptions options, std::chrono::milliseconds timeout, bool prepare)
    : options_(std::move(options)), timeout_(timeout), prepare_(prepare) {}

core::Error Connector::failed(std::string_view why) const {
  return {core::Errc::unavailable, "the database cannot be reached: try again",
          "connecting to " + options_.where() + ": " + std::string(why)};
}

ports::Task<std::vector<Host>> Connector::look_up(Deadline deadline) const {
  std::vector<Host> hosts;
  for (const Host& host : options_.hosts()) {
    if (!needs_lookup(host)) {
      hosts.push_back(host);
      continue;
    }
    const auto found = co_await resolve(host.name, deadline);
    if (!found) co_return std::unexpected(found.error());
    for (const auto& entry : *found) {
      Host one = host;
      one.address = entry.endpoint().address().to_string();
      const auto same = [&](const Host& other) { return other.address == one.address && other.port == one.port; };
      if (std::ranges::none_of(hosts, same)) hosts.push_back(std::move(one));
    }
  }
  co_return hosts;
}

ports::Task<std::unique_ptr<Connection>> Connector::connect() const {
  const auto deadline = Clock::now() + timeout_;
  ConnectionOptions options = options_;
  if (std::ranges::any_of(options.hosts(), needs_lookup)) {
    const auto hosts = co_await look_up(deadline);
    if (!hosts) co_return std::unexpected(failed(hosts.error().detail));
    options.set_hosts(*hosts);
  }
  Raw raw = start(options);
  if (!raw) co_return std::unexpected(failed("out of memory"));
  PQsetNoticeReceiver(raw.get(), [](void*, const PGresult*) {}, nullptr);
  SocketWatch watch(co_await asio::this_coro::executor);
  watch.set_deadline(std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()));
  auto step = PQstatus(raw.get()) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
  while (step != PGRES_POLLING_OK) {
    if (step == PGRES_POLLING_FAILED) co_return std::unexpected(failed(reason(raw.get())));
    const auto until = step == PGRES_POLLING_READING ? SocketWatch::Until::readable : SocketWatch::Until::writable;
    const auto waited = co_await watch.wait(PQsocket(raw.get()), until);
    if (!waited) co_return std::unexpected(failed("no answer within " + std::to_string(timeout_.count()) + " ms"));
    watch.forget();  // libpq may go on with another socket under the same number
    step = PQconnectPoll(raw.get());
  }
  co_return std::make_unique<Connection>(raw.release(), prepare_);
}

}  // namespace liveops::adapters::postgres
