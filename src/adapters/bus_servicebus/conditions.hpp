#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"
#include "ports/event_bus.hpp"

namespace liveops::adapters::bus_servicebus {

/// An AMQP error as the service words it.
struct Condition {
  std::string name;  // "amqp:not-found"
  std::string description;
};

/// What became of a message that the service rejected with this.
[[nodiscard]] ports::PublishOutcome outcome_of(std::string_view condition);

/// The service wants to be left alone for a while.
[[nodiscard]] bool is_busy(std::string_view condition);

/// The service tidied up a link or connection that was idle: open it again, and say nothing.
[[nodiscard]] bool is_routine(std::string_view condition);

/// For the caller of the bus. The message names the entity, the description goes to the detail.
[[nodiscard]] core::Error error_of(const Condition& condition, std::string_view entity);

}  // namespace liveops::adapters::bus_servicebus
