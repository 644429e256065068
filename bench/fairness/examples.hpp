#pragma once

#include <boost/json/array.hpp>
#include <cstdint>
#include <vector>

#include "backtest/policy_judge.hpp"
#include "simulation/event.hpp"
#include "simulation/player.hpp"

namespace liveops::bench {

/// Writes down the evidence of some players over time.
class Examples {
 public:
  /// The first cheater of each of some kinds, and the most skilled honest player.
  Examples(const std::vector<simulation::Player>& players, backtest::PolicyJudge& judge);

  void after(const backtest::Item& item, const simulation::SimulatedEvent& event);
  [[nodiscard]] boost::json::array to_json() const;

 private:
  struct Example {
    std::uint32_t player = 0;
    std::string kind;
    double onset = 0;
    std::vector<std::pair<double, double>> points;  // seconds, once in so many events
    double flag_at = 0;
    double throttle_at = 0;
    double block_at = 0;
  };
  backtest::PolicyJudge& judge_;
  std::vector<Example> examples_;
};

}  // namespace liveops::bench
