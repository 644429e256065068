#include "adapters/redis/client/client.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <span>
#include <utility>

#include "adapters/redis/client/session.hpp"
#include "adapters/redis/client/tls.hpp"

namespace liveops::adapters::redis {

namespace {

/// hiredis writes to its socket with write(2): without this, a server that goes away would end the process.
void ignore_broken_pipes() {
  struct sigaction now{};
  if (sigaction(SIGPIPE, nullptr, &now) == 0 && now.sa_handler == SIG_DFL) std::signal(SIGPIPE, SIG_IGN);
}

/// Hands the request to the session and completes on the caller's executor.
boost::asio::awaitable<Request::Outcome> submit(Session& session, Request request) {
  auto initiate = [&session](auto handler, Request ready) {
    auto guard = boost::asio::make_work_guard(boost::asio::get_associated_executor(handler));
    ready.done = [handler = std::move(handler), guard = std::move(guard)](Request::Outcome outcome) mutable {
      boost::asio::post(guard.get_executor(), [handler = std::move(handler), outcome = std::move(outcome)]() mutable {
        std::move(handler)(std::move(outcome));
      });
    };
    session.submit(std::move(ready));
  };
  co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&, void(Request::Outcome)>(
      std::move(initiate), boost::asio::use_awaitable, std::move(request));
}

class HiredisClient final : public Client {
 public:
  explicit HiredisClient(std::shared_ptr<Session> session) : session_(std::move(session)) { session_->start(); }
  ~HiredisClient() override { session_->stop(); }
  HiredisClient(const HiredisClient&) = delete;
  HiredisClient& operator=(const HiredisClient&) = delete;

  ports::Task<Reply> run(Command command) override { return run_blocking(std::move(command), {}); }

  ports::Task<std::vector<core::Result<Reply>>> run_all(std::vector<Command> commands) override {
    if (commands.empty()) co_return std::vector<core::Result<Reply>>{};
    for (const Command& command : commands) {
      if (command.empty()) co_return empty_command();
    }
    Request request(commands);
    commands = {};
    co_return co_await submit(*session_, std::move(request));
  }

  ports::Task<Reply> run_blocking(Command command, std::chrono::milliseconds wait) override {
    if (command.empty()) co_return empty_command();
    Request request({&command, 1}, wait);
    command = {};
    auto outcome = co_await submit(*session_, std::move(request));
    if (!outcome) co_return std::unexpected(std::move(outcome.error()));
    co_return std::move(outcome->front());
  }

  ports::Task<void> check() override {
    const auto reply = co_await run({"PING"});
    if (reply) co_return core::Status{};
    const auto trouble = session_->trouble();
    co_return core::fail(core::Errc::unavailable, trouble.empty() ? reply.error().message : trouble,
                         reply.error().detail);
  }

  std::uint64_t connections() const override { return session_->connections(); }

 private:
  static std::unexpected<core::Error> empty_command() {
    return core::fail(core::Errc::invalid_argument, "a command for Redis has no name");
  }

  std::shared_ptr<Session> session_;
};

}  // namespace

core::Result<std::unique_ptr<Client>> Client::create(boost::asio::any_io_executor executor, ClientOptions options,
                                                     ports::Log& log, ports::Metrics& metrics) {
  auto address = Address::parse(options.url);
  if (!address) return std::unexpected(std::move(address.error()));
  if (address->kind == Address::Kind::tls) {
    if (auto available = tls_available(); !available) return std::unexpected(std::move(available.error()));
  }
  ignore_broken_pipes();
  return std::make_unique<HiredisClient>(
      std::make_shared<Session>(std::move(executor), std::move(*address), std::move(options), log, metrics));
}

}  // namespace liveops::adapters::redis
