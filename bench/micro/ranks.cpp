#include <memory>
#include <stdexcept>
#include <tuple>
#include <vector>

#include "adapters/memory/leaderboard/rank_index.hpp"
#include "bench/load/made_ranks.hpp"
#include "bench/micro/sampling.hpp"
#include "tests/support/run_task.hpp"

namespace {

using namespace liveops;

const core::StandingsId kTable = bench::MadeRanks::table();

/// An answer that is an error would be measured as a quick one.
template <class Answer>
Answer expect_answer(Answer answer) {
  if (!answer) throw std::runtime_error("the rank index answers: " + answer.error().message);
  return answer;
}

/// A table with so many members, made once and kept until another size is asked for.
class Standings {
 public:
  static Standings& with(std::uint64_t members) {
    static std::unique_ptr<Standings> kept;
    if (!kept || kept->made_.members() != members) {
      kept.reset();
      kept = std::make_unique<Standings>(members);
    }
    return *kept;
  }

  explicit Standings(std::uint64_t members) : made_(members) {
    const double before = bench::resident_bytes();
    std::ignore = expect_answer(test::run(index_.begin_load()));
    std::ignore = expect_answer(test::run(index_.finish_load()));
    constexpr std::uint64_t kChunk = 10'000;
    for (std::uint64_t first = 0; first < members; first += kChunk) put(made_.chunk(first, kChunk));
    bytes_ = bench::resident_bytes() - before;
  }

  /// A new standing of a member chosen at random.
  ports::RankEntries change() { return {.table = kTable, .entries = {made_.change()}}; }
  void put(ports::RankEntries entries) {
    std::vector<ports::RankEntries> tables;
    tables.push_back(std::move(entries));
    benchmark::DoNotOptimize(expect_answer(test::run(index_.put(std::move(tables)))));
  }
  core::PlayerId anybody() { return made_.anybody(); }
  adapters::memory::RankIndex& index() { return index_; }
  [[nodiscard]] double bytes_per_member() const { return bytes_ / static_cast<double>(made_.members()); }

 private:
  bench::MadeRanks made_;
  adapters::memory::RankIndex index_;
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
