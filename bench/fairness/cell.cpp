#include "bench/fairness/cell.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "backtest/table.hpp"
#include "bench/fairness/contestant.hpp"
#include "bench/fairness/examples.hpp"
#include "bench/fairness/thresholds.hpp"
#include "simulation/event_text.hpp"
#include "simulation/stream.hpp"

namespace liveops::bench {
namespace {

namespace json = boost::json;
using backtest::Level;

constexpr core::Timestamp kStart{std::chrono::seconds(1'767'571'200)};  // 2026-01-05
constexpr std::array kBudgetFactors{1e-4, 1e-3, 1e-2, 1e-1, 10.0, 100.0};

using Contestants = std::vector<Contestant>;

/// Goes through the cell's events once; `each(item, truth, honest, event)`.
template <class Each>
void play(const Cell& cell, Each each) {
  simulation::Stream stream(cell.parameters, cell.population);
  const simulation::EventText text(cell.parameters, "p", kStart);
  while (const auto event = stream.next()) {
    const core::Event made = text.to_event(*event);
    const bool honest = !stream.players()[event->player].cheats(event->at);
    each(backtest::Item{.event = &made, .player = event->player},
         backtest::Truth{.illicit = event->illicit, .illicit_score = event->illicit_score}, honest, *event);
  }
}

void introduce(Contestants& contestants, const Cell& cell, const std::vector<simulation::Player>& players) {
  const simulation::EventText text(cell.parameters, "p", kStart);
  for (const simulation::Player& player : players) {
    backtest::Label label{.onset = std::nullopt, .kind = std::string(to_string(player.kind))};
    if (player.kind != simulation::Kind::honest) label.onset = text.time_of(player.onset);
    for (Contestant& contestant : contestants) contestant.add_player(label);
  }
}

Contestants policies(const Cell& cell, backtest::PolicyJudge*& first) {
  Contestants contestants;
  auto judge = judge_of(cell.policy, cell.population.players);
  first = judge.get();
  contestants.emplace_back("policy", std::move(judge));
  if (cell.ablation) {
    for (Variant& variant : ablations(cell.policy)) {
      contestants.emplace_back(variant.name, judge_of(std::move(variant.rules), cell.population.players));
    }
  }
  if (cell.curve) {
    for (const double factor : kBudgetFactors) {
      contestants.emplace_back("budget " + std::to_string(factor),
                               judge_of(with_flag_budget(cell.policy, factor), cell.population.players));
    }
  }
  return contestants;
}

json::array policy_curve(const Contestants& contestants) {
  json::array points;
  for (const Contestant& contestant : contestants) {
    if (contestant.name() != "policy" && !contestant.name().starts_with("budget")) continue;
    const auto result = contestant.result();
    points.push_back({result.false_per_player_day(Level::flag), result.recall(Level::flag)});
  }
  return points;
}

/// The baselines, each with the threshold at which it flags as many honest player-days as the policy did.
json::object compete(const Cell& cell, std::vector<ScoredBaseline>& scored, const backtest::Result& policy,
                     const std::vector<simulation::Player>& players, json::object& judges) {
  const double least = 1 / static_cast<double>(std::max<std::uint64_t>(1, policy.honest_player_days));
  const double rate = std::max(least, policy.false_per_player_day(Level::flag));
  json::object thresholds{{"false_flags_per_player_day", rate}};
  Contestants contestants;
  for (ScoredBaseline& baseline : scored) {
    const double threshold = baseline.threshold_for(rate);
    thresholds[baseline.name()] = threshold;
    contestants.emplace_back(baseline.name(), std::make_unique<backtest::BaselineJudge>(baseline.fresh(), threshold));
  }
  introduce(contestants, cell, players);
  play(cell, [&](const backtest::Item& item, const backtest::Truth& truth, bool, const auto&) {
    for (Contestant& contestant : contestants) contestant.take(item, truth);
  });
  for (const Contestant& contestant : contestants) judges[contestant.name()] = backtest::to_json(contestant.result());
  return thresholds;
}

}  // namespace

json::object run_cell(const Cell& cell) {
  const auto players = simulation::make_players(cell.parameters, cell.population);
  backtest::PolicyJudge* first = nullptr;
  Contestants contestants = policies(cell, first);
  introduce(contestants, cell, players);
  auto scored = cell.baselines || cell.curve ? all_baselines() : std::vector<ScoredBaseline>();
  std::optional<Examples> examples;
  if (cell.examples) examples.emplace(players, *first);
  play(cell, [&](const backtest::Item& item, const backtest::Truth& truth, bool honest,
                 const simulation::SimulatedEvent& event) {
    for (Contestant& contestant : contestants) contestant.take(item, truth);
    for (ScoredBaseline& baseline : scored) baseline.take(item, honest, truth);
    if (examples) examples->after(item, event);
  });
  json::object judges;
  for (Contestant& contestant : contestants) {
    contestant.end();
    judges[contestant.name()] = backtest::to_json(contestant.result());
  }
  json::object out;
  if (cell.baselines) out["thresholds"] = compete(cell, scored, contestants.front().result(), players, judges);
  if (cell.curve) {
    json::object curves{{"policy", policy_curve(contestants)}};
    for (const ScoredBaseline& baseline : scored) curves[baseline.name()] = baseline.curve();
    out["curve"] = std::move(curves);
  }
  if (examples) out["examples"] = examples->to_json();
  json::array overt;
  for (std::size_t kind = 0; kind < simulation::kKinds; ++kind) {
    const auto of_kind = static_cast<simulation::Kind>(kind);
    if (is_overt(of_kind)) overt.emplace_back(to_string(of_kind));
  }
  out["overt"] = std::move(overt);
  out["judges"] = std::move(judges);
  return out;
}

}  // namespace liveops::bench
