#pragma once

#include <proton/condition.h>
#include <proton/delivery.h>
#include <proton/link.h>

#include <proton/delivery.hpp>
#include <proton/error_condition.hpp>
#include <proton/receiver.hpp>
#include <proton/sender.hpp>
#include <proton/tracker.hpp>
#include <string>
#include <string_view>

#include "adapters/bus_servicebus/conditions.hpp"
#include "adapters/bus_servicebus/lock_token.hpp"

/// What the C++ binding of qpid-proton leaves out, by way of the C objects behind it.
///
/// Threads: the connection's.
namespace liveops::adapters::bus_servicebus {

/// Sends an encoded message under a tag. Requires: credit.
void send_bytes(const proton::sender& sender, std::string_view tag, std::string_view bytes);

/// The largest message that the peer takes; 0: it sets no limit.
[[nodiscard]] std::uint64_t max_message_bytes(const proton::sender& sender);

/// The service shall confirm each settlement, as its own clients have it. Requires: just opened, nothing sent yet.
void settle_second(const proton::receiver& receiver);

/// Unsettled: the peer answers with its own state (`settlement_of`).
void complete(const proton::delivery& delivery);
/// Unlocked; counts as a delivery.
void abandon(const proton::delivery& delivery);
/// `description` in words; `attempts` becomes a property of the letter.
void dead_letter(const proton::delivery& delivery, const std::string& reason, const std::string& attempts);
/// The peer has settled: so do we.
void settle(const proton::delivery& delivery);

/// Why the peer rejected it; an empty name when it did not.
[[nodiscard]] Condition condition_of(const proton::tracker& tracker);
[[nodiscard]] Condition condition_of(const proton::delivery& delivery);
[[nodiscard]] Condition condition_of(const proton::error_condition& error);

[[nodiscard]] std::string tag_of(const proton::tracker& tracker);
[[nodiscard]] std::optional<LockToken> lock_token_of(const proton::delivery& delivery);

}  // namespace liveops::adapters::bus_servicebus
