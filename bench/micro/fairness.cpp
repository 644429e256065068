#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <numeric>
#include <random>
#include <vector>

#include "bench/micro/sampling.hpp"
#include "fairness/engine.hpp"
#include "fairness/huge_memory.hpp"

namespace {

using namespace liveops;

constexpr std::uint64_t kSpread = 0x9E3779B97F4A7C15U;
const core::Timestamp kStart{std::chrono::seconds(1'790'000'000)};

/// An engine that knows `players` players, and observations of them in random order.
class Game {
 public:
  /// Made once and kept: what it takes is seen as growth of the process, which a second one would not cause.
  static Game& with(std::size_t players) {
    static std::map<std::size_t, Game> games;
    return games.try_emplace(players, players).first->second;
  }

  explicit Game(std::size_t players) {
    const double before = bench::resident_bytes();
    core::FairnessRules rules;
    rules.max_players = std::max<std::size_t>(players + players / 8, 1000);
    engine_ = std::make_unique<fairness::Engine>(rules);
    for (std::uint32_t player = 0; player < players; ++player) judge(player);
    bytes_ = bench::resident_bytes() - before;
    engine_->refresh_population(now_);
    std::mt19937 random(1);
    order_.resize(std::size_t{1} << 20U);
    for (auto& player : order_) player = static_cast<std::uint32_t>(random() % players);
  }

  void next() { judge(order_[turn_++ % order_.size()]); }
  /// As the service takes the events of one request: their memory is asked for beforehand.
  void next_batch(std::size_t events) {
    batch_.resize(events);
    for (auto& observation : batch_) observation = observe(order_[turn_++ % order_.size()]);
    for (std::size_t i = 0; i < events; ++i) {
      engine_->expect(batch_, i);
      judge(batch_[i]);
    }
  }
  [[nodiscard]] double resident() const { return bytes_; }

 private:
  void judge(std::uint32_t player) { judge(observe(player)); }
  void judge(const fairness::Observation& observation) {
    now_ += std::chrono::microseconds(20);
    benchmark::DoNotOptimize(engine_->evaluate(observation, now_));
  }
  fairness::Observation observe(std::uint32_t player) {
    fairness::Observation observation;
    observation.player.value = (player + 1) * kSpread;
    observation.event_tag = ++event_;
    observation.amounts = {100 + event_ % 64, 5000 + event_ % 1024, fairness::kAbsent};
    return observation;
  }

  std::unique_ptr<fairness::Engine> engine_;
  std::vector<std::uint32_t> order_;
  std::vector<fairness::Observation> batch_;
  core::Timestamp now_ = kStart;
  std::uint32_t event_ = 0;
  std::size_t turn_ = 0;
  double bytes_ = 0;
};

/// What one read out of as much memory as so many players take costs on this machine, when the next one has to wait for
/// it: a check of a player at random has two of them, one in the index and one in the states.
void cold_read(benchmark::State& state) {
  constexpr std::size_t kStep = 128;
  const auto places = static_cast<std::size_t>(state.range(0));
  fairness::HugeMemory memory(places * kStep);
  auto* const bytes = static_cast<std::byte*>(memory.data());
  std::vector<std::uint32_t> order(places);
  std::iota(order.begin(), order.end(), 0U);
  std::mt19937 random(1);
  std::ranges::shuffle(order, random);
  const auto place = [bytes](std::uint32_t at) { return reinterpret_cast<std::uint32_t*>(bytes + at * kStep); };
  for (std::size_t i = 0; i < places; ++i) *place(order[i]) = order[(i + 1) % places];
  std::uint32_t at = 0;
  for (auto _ : state) at = *static_cast<volatile std::uint32_t*>(place(at));
  benchmark::DoNotOptimize(at);
}
BENCHMARK(cold_read)->ArgName("players")->Arg(20'000)->Arg(1'000'000);

void fairness_check(benchmark::State& state) {
  auto& game = Game::with(static_cast<std::size_t>(state.range(0)));
  bench::measure(state, [&] { game.next(); });
  bench::sample(state, 1'000'000, [&] { game.next(); });
  state.counters["bytes_per_player"] = game.resident() / static_cast<double>(state.range(0));
}
BENCHMARK(fairness_check)->Arg(1)->Arg(1000)->Arg(20'000)->Arg(1'000'000);

/// So many events of random players among a million in one request. Counters are a request's time shared out among its
/// events: what a single event waits is not seen.
void fairness_check_batch(benchmark::State& state) {
  auto& game = Game::with(static_cast<std::size_t>(state.range(1)));
  const auto events = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) game.next_batch(events);
  state.SetItemsProcessed(state.iterations() * state.range(0));
  bench::sample(state, 1'000'000 / events, [&] { game.next_batch(events); });
  const auto share = static_cast<double>(events);
  for (const char* quantile : {"p50_ns", "p99_ns"}) state.counters[quantile] = state.counters[quantile] / share;
}
BENCHMARK(fairness_check_batch)->ArgsProduct({{16, 64}, {20'000, 1'000'000}})->ArgNames({"events", "players"});

}  // namespace
