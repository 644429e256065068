#include "apps/liveops/backtest/decisions_file.hpp"

#include <boost/json.hpp>

#include "core/time.hpp"

namespace liveops::apps {

core::Status DecisionsFile::open(const std::string& path) {
  path_ = path;
  out_.open(path, std::ios::binary | std::ios::trunc);
  return out_ ? core::Status() : core::fail(core::Errc::unavailable, path + ": cannot be written");
}

void DecisionsFile::write(const backtest::Action& action, const core::PlayerId& player, const std::string& event_name) {
  out_ << boost::json::object{{"occurred_at", core::format_rfc3339(action.at)},
                              {"player_id", player.str()},
                              {"event_id", event_name},
                              {"action", to_string(action.level)},
                              {"rule", action.rule},
                              {"evidence", action.evidence}}
       << '\n';
}

core::Status DecisionsFile::close() {
  out_.close();
  return out_ ? core::Status() : core::fail(core::Errc::unavailable, path_ + ": cannot be written");
}

}  // namespace liveops::apps
