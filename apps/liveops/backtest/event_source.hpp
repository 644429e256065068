#pragma once

#include <functional>
#include <span>
#include <string>

#include "adapters/config/settings.hpp"
#include "core/error.hpp"
#include "core/event.hpp"
#include "core/rules.hpp"

namespace liveops::apps {

/// Takes one event after the other, in time order; `name` is what the event is called in reports.
using Feed = std::function<void(const core::Event& event, const std::string& name)>;
/// How far the reading has come: 0..1, or -1 when nobody knows.
using Progress = std::function<void(double share)>;

/// NDJSON, gzip or not; "-" is stdin.
/// Errors: `invalid_argument` ("events.ndjson: line 17: ..."), `not_found`.
[[nodiscard]] core::Status read_file(const std::string& path, const Feed& feed, const Progress& progress);

/// The ledger's events that were received from `from` up to before `to`; time is that of their receipt.
/// Errors: `invalid_argument`, `not_found`, `unavailable`, `corrupt`.
[[nodiscard]] core::Status read_ledger(const adapters::config::Settings& settings, core::Timestamp from,
                                       core::Timestamp to, std::span<const core::BossRules> bosses, const Feed& feed,
                                       const Progress& progress);

}  // namespace liveops::apps
