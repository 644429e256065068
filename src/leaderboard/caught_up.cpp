#include "leaderboard/caught_up.hpp"

namespace liveops::leaderboard {

namespace {

boost::asio::awaitable<bool> ask(ports::EventConsumer& consumer, const core::Clock& clock, core::Timestamp boundary) {
  // The clock first: while the answer is on its way, the oldest message only gets older.
  const auto now = clock.now();
  const auto backlog = co_await consumer.backlog();
  if (!backlog) co_return false;
  co_return backlog->messages == 0 ? now > boundary : now - backlog->oldest_age > boundary;
}

}  // namespace

CaughtUp caught_up_by_backlog(ports::EventConsumer& consumer, const core::Clock& clock) {
  return [&consumer, &clock](core::Timestamp boundary) { return ask(consumer, clock, boundary); };
}

}  // namespace liveops::leaderboard
