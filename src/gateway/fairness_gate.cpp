#include "gateway/fairness_gate.hpp"

#include <exception>
#include <string>
#include <utility>

namespace liveops::gateway {

namespace asio = boost::asio;

FairnessGate::FairnessGate(ports::FairnessCheck& fairness, Options options, Counters& counters, ports::Log& log)
    : fairness_(fairness), options_(options), counters_(counters), log_(log) {}

asio::awaitable<std::optional<std::vector<core::Verdict>>> FairnessGate::check(std::vector<core::Event> events) {
  const std::size_t asked = events.size();
  auto answer = co_await ask(std::move(events));
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
