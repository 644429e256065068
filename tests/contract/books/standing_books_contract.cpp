#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/contract/books/stores.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::test {
namespace {

using core::BoardOperator;
using core::Window;
using testing::ElementsAre;
using testing::IsEmpty;
using Reader = ports::StandingBooks::Reader;

constexpr std::size_t kAll = 1000;
constexpr core::Timestamp kStart{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)};

core::PlayerId player(const std::string& id) {
  return core::PlayerId::trusted(id);
}

ports::StandingsSpec table(const char* board, BoardOperator op = BoardOperator::best) {
  return {{core::BoardId::trusted(board), Window::daily, "2026-11-22"},
          {op, core::BoardOrder::highest, 1'000'000},
          kStart,
          kStart + std::chrono::days(1)};
}

class StandingBooksContract : public testing::TestWithParam<BookStoresCase> {
 protected:
  core::EventId apply(const ports::StandingsSpec& spec, const std::string& who, std::int64_t score) {
    const auto id = core::EventId::derive(core::KeyId::trusted("k"), std::to_string(++events_));
    ports::StandingBatch batch{.tables = {spec}, .events = {{id, player(who)}}, .contributions = {}, .now = kStart};
    batch.contributions.push_back({0, 0, score, kStart + std::chrono::seconds(score), std::nullopt});
    EXPECT_TRUE(run(stores->standings().apply(std::move(batch))));
    return id;
  }
  template <class Work>
  void read(Work work) {
    const auto done = run(stores->standing_books().read(work));
    ASSERT_TRUE(done) << done.error().message << " " << done.error().detail;
  }
  static ports::Task<void> collect(Reader& reader, std::size_t limit, std::vector<ports::HeldStanding>& all) {
    std::string after;
    while (true) {
      auto rows = co_await reader.rows(after, limit);
      if (!rows) co_return std::unexpected(rows.error());
      if (rows->empty()) co_return core::Status();
      EXPECT_NE(rows->front().player.str(), after) << "a player was cut in two";
      after = rows->back().player.str();
      all.insert(all.end(), rows->begin(), rows->end());
    }
  }
  std::vector<ports::HeldStanding> rows(std::size_t limit) {
    std::vector<ports::HeldStanding> all;
    read([&](Reader& reader) { return collect(reader, limit, all); });
    return all;
  }
  static ports::HeldStanding held(const ports::StandingsSpec& spec, const std::string& who, std::int64_t score) {
    return {player(who), spec.id, {score, kStart + std::chrono::seconds(score), {}}};
  }

  std::unique_ptr<BookStores> stores = GetParam().make();

 private:
  int events_ = 0;
};

TEST_P(StandingBooksContract, RowsComePlayerByPlayerInTheOrderOfBytes) {
  apply(table("xp"), "a.b", 1);
  apply(table("xp"), "a", 2);
  apply(table("xp"), "Z", 3);
  EXPECT_THAT(rows(kAll),
              ElementsAre(held(table("xp"), "Z", 3), held(table("xp"), "a", 2), held(table("xp"), "a.b", 1)));
}

TEST_P(StandingBooksContract, PagesHoldAllOfAPlayerTogether) {
  std::vector<std::string> expected;
  for (int n = 10; n < 60; ++n) {
    const auto who = "p" + std::to_string(n);
    for (const char* board : {"best", "kills", "xp"}) {
      apply(table(board), who, n);
      expected.push_back(who);
    }
  }
  for (const std::size_t limit : {1U, 4U, 16U, 1000U}) {
    std::vector<std::string> players;
    for (const auto& row : rows(limit)) players.push_back(row.player.str());
    EXPECT_EQ(players, expected) << "in pages of " << limit;
  }
}

TEST_P(StandingBooksContract, RowsOfBoardsOfOperatorLastNameTheirEvent) {
  const auto spec = table("last", BoardOperator::last);
  const auto event = apply(spec, "a", 5);
  auto expected = held(spec, "a", 5);
  expected.mark.event = event;
  EXPECT_THAT(rows(kAll), ElementsAre(expected));
}

