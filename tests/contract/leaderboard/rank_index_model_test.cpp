#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>

#include "adapters/memory/leaderboard/rank_index.hpp"
#include "tests/contract/leaderboard/adapters.hpp"
#include "tests/support/run_task.hpp"

namespace liveops {
namespace {

/// Does the same to an adapter and to the model, and compares what they say.
class Twins {
 public:
  explicit Twins(ports::RankIndex& adapter) : adapter_(adapter) {
    both([](auto& index) { return index.begin_load(); });
    both([](auto& index) { return index.finish_load(); });
  }

  void step() {
    switch (*rc::gen::inRange(0, 10)) {
      case 0:
        return remove();
      case 1: {
        const auto table = any_table();
        return both([&](auto& index) { return index.drop(table); });
      }
      case 2: {
        const auto table = any_table();
        return both([&](auto& index) { return index.begin_rebuild(table); });
      }
      case 3:
      case 4: {
        const ports::RankEntries entries{any_table(), any_entries()};
        return both([&](auto& index) { return index.put_rebuild(entries); });
      }
      case 5: {
        const auto table = any_table();
        return both([&](auto& index) { return index.finish_rebuild(table); });
      }
      default:
        return put();
    }
  }

  void compare() {
    for (int i = 0; i < kTables; ++i) {
      const auto id = table(i);
      const auto offset = static_cast<std::uint64_t>(*rc::gen::inRange(0, 5));
      const auto limit = *rc::gen::inRange<std::size_t>(0, 30);
      compare_pages([&](auto& index) { return index.top(id, offset, limit); });
      const auto somebody = any_player();
      const auto radius = *rc::gen::inRange<std::size_t>(0, 4);
      compare_pages([&](auto& index) { return index.around(id, somebody, radius); });
      std::vector<core::PlayerId> everybody;
      for (int number = 0; number < kPlayers; ++number) everybody.push_back(player(number));
      const auto real = test::run(adapter_.ranks_of(id, everybody)).value();
      const auto wanted = test::run(model_.ranks_of(id, everybody)).value();
      RC_ASSERT(real.total == wanted.total);
      RC_ASSERT(real.found == wanted.found);
    }
  }

 private:
  static constexpr int kTables = 2;
  static constexpr int kPlayers = 12;

  static core::StandingsId table(int number) {
    return {core::BoardId::trusted("score"), core::Window::daily, "2026-11-2" + std::to_string(number)};
  }
  static core::StandingsId any_table() { return table(*rc::gen::inRange(0, kTables)); }
  static core::PlayerId player(int number) {
    return core::PlayerId::trusted((number % 2 ? "P" : "p-") + std::to_string(number));
  }
  static core::PlayerId any_player() { return player(*rc::gen::inRange(0, kPlayers)); }

  static std::vector<ports::RankEntry> any_entries() {
    std::vector<ports::RankEntry> entries;
    const auto count = *rc::gen::inRange(0, 8);
    for (int i = 0; i < count; ++i) {
      const std::int64_t base =
          *rc::gen::element(std::int64_t{0}, std::int64_t{1} << 31U, (std::int64_t{1} << 53U) - 4);
      const core::Timestamp at(std::chrono::microseconds(*rc::gen::inRange(0, 9)));
      entries.push_back({any_player(), base + *rc::gen::inRange(0, 4), at, *rc::gen::inRange(1U, 6U)});
    }
    return entries;
  }

  void put() {
    std::vector<ports::RankEntries> tables;
    const auto count = *rc::gen::inRange(1, 3);
    for (int i = 0; i < count; ++i) tables.push_back({any_table(), any_entries()});
    both([&](auto& index) { return index.put(tables); });
  }

  void remove() {
    std::vector<core::PlayerId> players;
    const auto count = *rc::gen::inRange(0, 4);
    for (int i = 0; i < count; ++i) players.push_back(any_player());
    both([&](auto& index) { return index.remove(players); });
  }

  template <class Call>
  void both(Call call) {
    const auto real = test::run(call(static_cast<ports::RankIndex&>(adapter_)));
    const auto wanted = test::run(call(static_cast<ports::RankIndex&>(model_)));
    RC_ASSERT(real.has_value() == wanted.has_value());
    if (!real) RC_ASSERT(real.error().code == wanted.error().code);
  }

  template <class Call>
  void compare_pages(Call call) {
    const auto real = test::run(call(static_cast<ports::RankIndex&>(adapter_)));
    const auto wanted = test::run(call(static_cast<ports::RankIndex&>(model_)));
    RC_ASSERT(real.has_value() == wanted.has_value());
    if (!real) {
      RC_ASSERT(real.error().code == wanted.error().code);
      return;
    }
    RC_ASSERT(real->total == wanted->total);
    RC_ASSERT(real->entries == wanted->entries);
  }

  ports::RankIndex& adapter_;
  adapters::memory::RankIndex model_;
};

class RankIndexModel : public ::testing::TestWithParam<contract::RankIndexAdapter> {};

TEST_P(RankIndexModel, SaysWhatTheMemoryIndexSaysWhateverIsDone) {
  EXPECT_TRUE(rc::check([] {
    const auto fixture = GetParam().make();
    Twins twins(*fixture->index);
    const auto steps = *rc::gen::inRange(0, 40);
    for (int i = 0; i < steps; ++i) twins.step();
    twins.compare();
  }));
}

INSTANTIATE_TEST_SUITE_P(Adapters, RankIndexModel, ::testing::ValuesIn(contract::rank_index_adapters()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace liveops
