#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

#include "tests/contract/leaderboard/adapters.hpp"
#include "tests/support/run_task.hpp"

namespace liveops {
namespace {

using ports::RankEntry;

const core::StandingsId kTable{core::BoardId::trusted("score"), core::Window::daily, "2026-11-22"};
const core::StandingsId kOther{core::BoardId::trusted("score"), core::Window::weekly, "2026-11-16"};

core::PlayerId player(const std::string& name) {
  return core::PlayerId::trusted(name);
}

RankEntry entry(const std::string& name, std::int64_t key, std::uint32_t version = 1) {
  return {player(name), key, core::Timestamp(std::chrono::microseconds(key + 5)), version};
}

void load(ports::RankIndex& index) {
  ASSERT_TRUE(test::run(index.begin_load()));
  ASSERT_TRUE(test::run(index.finish_load()));
}

class RankIndexContract : public ::testing::TestWithParam<contract::RankIndexAdapter> {
 protected:
  void SetUp() override { load(index()); }
  void put(std::vector<RankEntry> entries, const core::StandingsId& table = kTable) {
    ASSERT_TRUE(test::run(index().put({{table, std::move(entries)}})));
  }
  ports::RankPage top(std::uint64_t offset, std::size_t limit, const core::StandingsId& table = kTable) {
    return test::run(index().top(table, offset, limit)).value();
  }
  std::string names(const ports::RankPage& page) {
    std::string text;
    for (const auto& ranked : page.entries) text += std::to_string(ranked.rank) + ranked.player.str() + " ";
    return text;
  }
  ports::RankIndex& index() { return *fixture_->index; }

