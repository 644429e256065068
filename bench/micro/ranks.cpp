#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "adapters/memory/leaderboard/rank_index.hpp"
#include "bench/micro/sampling.hpp"
#include "tests/support/run_task.hpp"

namespace {

using namespace liveops;

const core::StandingsId kTable{core::BoardId::trusted("score"), core::Window::daily, "2026-11-22"};
constexpr std::int64_t kMaxKey = std::int64_t{1} << 40U;

/// An answer that is an error would be measured as a quick one.
template <class Answer>
Answer expect_answer(Answer answer) {
  if (!answer) throw std::runtime_error("the rank index answers: " + answer.error().message);
  return answer;
}

core::PlayerId player(std::uint64_t number) {
  return core::PlayerId::trusted("player-" + std::to_string(number));
}

/// A table with so many members, made once and kept until another size is asked for.
class Standings {
 public:
  static Standings& with(std::uint64_t members) {
    static std::unique_ptr<Standings> kept;
    if (!kept || kept->members_ != members) {
      kept.reset();
      kept = std::make_unique<Standings>(members);
    }
    return *kept;
  }

  explicit Standings(std::uint64_t members) : members_(members) {
    const double before = bench::resident_bytes();
    expect_answer(test::run(index_.begin_load()));
    expect_answer(test::run(index_.finish_load()));
    constexpr std::uint64_t kChunk = 10'000;
    for (std::uint64_t first = 0; first < members; first += kChunk) {
      ports::RankEntries entries{.table = kTable, .entries = {}};
      for (std::uint64_t i = first; i < std::min(first + kChunk, members); ++i) entries.entries.push_back(entry(i));
      put(std::move(entries));
    }
    bytes_ = bench::resident_bytes() - before;
  }

  /// A new standing of a member chosen at random.
  ports::RankEntries change() { return {.table = kTable, .entries = {entry(random_() % members_)}}; }
  void put(ports::RankEntries entries) {
    std::vector<ports::RankEntries> tables;
    tables.push_back(std::move(entries));
    benchmark::DoNotOptimize(expect_answer(test::run(index_.put(std::move(tables)))));
  }
  core::PlayerId anybody() { return player(random_() % members_); }
  adapters::memory::RankIndex& index() { return index_; }
  [[nodiscard]] double bytes_per_member() const { return bytes_ / static_cast<double>(members_); }

 private:
  ports::RankEntry entry(std::uint64_t number) {
    return {.player = player(number),
            .rank_key = static_cast<std::int64_t>(random_()) & (kMaxKey - 1),
            .achieved_at = core::Timestamp{std::chrono::seconds(1'790'000'000)},
            .version = ++version_};
  }

  std::uint64_t members_;
  adapters::memory::RankIndex index_;
  std::mt19937_64 random_{1};
  std::uint32_t version_ = 0;
  double bytes_ = 0;
};

void rank_put(benchmark::State& state) {
  auto& standings = Standings::with(static_cast<std::uint64_t>(state.range(0)));
  bench::measure(state, [&] { standings.put(standings.change()); });
  bench::sample(state, 50'000, [&] { standings.put(standings.change()); });
  state.counters["bytes_per_member"] = standings.bytes_per_member();
}

void rank_of(benchmark::State& state) {
  auto& standings = Standings::with(static_cast<std::uint64_t>(state.range(0)));
  const auto ask = [&] {
    benchmark::DoNotOptimize(expect_answer(test::run(standings.index().ranks_of(kTable, {standings.anybody()}))));
  };
  bench::measure(state, ask);
  bench::sample(state, 50'000, ask);
}

void rank_top_100(benchmark::State& state) {
  auto& standings = Standings::with(static_cast<std::uint64_t>(state.range(0)));
  const auto ask = [&] { benchmark::DoNotOptimize(expect_answer(test::run(standings.index().top(kTable, 0, 100)))); };
  bench::measure(state, ask);
  bench::sample(state, 20'000, ask);
}

/// By size, so that each table is filled once for all three.
[[maybe_unused]] const bool kRegistered = [] {
  for (const std::int64_t members : {10'000, 100'000, 1'000'000, 10'000'000}) {
    benchmark::RegisterBenchmark("rank_put", rank_put)->Arg(members);
    benchmark::RegisterBenchmark("rank_of", rank_of)->Arg(members);
    benchmark::RegisterBenchmark("rank_top_100", rank_top_100)->Arg(members);
  }
  return true;
}();

}  // namespace
