#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/bus_sqs/sqs_api.hpp"

namespace liveops::adapters::bus_sqs {

/// DeleteMessageBatch for these receipts, or ChangeMessageVisibilityBatch when a visibility is given: ten a request,
/// several requests side by side. Receipts that SQS does not know (any more) are passed over. Errors: `unavailable`:
/// some could not be settled.
[[nodiscard]] ports::Task<void> settle(SqsApi& api, std::string queue_url, std::vector<std::string> receipts,
                                       std::optional<std::chrono::seconds> visibility, Patience patience);

}  // namespace liveops::adapters::bus_sqs
