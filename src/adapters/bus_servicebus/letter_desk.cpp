#include "adapters/bus_servicebus/letter_desk.hpp"

#include <utility>

#include "adapters/asio/await_callback.hpp"

namespace liveops::adapters::bus_servicebus {

using core::Errc;
using core::Result;
using core::Status;
using std::chrono::steady_clock;

namespace {

std::unexpected<core::Error> not_connected() {
  return core::fail(Errc::unavailable, "Service Bus is not connected");
}

}  // namespace

LetterDesk::LetterDesk(Loop& loop, const Access& access) : Session(loop, access, "dead letters") {}

ports::Task<void> LetterDesk::connected() {
  const auto deadline = steady_clock::now() + access().options.request_timeout;
  while (true) {
    const auto seen = news().version();
    auto is_up = status();
    const auto left = deadline - steady_clock::now();
    if (is_up || left <= steady_clock::duration::zero()) co_return is_up;
    co_await news().wait(seen, left);
  }
}

ports::Task<std::vector<Incoming>> LetterDesk::peek(std::string address, std::int64_t from, std::size_t count) {
  if (auto up = co_await connected(); !up) co_return std::unexpected(up.error());
  co_return co_await await_callback<Result<std::vector<Incoming>>>([&](auto resume) {
    post([this, address, from, count, shown = std::move(resume)](proton::connection* up) mutable {
      if (up == nullptr) {
        shown(not_connected());
      } else {
        start_peek(address, from, count, std::move(shown));
      }
    });
  });
}

void LetterDesk::start_peek(const std::string& address, std::int64_t from, std::size_t count, Shown shown) {
  const auto node = address + "/$management";
  authorise(node, [this, node, from, count, told = std::move(shown)](const Status& authorised) mutable {
    if (!authorised || !is_connected()) {
      told(authorised ? not_connected() : std::unexpected(authorised.error()));
      return;
    }
    auto& pair = management_.try_emplace(node, node).first->second;
    pair.ask(
        connection(), peek_request(from, count, false),
        [shown = std::move(told)](const Result<Reply>& reply) mutable { shown(parse_peeked(reply)); },
        steady_clock::now() + access().options.request_timeout);
  });
}

ports::Task<void> LetterDesk::remove(std::string address, std::int64_t sequence) {
  if (auto up = co_await connected(); !up) co_return up;
  co_return co_await await_callback<Status>([&](auto resume) {
    post([this, address, sequence, told = std::move(resume)](proton::connection* up) mutable {
      if (up == nullptr) {
        told(not_connected());
      } else {
        start_removal(address, sequence, std::move(told));
      }
    });
  });
}

void LetterDesk::start_removal(const std::string& address, std::int64_t sequence, LetterRemover::Told told) {
  authorise(address, [this, address, sequence, done = std::move(told)](const Status& authorised) mutable {
    if (!authorised || !is_connected()) {
      done(authorised ? not_connected() : std::unexpected(authorised.error()));
      return;
    }
    removals_.emplace_back(sequence, steady_clock::now() + access().options.request_timeout, std::move(done));
    removals_.back().start(connection(), address);
  });
}

void LetterDesk::on_down() {
  for (auto& [node, pair] : management_) pair.drop();
  for (auto& removal : removals_) removal.drop();
}

void LetterDesk::on_tick(Instant) {}

void LetterDesk::expire(Instant now) {
  for (auto& [node, pair] : management_) pair.expire(now);
  for (auto& removal : removals_) static_cast<void>(removal.expire(now));
  // One that is over is still its link's handler: all go when the connection does.
  if (!is_connected()) std::erase_if(removals_, [now](auto& removal) { return removal.expire(now); });
}

}  // namespace liveops::adapters::bus_servicebus