  std::unique_ptr<contract::RankIndexFixture> fixture_ = GetParam().make();
};

TEST_P(RankIndexContract, IsReadOnlyAfterALoadWasFinished) {
  const auto fixture = GetParam().make();
  auto& fresh = *fixture->index;
  const auto refused = [&fresh] {
    EXPECT_EQ(test::run(fresh.top(kTable, 0, 1)).error().code, core::Errc::unavailable);
    EXPECT_EQ(test::run(fresh.around(kTable, player("a"), 1)).error().code, core::Errc::unavailable);
    EXPECT_EQ(test::run(fresh.ranks_of(kTable, {player("a")})).error().code, core::Errc::unavailable);
  };
  EXPECT_EQ(test::run(fresh.state()).value(), ports::IndexState::lost);
  EXPECT_EQ(test::run(fresh.finish_load()).error().code, core::Errc::conflict);
  refused();
  ASSERT_TRUE(test::run(fresh.begin_load()));
  EXPECT_EQ(test::run(fresh.state()).value(), ports::IndexState::loading);
  ASSERT_TRUE(test::run(fresh.begin_rebuild(kTable)));
  ASSERT_TRUE(test::run(fresh.put_rebuild({kTable, {entry("a", 5)}})));
  ASSERT_TRUE(test::run(fresh.put({{kOther, {entry("b", 7)}}})));
  ASSERT_TRUE(test::run(fresh.finish_rebuild(kTable)));
  refused();
  ASSERT_TRUE(test::run(fresh.finish_load()));
  EXPECT_EQ(test::run(fresh.state()).value(), ports::IndexState::complete);
  EXPECT_EQ(names(test::run(fresh.top(kTable, 0, 10)).value()), "1a ");
  EXPECT_EQ(names(test::run(fresh.top(kOther, 0, 10)).value()), "1b ");
}

TEST_P(RankIndexContract, IsReadWhileItIsLoadedAgain) {
  put({entry("a", 5)});
  ASSERT_TRUE(test::run(index().begin_load()));
  ASSERT_TRUE(test::run(index().begin_load())) << "the same process starts afresh";
  EXPECT_EQ(test::run(index().state()).value(), ports::IndexState::complete);
  EXPECT_EQ(names(top(0, 10)), "1a ");
  ASSERT_TRUE(test::run(index().finish_load()));
  EXPECT_EQ(names(top(0, 10)), "1a ");
  EXPECT_EQ(test::run(index().finish_load()).error().code, core::Errc::conflict);
}

TEST_P(RankIndexContract, NamesTheTablesItHolds) {
  EXPECT_TRUE(test::run(index().tables()).value().empty());
  const core::StandingsId odd{core::BoardId::trusted("a:daily:b"), core::Window::seasonal, "s-1:x"};
  put({entry("a", 5)});
  put({entry("a", 5)}, odd);
  ASSERT_TRUE(test::run(index().begin_rebuild(kOther)));
  auto tables = test::run(index().tables()).value();
  std::ranges::sort(tables);
  EXPECT_EQ(tables, (std::vector{odd, kTable, kOther}));
  ASSERT_TRUE(test::run(index().drop(kTable)));
  EXPECT_EQ(test::run(index().tables()).value().size(), 2U);
}

TEST_P(RankIndexContract, GreaterKeysAreAheadAndEqualOnesGoByPlayerId) {
  put({entry("b", 5), entry("a", 5), entry("c", 9), entry("B", 5)});
  EXPECT_EQ(names(top(0, 10)), "1c 2B 3a 4b ");
  EXPECT_EQ(top(0, 10).total, 4U);
  EXPECT_EQ(names(top(1, 2)), "2B 3a ");
  EXPECT_EQ(names(top(4, 2)), "");
  EXPECT_EQ(names(top(0, 0)), "");
  EXPECT_EQ(top(0, 0).total, 4U);
}

TEST_P(RankIndexContract, KeepsKeysOf53BitsAndMicrosecondsExactly) {
  const std::int64_t big = (std::int64_t{1} << 53) - 1;
  const core::Timestamp at(std::chrono::microseconds(1'795'000'000'123'457));
  put({{player("a"), big - 1, at, 1}, {player("b"), big, at, 1}, {player("c"), 0, at, 1}});
  const auto page = top(0, 10);
  EXPECT_EQ(names(page), "1b 2a 3c ");
  EXPECT_EQ(page.entries[1].rank_key, big - 1);
  EXPECT_EQ(page.entries[1].achieved_at, at);
}

TEST_P(RankIndexContract, HighestVersionWinsWhateverTheOrder) {
  put({entry("a", 5, 2)});
  put({entry("a", 9, 1)});
  put({entry("a", 7, 2)});
  EXPECT_EQ(top(0, 1).entries.front().rank_key, 5);
  put({entry("a", 3, 3)});
  EXPECT_EQ(top(0, 1).entries.front().rank_key, 3);
  EXPECT_EQ(top(0, 1).total, 1U);
}

TEST_P(RankIndexContract, TablesAreApart) {
  put({entry("a", 5)});
  put({entry("b", 5)}, kOther);
  EXPECT_EQ(names(top(0, 10)), "1a ");
  EXPECT_EQ(names(top(0, 10, kOther)), "1b ");
}

TEST_P(RankIndexContract, UnknownTableIsEmpty) {
  EXPECT_EQ(top(0, 10).total, 0U);
  EXPECT_EQ(test::run(index().around(kTable, player("a"), 3)).error().code, core::Errc::not_found);
  EXPECT_EQ(test::run(index().ranks_of(kTable, {player("a")})).value().found.front(), std::nullopt);
  EXPECT_TRUE(test::run(index().drop(kTable)));
}

TEST_P(RankIndexContract, AroundGivesNeighboursOnBothSidesAndStopsAtTheEnds) {
  put({entry("a", 50), entry("b", 40), entry("c", 30), entry("d", 20), entry("e", 10)});
  EXPECT_EQ(names(test::run(index().around(kTable, player("c"), 1)).value()), "2b 3c 4d ");
  EXPECT_EQ(names(test::run(index().around(kTable, player("a"), 1)).value()), "1a 2b ");
  EXPECT_EQ(names(test::run(index().around(kTable, player("e"), 9)).value()), "1a 2b 3c 4d 5e ");
  EXPECT_EQ(names(test::run(index().around(kTable, player("d"), 0)).value()), "4d ");
}

TEST_P(RankIndexContract, RanksOfKeepsTheOrderAskedFor) {
  put({entry("a", 50), entry("b", 40)});
  const auto found = test::run(index().ranks_of(kTable, {player("b"), player("x"), player("a")})).value();
  EXPECT_EQ(found.total, 2U);
  ASSERT_EQ(found.found.size(), 3U);
  EXPECT_EQ(found.found[0]->rank, 2U);
  EXPECT_EQ(found.found[0]->player, player("b"));
  EXPECT_FALSE(found.found[1]);
  EXPECT_EQ(found.found[2]->rank, 1U);
}

TEST_P(RankIndexContract, RemovedPlayerIsGoneEverywhereAndComesBackWithTheSameVersion) {
  put({entry("a", 50), entry("b", 40)});
  put({entry("a", 50)}, kOther);
  ASSERT_TRUE(test::run(index().remove({player("a"), player("x")})));
  EXPECT_EQ(names(top(0, 10)), "1b ");
  EXPECT_EQ(top(0, 10, kOther).total, 0U);
  put({entry("a", 50)});
  EXPECT_EQ(names(top(0, 10)), "1a 2b ");
}

TEST_P(RankIndexContract, TakesMoreEntriesAtOnceThanAnyMessageHolds) {
  std::vector<RankEntry> entries;
  for (int i = 0; i < 12'345; ++i) entries.push_back(entry("p" + std::to_string(i), i));
  put(std::move(entries));
  EXPECT_EQ(top(0, 1).total, 12'345U);
  const auto page = top(10'000, 3000);
  ASSERT_EQ(page.entries.size(), 2345U);
  EXPECT_EQ(page.entries.back().player, player("p0"));
  std::vector<core::PlayerId> everybody;
  for (int i = 0; i < 12'345; ++i) everybody.push_back(player("p" + std::to_string(i)));
  const auto found = test::run(index().ranks_of(kTable, everybody)).value();
  EXPECT_EQ(found.found.back()->rank, 1U);
  ASSERT_TRUE(test::run(index().remove(std::move(everybody))));
  EXPECT_EQ(top(0, 1).total, 0U);
}

TEST_P(RankIndexContract, SamePlayerTwiceInOnePutKeepsTheHigherVersion) {
  put({entry("a", 1, 1), entry("a", 3, 3), entry("a", 2, 2)});
  EXPECT_EQ(top(0, 1).entries.front().rank_key, 3);
  EXPECT_EQ(top(0, 1).total, 1U);
}

TEST_P(RankIndexContract, DroppedTableIsEmptyAndCanBeFilledAgain) {
  put({entry("a", 50, 7)});
  ASSERT_TRUE(test::run(index().drop(kTable)));
  EXPECT_EQ(top(0, 10).total, 0U);
  put({entry("b", 40, 1)});
  EXPECT_EQ(names(top(0, 10)), "1b ");
}

TEST_P(RankIndexContract, RebuildReplacesTheTableAtOnceAndLosesNoConcurrentChange) {
  put({entry("stale", 99), entry("a", 5), entry("gone", 4)});
  ASSERT_TRUE(test::run(index().begin_rebuild(kTable)));
  ASSERT_TRUE(test::run(index().put_rebuild({kTable, {entry("a", 5), entry("b", 7), entry("gone", 4)}})));
  EXPECT_EQ(names(top(0, 10)), "1stale 2a 3gone ");
  put({entry("a", 8, 2)});
  ASSERT_TRUE(test::run(index().remove({player("gone")})));
  ASSERT_TRUE(test::run(index().put_rebuild({kTable, {entry("a", 5)}})));
  ASSERT_TRUE(test::run(index().finish_rebuild(kTable)));
  EXPECT_EQ(names(top(0, 10)), "1a 2b ");
  EXPECT_EQ(test::run(index().finish_rebuild(kTable)).error().code, core::Errc::conflict);
  EXPECT_EQ(test::run(index().put_rebuild({kTable, {}})).error().code, core::Errc::conflict);
}

TEST_P(RankIndexContract, RebuildBegunAgainForgetsWhatTheFirstOneBrought) {
  put({entry("old", 9)});
  ASSERT_TRUE(test::run(index().begin_rebuild(kTable)));
  ASSERT_TRUE(test::run(index().put_rebuild({kTable, {entry("first", 5)}})));
  ASSERT_TRUE(test::run(index().begin_rebuild(kTable)));
  ASSERT_TRUE(test::run(index().put_rebuild({kTable, {entry("second", 5)}})));
  ASSERT_TRUE(test::run(index().finish_rebuild(kTable)));
  EXPECT_EQ(names(top(0, 10)), "1second ");
}

TEST_P(RankIndexContract, RebuildOfNothingEmptiesTheTable) {
  put({entry("old", 9)});
  ASSERT_TRUE(test::run(index().begin_rebuild(kTable)));
  ASSERT_TRUE(test::run(index().finish_rebuild(kTable)));
  EXPECT_EQ(top(0, 10).total, 0U);
  put({entry("a", 5)});
  EXPECT_EQ(names(top(0, 10)), "1a ");
}

TEST_P(RankIndexContract, DropEndsARebuild) {
  put({entry("a", 5)});
  ASSERT_TRUE(test::run(index().begin_rebuild(kTable)));
  ASSERT_TRUE(test::run(index().drop(kTable)));
  EXPECT_EQ(test::run(index().put_rebuild({kTable, {entry("a", 5)}})).error().code, core::Errc::conflict);
  EXPECT_EQ(test::run(index().finish_rebuild(kTable)).error().code, core::Errc::conflict);
  EXPECT_EQ(top(0, 10).total, 0U);
}

TEST_P(RankIndexContract, ChangeCountNeverRepeatsForOtherContents) {
  const auto count = [this] { return index().change_count(kTable); };
  const auto empty = count();
  put({entry("a", 5)});
  if (!empty) {
    EXPECT_FALSE(count()) << "an adapter that cannot tell never tells";
    return;
  }
  const auto first = count();
  EXPECT_NE(first, empty);
  put({entry("a", 6, 2)});
  const auto second = count();
  EXPECT_NE(second, first);
  ASSERT_TRUE(test::run(index().drop(kTable)));
  put({entry("a", 5)});
  EXPECT_NE(count(), first);
  EXPECT_NE(count(), second);
}

TEST_P(RankIndexContract, EqualsASortedListUnderRandomChanges) {
  EXPECT_TRUE(rc::check([] {
    const auto fixture = GetParam().make();
    load(*fixture->index);
    std::map<std::string, std::int64_t> model;
    const auto steps = *rc::gen::container<std::vector<std::pair<int, int>>>(
        rc::gen::pair(rc::gen::inRange(0, 30), rc::gen::inRange(-1, 6)));
    std::uint32_t version = 0;
    for (const auto& [number, key] : steps) {
      const auto name = "p" + std::to_string(number);
      if (key < 0) {
        RC_ASSERT(test::run(fixture->index->remove({player(name)})).has_value());
        model.erase(name);
      } else {
        RC_ASSERT(test::run(fixture->index->put({{kTable, {entry(name, key, ++version)}}})).has_value());
        model[name] = key;
      }
    }
    std::vector<std::pair<std::string, std::int64_t>> rows(model.begin(), model.end());
    std::ranges::sort(rows, {}, [](const auto& row) { return std::pair(-row.second, row.first); });
    const auto size = *rc::gen::inRange<std::size_t>(1, 9);
    std::vector<std::pair<std::string, std::int64_t>> paged;
    for (std::size_t offset = 0; offset < rows.size(); offset += size) {
      const auto page = test::run(fixture->index->top(kTable, offset, size)).value();
      RC_ASSERT(page.total == rows.size());
      for (const auto& ranked : page.entries) {
        RC_ASSERT(ranked.rank == paged.size() + 1);
        paged.emplace_back(ranked.player.str(), ranked.rank_key);
      }
    }
    RC_ASSERT(paged == rows);
  }));
}

TEST_P(RankIndexContract, PagesReadWhileOthersWriteAreInOrderWithoutRepeats) {
  std::atomic<bool> writing{true};
  const auto write = [this](int from) {
    for (std::uint32_t round = 1; round <= 60; ++round) {
      std::vector<RankEntry> entries;
      for (int i = 0; i < 40; ++i) {
        entries.push_back(entry("p" + std::to_string(from + i), static_cast<std::int64_t>(i * round % 17), round));
      }
      if (!test::run(index().put({{kTable, std::move(entries)}}))) return;
      if (round % 20 == 0 && !test::run(index().remove({player("p" + std::to_string(from))}))) return;
      if (round == 30 && !test::run(index().drop(kTable))) return;
    }
  };
  const auto read = [&] {
    while (writing) {
      const auto page = top(0, 100);
      for (std::size_t i = 1; i < page.entries.size(); ++i) {
        const auto& before = page.entries[i - 1];
        const auto& after = page.entries[i];
        const auto ahead = std::pair(-before.rank_key, before.player) < std::pair(-after.rank_key, after.player);
        ASSERT_TRUE(ahead && after.rank == before.rank + 1);
      }
    }
  };
  std::thread reader(read);
  std::thread first(write, 0);
  std::thread second(write, 1000);
  first.join();
  second.join();
  writing = false;
  reader.join();
  EXPECT_LE(top(0, 100).total, 80U);
}

INSTANTIATE_TEST_SUITE_P(Adapters, RankIndexContract, ::testing::ValuesIn(contract::rank_index_adapters()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace liveops
