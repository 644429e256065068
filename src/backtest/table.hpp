#pragma once

#include <boost/json/object.hpp>
#include <ostream>

#include "backtest/result.hpp"

namespace liveops::backtest {

/// A result for people: what came of every level of action, then of every kind of cheat and every rule.
void print(std::ostream& out, const Result& result);

/// The same for programs. What never came is null.
[[nodiscard]] boost::json::object to_json(const Result& result);

}  // namespace liveops::backtest
