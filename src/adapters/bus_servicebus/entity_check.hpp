#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/bus_servicebus/options.hpp"
#include "core/error.hpp"
#include "core/time.hpp"
#include "ports/log.hpp"

namespace liveops::adapters::bus_servicebus {

/// What a key may be allowed to do with an entity.
enum class Right : std::uint8_t { send, listen };
[[nodiscard]] constexpr std::string_view to_string(Right right) {
  return right == Right::send ? "send" : "listen";
}

/// An entity that the options name, and whether the connection string's key may use it so.
struct EntityReport {
  std::string entity;  // a topic, "<topic>/Subscriptions/<group>" or a queue
  Right right = Right::send;
  core::Status allowed;  // Errors: `not_found`: it does not exist; `unauthenticated`: refused; `unavailable`
};

/// Opens a link for every right that the whole of the services needs and closes it again; sends and takes nothing.
/// Blocks, at most for the request timeout. Errors: `unavailable`: there is no connection (or, with Login::plain, the
/// key was refused); `invalid_argument` (the connection string).
[[nodiscard]] core::Result<std::vector<EntityReport>> check_entities(const Options& options, const core::Clock& clock,
                                                                     ports::Log& log);

}  // namespace liveops::adapters::bus_servicebus
