#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>

#include "core/time.hpp"
#include "ports/event_bus.hpp"

namespace liveops::leaderboard {

/// True when no event that was published at or before that time is still unprocessed; false also when nobody can tell.
using CaughtUp = std::function<boost::asio::awaitable<bool>(core::Timestamp)>;

/// By the backlog of the ingest's own consumer group. Both must outlive the function.
[[nodiscard]] CaughtUp caught_up_by_backlog(ports::EventConsumer& consumer, const core::Clock& clock);

}  // namespace liveops::leaderboard
