#include "gateway/fairness_gate.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

namespace liveops::gateway {

namespace asio = boost::asio;

/// Shared by the one who asks and the check, which may outlast the asking.
struct FairnessGate::Call {
  explicit Call(const asio::any_io_executor& executor) : deadline(executor) {}
  asio::steady_timer deadline;
  std::optional<Answer> answer;
  bool overdue = false;
};

FairnessGate::FairnessGate(ports::FairnessCheck& fairness, Options options, Counters& counters, ports::Log& log)
    : fairness_(fairness), options_(options), counters_(counters), log_(log) {}

asio::awaitable<std::optional<std::vector<core::Verdict>>> FairnessGate::check(std::vector<core::Event> events) {
  const std::size_t asked = events.size();
  const bool hurry = options_.deadline > std::chrono::milliseconds(0);
  auto answer = hurry ? co_await ask_within_deadline(std::move(events)) : co_await ask(std::move(events));
  if (answer && answer->size() != asked)
    answer = core::fail(core::Errc::internal, "fairness answered for other events");
  if (!answer) co_return without_answer(asked, answer.error());
  if (!answering_.load(std::memory_order_relaxed) && !answering_.exchange(true)) log_.info("fairness answers again");
  co_return std::move(*answer);
}

asio::awaitable<FairnessGate::Answer> FairnessGate::ask(std::vector<core::Event> events) {
  try {
    co_return co_await fairness_.check(std::move(events));
  } catch (const std::exception& failure) {
    co_return core::fail(core::Errc::internal, "the fairness check failed", failure.what());
  }
}

asio::awaitable<FairnessGate::Answer> FairnessGate::ask_within_deadline(std::vector<core::Event> events) {
  if (overdue_.load() >= options_.max_overdue) {
    co_return core::fail(core::Errc::timeout, "too many checks are overdue");
  }
  const auto executor = co_await asio::this_coro::executor;
  const auto call = std::make_shared<Call>(executor);
  asio::co_spawn(executor, run(call, std::move(events)), asio::detached);
  if (!call->answer) {                  // a check that never waited is done by now and needs no timer
    boost::system::error_code ignored;  // cancelled when the answer comes
    call->deadline.expires_after(options_.deadline);
    co_await call->deadline.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  if (call->answer) co_return std::move(*call->answer);
  call->overdue = true;
  overdue_.fetch_add(1);
  co_return core::fail(core::Errc::timeout, "no verdict in time");
}

asio::awaitable<void> FairnessGate::run(std::shared_ptr<Call> call, std::vector<core::Event> events) {
  call->answer = co_await ask(std::move(events));
  call->deadline.cancel();
  if (call->overdue) overdue_.fetch_sub(1);
}

std::optional<std::vector<core::Verdict>> FairnessGate::without_answer(std::size_t events, const core::Error& error) {
  const bool open = options_.fail_mode == FailMode::open;
  (open ? counters_.passed_unchecked : counters_.refused_unchecked).add(static_cast<double>(events));
  if (answering_.exchange(false)) {
    log_.warn("fairness does not answer", {{"error", core::to_string(error.code)},
                                           {"reason", std::string_view(error.message)},
                                           {"events", open ? "pass unchecked" : "are refused"}});
  }
  if (!open) return std::nullopt;
  return std::vector<core::Verdict>(events);
}

}  // namespace liveops::gateway