TEST_P(StandingBooksContract, SealedTablesAreListedButTheirRowsAreLeftOut) {
  apply(table("kills"), "a", 1);
  apply(table("xp"), "a", 2);
  apply(table("kills"), "b", 3);
  ASSERT_TRUE(run(stores->standings().begin_seal(table("kills").id, kStart)));
  EXPECT_EQ(rows(kAll).size(), 3U) << "it is not sealed yet";
  ASSERT_TRUE(run(stores->standings().finish_seal(table("kills").id)));
  EXPECT_THAT(rows(kAll), ElementsAre(held(table("xp"), "a", 2)));
  EXPECT_THAT(rows(1), ElementsAre(held(table("xp"), "a", 2)));
  read([](Reader& reader) -> ports::Task<void> {
    const auto tables = co_await reader.tables();
    EXPECT_EQ(tables.value().size(), 2U);
    for (const auto& info : *tables) {
      const bool sealed = info.spec.id.board.str() == "kills";
      EXPECT_EQ(info.state, sealed ? ports::StandingsState::sealed : ports::StandingsState::open);
      EXPECT_EQ(info.spec, table(info.spec.id.board.str().c_str()));
    }
    co_return core::Status();
  });
}

TEST_P(StandingBooksContract, RowsOfGivesWhatThesePlayersHoldInThisTable) {
  apply(table("xp"), "a", 1);
  apply(table("xp"), "b", 2);
  apply(table("kills"), "c", 3);
  read([](Reader& reader) -> ports::Task<void> {
    const auto found = co_await reader.rows_of(table("xp").id, {player("b"), player("c"), player("nobody")});
    EXPECT_THAT(found.value(), ElementsAre(held(table("xp"), "b", 2)));
    EXPECT_THAT((co_await reader.rows_of(table("none").id, {player("a")})).value(), IsEmpty());
    co_return core::Status();
  });
}

TEST_P(StandingBooksContract, BlockedNamesWhoIsBlockedOrDisqualified) {
  core::StandingChange change{
      .player_id = player("a"), .blocked = true, .until = kStart, .version = 3, .at = kStart, .reason = "cheats"};
  core::StandingChange over{
      .player_id = player("b"), .blocked = false, .until = std::nullopt, .version = 4, .at = kStart, .reason = ""};
  core::StandingChange out{.player_id = player("c"), .version = 5, .at = kStart, .reason = "a bot"};
  out.disqualified = {.since = kStart, .reason = "bot"};
  ASSERT_TRUE(run(stores->visibility().apply({change, over, out})));
  read([](Reader& reader) -> ports::Task<void> {
    auto blocked = co_await reader.blocked();
    EXPECT_EQ(blocked.value().size(), 2U);
    std::ranges::sort(*blocked, {}, &core::StandingChange::player_id);
    EXPECT_EQ(blocked->front().player_id, player("a"));
    EXPECT_EQ(blocked->front().until, kStart);
    EXPECT_EQ(blocked->front().version, 3);
    EXPECT_TRUE(blocked->front().blocked);
    EXPECT_FALSE(blocked->back().blocked);
    EXPECT_EQ(blocked->back().disqualified, (core::Disqualification{kStart, "bot"}));
    co_return core::Status();
  });
}

TEST_P(StandingBooksContract, ShowOneMomentWhileOthersWrite) {
  apply(table("xp"), "a", 1);
  std::vector<ports::HeldStanding> seen;
  read([&](Reader& reader) -> ports::Task<void> {
    EXPECT_EQ((co_await reader.tables()).value().size(), 1U);
    ports::StandingBatch batch{.tables = {table("xp")},
                               .events = {{core::EventId::derive(core::KeyId::trusted("k"), "late"), player("b")}},
                               .contributions = {{0, 0, 7, kStart, std::nullopt}},
                               .now = kStart};
    EXPECT_TRUE((co_await stores->standings().apply(std::move(batch))).has_value());
    co_return co_await collect(reader, kAll, seen);
  });
  EXPECT_EQ(seen.size(), 1U);
  EXPECT_EQ(rows(kAll).size(), 2U) << "the next reading is of a later moment";
}

INSTANTIATE_TEST_SUITE_P(Stores, StandingBooksContract, testing::ValuesIn(all_book_stores()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace liveops::test
