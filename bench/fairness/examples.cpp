#include "bench/fairness/examples.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>

namespace liveops::bench {
namespace {

using simulation::Kind;

constexpr std::array kShown{Kind::ramp, Kind::speed_hack};
constexpr std::size_t kMostPoints = 20'000;
constexpr double kLeastStep = 0.02;  // of the logarithm: smaller moves are not drawn

}  // namespace

Examples::Examples(const std::vector<simulation::Player>& players, backtest::PolicyJudge& judge) : judge_(judge) {
  std::uint32_t best = 0;
  for (std::uint32_t i = 0; i < players.size(); ++i) {
    const bool stays =
        players[i].kind == Kind::honest && players[i].installed_at < 0 && players[i].leaves_at > 5 * simulation::kDay;
    if (stays && (best == 0 || players[i].skill > players[best].skill)) best = i;
  }
  examples_.push_back({.player = best, .kind = "honest, the best of all"});
  for (const Kind kind : kShown) {
    const auto first = std::ranges::find(players, kind, &simulation::Player::kind);
    if (first == players.end()) continue;
    examples_.push_back({.player = static_cast<std::uint32_t>(first - players.begin()),
                         .kind = std::string(to_string(kind)),
                         .onset = first->onset});
  }
}

void Examples::after(const backtest::Item& item, const simulation::SimulatedEvent& event) {
  for (Example& example : examples_) {
    if (example.player != item.player || example.points.size() >= kMostPoints) continue;
    const auto evidence = judge_.explain(item.event->player_id, item.event->received_at);
    if (!evidence) continue;
    example.flag_at = evidence->flag_at;
    example.throttle_at = evidence->throttle_at;
    example.block_at = evidence->block_at;
    const double value = std::max(1.0, evidence->once_in);
    if (!example.points.empty() && std::abs(std::log(value / example.points.back().second)) < kLeastStep) continue;
    example.points.emplace_back(event.at, value);
  }
}

boost::json::array Examples::to_json() const {
  boost::json::array all;
  for (const Example& example : examples_) {
    boost::json::array points;
    for (const auto& [at, value] : example.points) points.push_back({at, value});
    all.push_back({{"kind", example.kind},
                   {"onset", example.onset},
                   {"flag_at", example.flag_at},
                   {"throttle_at", example.throttle_at},
                   {"block_at", example.block_at},
                   {"points", points}});
  }
  return all;
}

}  // namespace liveops::bench
