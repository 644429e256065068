#pragma once

#include <deque>
#include <utility>
#include <vector>

#include "adapters/redis/client/client.hpp"

namespace liveops::adapters::redis {

/// A client that writes down what it is asked and answers from a list, in order. Threads: one at a time.
class TestClient final : public Client {
 public:
  std::vector<std::vector<Command>> calls;  // one element a round trip
  std::deque<core::Result<Reply>> replies;  // one a command
  std::deque<core::Error> failures;         // the next round trips end so, and no reply is used up

  ports::Task<Reply> run(Command command) override {
    auto all = co_await run_all({std::move(command)});
    if (!all) co_return std::unexpected(all.error());
    co_return std::move(all->front());
  }
  ports::Task<std::vector<core::Result<Reply>>> run_all(std::vector<Command> commands) override {
    calls.push_back(commands);
    if (!failures.empty()) {
      auto failure = failures.front();
      failures.pop_front();
      co_return std::unexpected(std::move(failure));
    }
    std::vector<core::Result<Reply>> out;
    for (std::size_t n = 0; n < commands.size(); ++n) {
      out.push_back(replies.empty() ? Reply{} : std::move(replies.front()));
      if (!replies.empty()) replies.pop_front();
    }
    co_return out;
  }
  ports::Task<Reply> run_blocking(Command command, std::chrono::milliseconds) override {
    return run(std::move(command));
  }
  ports::Task<void> check() override { co_return core::Status{}; }
  [[nodiscard]] std::uint64_t connections() const override { return 1; }
};

}  // namespace liveops::adapters::redis
