#pragma once

#include <memory>

#include "adapters/aws/environment.hpp"
#include "adapters/bus_servicebus/options.hpp"
#include "adapters/bus_sqs/options.hpp"
#include "adapters/config/settings.hpp"
#include "core/time.hpp"
#include "ports/dead_letters.hpp"
#include "ports/event_bus.hpp"
#include "ports/log.hpp"

/// The buses of AWS and Azure. Errors and patience as open_bus and open_dead_letters have them.
namespace liveops::apps {

[[nodiscard]] adapters::bus_sqs::Options sqs_options(const adapters::config::Settings& settings);
/// AWS' own variables: of the process, else of the .env file.
[[nodiscard]] adapters::aws::Environment aws_environment(const adapters::config::Settings& settings);
[[nodiscard]] adapters::bus_servicebus::Options servicebus_options(const adapters::config::Settings& settings);
/// With what AWS said besides, such as the action that a policy lacks, in the message.
[[nodiscard]] core::Error with_detail(core::Error error);

[[nodiscard]] core::Result<std::unique_ptr<ports::EventBus>> open_sqs(const adapters::config::Settings& settings,
                                                                      const core::Clock& clock, ports::Log& log);
/// Errors also: `invalid_argument`: a topic, subscription or queue that is not there; what is published before a
/// subscription exists would be lost to it.
[[nodiscard]] core::Result<std::unique_ptr<ports::EventBus>> open_servicebus(const adapters::config::Settings& settings,
                                                                             const core::Clock& clock, ports::Log& log);
[[nodiscard]] core::Result<std::unique_ptr<ports::DeadLetters>> open_sqs_letters(
    const adapters::config::Settings& settings, const core::Clock& clock, ports::Log& log);
[[nodiscard]] core::Result<std::unique_ptr<ports::DeadLetters>> open_servicebus_letters(
    const adapters::config::Settings& settings, const core::Clock& clock, ports::Log& log);

}  // namespace liveops::apps
