#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/event_parser.hpp"
#include "core/http/message.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"
#include "gateway/decision.hpp"

namespace liveops::gateway {

/// What the client is told of one item, and in which counter of the answer it goes.
enum class ItemStatus : std::uint8_t { accepted, duplicate, rejected, retry };
[[nodiscard]] std::string_view to_string(ItemStatus status);
[[nodiscard]] ItemStatus status_of(Outcome outcome);

/// Writes the answer to a batch, item by item in order.
class BatchResult {
 public:
  /// `items`: how many will be added, for the size of the buffer.
  BatchResult(std::size_t items, core::Timestamp now);

  /// An item that could not be read; `id` when at least its key could.
  void add_faulty(const std::optional<core::EventId>& id, const core::Faults& faults);
  void add(const core::EventId& id, const Decision& decision);

  /// 202 with {"results":[...],"accepted":n,"duplicate":n,"rejected":n,"retry":n}; Retry-After when there is something
  /// to retry.
  [[nodiscard]] core::http::Response response() &&;

 private:
  void open(const core::EventId* id, ItemStatus status);
  void member(std::string_view name, std::string_view text);

  core::Timestamp now_;
  std::string body_;
  std::size_t index_ = 0;
  std::array<std::size_t, 4> counts_{};
  std::optional<std::chrono::seconds> retry_after_;
};

}  // namespace liveops::gateway
