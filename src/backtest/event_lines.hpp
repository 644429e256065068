#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/event.hpp"
#include "core/event_parser.hpp"
#include "core/time.hpp"

namespace liveops::core {
class EventReader;
}

namespace liveops::backtest {

/// An event of a file with the name that the file gives it.
struct RecordedEvent {
  core::Event event;  // received when it occurred
  std::string name;   // `event_id` as given; else empty: the event's own id is its name
};

/// Reads events line by line, in time order: each as the gateway takes it, with `occurred_at`, and with
/// `idempotency_key`, `event_id` or neither. Equal keys, ids or, without both, lines are the same event sent again.
///
/// Threads: one.
class EventLines {
 public:
  EventLines();
  ~EventLines();

  /// nullopt for a blank line. Errors: `invalid_argument` ("line 17: #/payload/xp: ...").
  [[nodiscard]] core::Result<std::optional<RecordedEvent>> read(std::string_view line);

 private:
  [[nodiscard]] core::Result<std::optional<RecordedEvent>> refuse(const std::string& reason) const;
  void name(RecordedEvent& recorded, const core::BatchItem& item, std::string_view line) const;

  core::EventLimits limits_;
  std::unique_ptr<core::EventReader> reader_;
  std::size_t line_ = 0;
  core::Timestamp last_;
};

}  // namespace liveops::backtest
