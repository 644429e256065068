#include "adapters/bus_servicebus/conditions.hpp"

#include <algorithm>
#include <array>

namespace liveops::adapters::bus_servicebus {

using core::Errc;
using ports::PublishOutcome;

namespace {

struct Meaning {
  std::string_view condition;
  Errc code;
  PublishOutcome outcome;
  std::string_view message;  // for an operator
};

constexpr std::string_view kDoesNotExist =
    "does not exist: make it (`az servicebus topic create`, `az servicebus topic subscription create`)";
constexpr std::string_view kRefused =
    "is refused: check the connection string's key, and that it has the claims Send and Listen";

// Microsoft Learn, "AMQP errors in Azure Service Bus".
constexpr std::array kMeanings{
    Meaning{"amqp:link:message-size-exceeded", Errc::invalid_argument, PublishOutcome::refused,
            "takes no message so large"},
    Meaning{"amqp:decode-error", Errc::invalid_argument, PublishOutcome::refused, "cannot read the message"},
    Meaning{"amqp:not-found", Errc::not_found, PublishOutcome::retry, kDoesNotExist},
    Meaning{"amqp:unauthorized-access", Errc::unauthenticated, PublishOutcome::retry, kRefused},
    Meaning{"com.microsoft:server-busy", Errc::unavailable, PublishOutcome::retry, "is too busy"},
    Meaning{"amqp:resource-limit-exceeded", Errc::unavailable, PublishOutcome::retry, "is full"},
    Meaning{"com.microsoft:entity-disabled", Errc::unavailable, PublishOutcome::retry, "is disabled"},
    Meaning{"com.microsoft:timeout", Errc::unavailable, PublishOutcome::retry, "took too long"},
};

const Meaning* meaning_of(std::string_view condition) {
  const auto* const found = std::ranges::find(kMeanings, condition, &Meaning::condition);
  return found == kMeanings.end() ? nullptr : found;
}

}  // namespace

PublishOutcome outcome_of(std::string_view condition) {
  const auto* const meaning = meaning_of(condition);
  return meaning == nullptr ? PublishOutcome::retry : meaning->outcome;
}

bool is_busy(std::string_view condition) {
  return condition == "com.microsoft:server-busy";
}

bool is_routine(std::string_view condition) {
  return condition == "amqp:link:detach-forced" || condition == "amqp:connection:forced" || condition.empty();
}

core::Error error_of(const Condition& condition, std::string_view entity) {
  const auto* const meaning = meaning_of(condition.name);
  const auto what = meaning == nullptr ? std::string_view("does not answer as it should") : meaning->message;
  return {.code = meaning == nullptr ? Errc::unavailable : meaning->code,
          .message = "Service Bus: '" + std::string(entity) + "' " + std::string(what),
          .detail = condition.name + ": " + condition.description};
}

}  // namespace liveops::adapters::bus_servicebus
