#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/event.hpp"
#include "core/ids.hpp"
#include "ports/event_bus.hpp"

/// What the slower tier writes ahead: what it takes in, as it came.
namespace liveops::fairness::async {

struct Intake {
  std::vector<core::Event> events;
  std::vector<core::PlayerId> pardoned;
};

[[nodiscard]] std::string record_of(const std::vector<ports::Delivery>& batch);
[[nodiscard]] std::string record_of(const std::vector<core::PlayerId>& pardoned);

/// Envelopes that hold no event are left out. nullopt: not such a record, or one of another release.
[[nodiscard]] std::optional<Intake> read_record(std::string_view record);

}  // namespace liveops::fairness::async
