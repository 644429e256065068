#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "backtest/policy_judge.hpp"
#include "simulation/event_text.hpp"
#include "simulation/stream.hpp"

namespace {

using namespace liveops;

struct Play {
  std::vector<core::Event> events;
  std::vector<std::uint32_t> players;
};

/// What a thousand players send who play without a break, cheaters among them.
const Play& play() {
  static const Play made = [] {
    constexpr std::size_t kEvents = 400'000;
    const simulation::Parameters parameters;
    simulation::Stream stream(parameters,
                              {.seed = 1, .players = 1000, .cheater_share = 0.05, .days = 1, .at_once = true});
    const simulation::EventText text(parameters, "p", core::Timestamp(std::chrono::seconds(1'790'000'000)));
    Play play;
    for (std::size_t i = 0; i < kEvents; ++i) {
      const auto event = stream.next();
      play.events.push_back(text.to_event(*event));
      play.players.push_back(event->player);
    }
    return play;
  }();
  return made;
}

/// A policy applied to events that are in memory: `slower_tier` 0 is the inline tier alone.
void backtest(benchmark::State& state) {
  const Play& events = play();
  core::FairnessRules rules;
  rules.max_players = 10'000;
  rules.async.enabled = state.range(0) != 0;
  for (auto _ : state) {
    state.PauseTiming();
    auto judge = std::make_unique<backtest::PolicyJudge>(rules, fairness::PlayerHasher::Seed{.first = 1, .second = 2});
    backtest::Judgement judgement;
    state.ResumeTiming();
    for (std::size_t i = 0; i < events.events.size(); ++i) {
      judgement.refused = false;
      judgement.ranked = true;
      judgement.actions.clear();
      judge->judge({.event = &events.events[i], .player = events.players[i]}, judgement);
    }
    state.PauseTiming();
    judge.reset();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(events.events.size()));
}
BENCHMARK(backtest)->ArgName("slower_tier")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
