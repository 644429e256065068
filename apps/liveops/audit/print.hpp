#pragma once

#include <iosfwd>

#include "audit/report.hpp"

namespace liveops::apps {

/// The differences, one a line, then what was counted, what was not compared, and whether the books balance.
void print_text(std::ostream& out, const audit::Report& report);

/// The same as one JSON object.
void print_json(std::ostream& out, const audit::Report& report);

}  // namespace liveops::apps
