#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "core/verdict.hpp"
#include "fairness/evidence.hpp"
#include "ports/verdict_store.hpp"

/// The service's answers as JSON.
namespace liveops::fairness {

/// {action, reason?, decision_id?, until?}: absent where there is nothing to say.
[[nodiscard]] boost::json::object to_json(const core::Verdict& verdict);
[[nodiscard]] boost::json::object to_json(const ports::PlayerStanding& standing);
[[nodiscard]] boost::json::object to_json(const ports::DecisionRecord& decision);
[[nodiscard]] boost::json::object to_json(const ports::AuditEntry& entry);
[[nodiscard]] boost::json::object to_json(const ports::FlaggedPlayer& flagged);
[[nodiscard]] boost::json::object to_json(const Evidence& evidence);
[[nodiscard]] boost::json::object to_json(const core::Disqualification& disqualified);

/// An array of what `items` hold.
template <class T>
[[nodiscard]] boost::json::array to_json_array(const std::vector<T>& items) {
  boost::json::array array;
  array.reserve(items.size());
  for (const T& item : items) array.push_back(to_json(item));
  return array;
}

}  // namespace liveops::fairness
