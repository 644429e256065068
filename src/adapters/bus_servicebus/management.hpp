#pragma once

#include <cstddef>
#include <cstdint>
#include <proton/message.hpp>
#include <vector>

#include "adapters/bus_servicebus/lock_token.hpp"
#include "adapters/bus_servicebus/message.hpp"
#include "adapters/bus_servicebus/request_pair.hpp"
#include "core/error.hpp"

/// The requests of <entity>/$management (Microsoft Learn, "AMQP request-response operations").
namespace liveops::adapters::bus_servicebus {

[[nodiscard]] proton::message renew_lock_request(const std::vector<LockToken>& tokens);

/// Up to `count` messages from sequence number `from` on, locked or not; without their bodies where that is enough.
[[nodiscard]] proton::message peek_request(std::int64_t from, std::size_t count, bool omit_body);
/// Errors: `unavailable`, `corrupt`.
[[nodiscard]] core::Result<std::vector<Incoming>> parse_peeked(const core::Result<Reply>& reply);

/// The service says that a lock of the request has run out.
[[nodiscard]] bool is_lock_lost(const Reply& reply);

}  // namespace liveops::adapters::bus_servicebus
