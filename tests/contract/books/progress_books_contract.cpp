#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/contract/books/stores.hpp"
#include "tests/contract/progression/entries.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using Reader = ports::ProgressBooks::Reader;

constexpr std::size_t kAll = 1000;

class ProgressBooksContract : public testing::TestWithParam<BookStoresCase> {
 protected:
  void apply(std::vector<ports::LedgerEntry> entries) {
    ASSERT_TRUE(run(stores->progress().apply(std::move(entries), thresholds({}), at(5000))));
  }
  template <class Work>
  void read(Work work) {
    const auto done = run(stores->progress_books().read(work));
    ASSERT_TRUE(done) << done.error().message << " " << done.error().detail;
  }
  /// Every ledger row, fetched `page` at a time.
  std::vector<ports::LedgerRow> ledger(std::size_t page) {
    std::vector<ports::LedgerRow> all;
    read([&](Reader& reader) { return collect(reader, page, all); });
    return all;
  }
  static ports::Task<void> collect(Reader& reader, std::size_t page, std::vector<ports::LedgerRow>& all) {
    while (true) {
      auto rows = co_await reader.ledger(page);
      if (!rows) co_return std::unexpected(rows.error());
      EXPECT_LE(rows->size(), page);
      if (rows->empty()) break;
      all.insert(all.end(), rows->begin(), rows->end());
    }
    const auto after_the_end = co_await reader.ledger(page);
    EXPECT_THAT(after_the_end.value(), IsEmpty());
    co_return core::Status();
  }
  static std::vector<std::string> players_of(const std::vector<ports::LedgerRow>& rows) {
    std::vector<std::string> players;
    for (const auto& row : rows) players.push_back(row.player.str());
    return players;
  }

  std::unique_ptr<BookStores> stores = GetParam().make();
};

TEST_P(ProgressBooksContract, LedgerGivesEachEventAsItWasApplied) {
  auto kill = kill_event(1, "a", "dragon");
  kill.payload_json = R"({"boss_id":"dragon","note":"\u0000 ü"})";
  apply({kill, drop_event(2, "a", "d", "gem", 1)});
  apply({drop_event(3, "b", "d", "gem", 1), kill});
  const auto rows = ledger(kAll);
  ASSERT_THAT(players_of(rows), ElementsAre("a", "a", "b"));
  const auto& first = rows[0].event_id == kill.event_id ? rows[0] : rows[1];
  EXPECT_EQ(first, (ports::LedgerRow{.event_id = kill.event_id,
                                     .player = kill.player_id,
                                     .type = core::EventType::boss_kill,
                                     .occurred_at = kill.occurred_at,
                                     .received_at = kill.received_at,
                                     .xp = 5,
                                     .score = 10,
                                     .drop_refused = false,
                                     .payload_json = kill.payload_json}));
  EXPECT_TRUE(rows[2].drop_refused);
  EXPECT_FALSE(rows[2].score);
}

TEST_P(ProgressBooksContract, LedgerComesPlayerByPlayerInTheOrderOfBytes) {
  for (int n = 0; n < 9; ++n) {
    apply({xp_event(3 * n, "a.b", 1), xp_event(3 * n + 1, "Z", 1), xp_event(3 * n + 2, "a", 1)});
  }
  std::vector<std::string> expected(9, "Z");
  expected.insert(expected.end(), 9, "a");
  expected.insert(expected.end(), 9, "a.b");
  EXPECT_EQ(players_of(ledger(4)), expected);
  EXPECT_EQ(players_of(ledger(27)), expected);
}

TEST_P(ProgressBooksContract, PlayersCarryTheirSumsItemsAndReceipts) {
  apply({kill_event(1, "a", "dragon"), drop_event(2, "a", "d", "gem", 3), xp_event(3, "b", 7)});
  ports::Claim claim{.player_id = player("a"),
                     .condition = xp_reward("r", 5),
                     .season = std::nullopt,
                     .items = {{core::ItemId::trusted("sword"), 1}},
                     .receipt = {.id = core::ReceiptId::trusted("rc"), .token = "t", .json = R"({"a":1})"},
                     .now = at(9)};
  ASSERT_TRUE(run(stores->rewards().claim(claim)));
  read([](Reader& reader) -> ports::Task<void> {
    const auto first = co_await reader.players(1);
    const auto second = co_await reader.players(1);
    const auto third = co_await reader.players(1);
    EXPECT_EQ(first.value().size() + second.value().size(), 2U);
    EXPECT_THAT(third.value(), IsEmpty());
    const auto& a = first->front();
    EXPECT_EQ(a.progress.player_id, player("a"));
    EXPECT_EQ(a.progress.xp, 5);
    EXPECT_EQ(a.progress.season_xp.at(season("s1")), 5);
    EXPECT_EQ(a.progress.boss_kills.at(core::BossId::trusted("dragon")), 1);
    EXPECT_THAT(a.items, ElementsAre(ports::InventoryItem{core::ItemId::trusted("gem"), 3},
                                     ports::InventoryItem{core::ItemId::trusted("sword"), 1}));
    EXPECT_THAT(a.receipts, ElementsAre(R"({"a":1})"));
    const auto& b = second->front();
    EXPECT_EQ(b.progress.xp, 7);
    EXPECT_THAT(b.items, IsEmpty());
    EXPECT_THAT(b.receipts, IsEmpty());
    co_return core::Status();
  });
}

TEST_P(ProgressBooksContract, AClaimWhoseReceiptIsGoneIsThereWithoutIt) {
  apply({xp_event(1, "a", 5)});
  ports::Claim claim{.player_id = player("a"),
                     .condition = xp_reward("r", 5),
                     .season = std::nullopt,
                     .items = {},
                     .receipt = {.id = core::ReceiptId::trusted("rc"), .token = "t", .json = "{}"},
                     .now = at(9)};
  ASSERT_TRUE(run(stores->rewards().claim(claim)));
  stores->change({"DELETE FROM receipt", "DELETE FROM progression.receipt"});
  read([](Reader& reader) -> ports::Task<void> {
    EXPECT_THAT((co_await reader.players(kAll)).value().front().receipts, ElementsAre(std::nullopt));
    co_return core::Status();
  });
}

TEST_P(ProgressBooksContract, DropsAreThoseThatWereGranted) {
  const auto granted = drop_event(2, "b", "d-1", "gem", 1);
  apply({granted, drop_event(3, "a", "d-1", "gem", 1), drop_event(4, "a", "d-2", "gem", 1)});
  read([&](Reader& reader) -> ports::Task<void> {
    const auto drops = co_await reader.drops(kAll);
    EXPECT_EQ(drops.value().size(), 2U);
    EXPECT_EQ(drops->back(), (ports::GrantedDrop{player("b"), core::DropId::trusted("d-1"), granted.event_id}));
    EXPECT_EQ(drops->front().player, player("a"));
    EXPECT_THAT((co_await reader.drops(kAll)).value(), IsEmpty());
    const auto known = co_await reader.granted(
        {core::DropId::trusted("d-2"), core::DropId::trusted("d-9"), core::DropId::trusted("d-1")});
    EXPECT_THAT(known.value(), UnorderedElementsAre(core::DropId::trusted("d-1"), core::DropId::trusted("d-2")));
    co_return core::Status();
  });
}

TEST_P(ProgressBooksContract, EventsThatStandThereMoreThanOnceAreNamed) {
  const auto twice = xp_event(2, "a", 1);
  apply({xp_event(1, "a", 1), twice});
  const auto repeated = [this] {
    std::vector<ports::RepeatedEvent> found;
    read([&](Reader& reader) -> ports::Task<void> {
      found = (co_await reader.repeated_events(kAll)).value();
      co_return core::Status();
    });
    return found;
  };
  EXPECT_THAT(repeated(), IsEmpty());
  stores->change(
      {"INSERT INTO ledger SELECT NULL, event_id, player, type, occurred_at, received_at, applied_at, xp, "
       "score, drop_refused, payload FROM ledger WHERE occurred_at = " +
           std::to_string(at(2).time_since_epoch().count()),
       "INSERT INTO progression.ledger SELECT * FROM progression.ledger WHERE event_id = '" + twice.event_id.str() +
           "'"});
  EXPECT_THAT(repeated(), ElementsAre(ports::RepeatedEvent{twice.event_id, 2}));
}

TEST_P(ProgressBooksContract, RowsOfAPlayerWhoIsGoneAreThere) {
  apply({xp_event(1, "a", 1), xp_event(2, "b", 1)});
  stores->change({"DELETE FROM player WHERE player_id = 'a'", "DELETE FROM progression.player WHERE player_id = 'a'"});
  EXPECT_EQ(ledger(kAll).size(), 2U);
}

TEST_P(ProgressBooksContract, HistoryComesInTheOrderOfReceiptWithinItsTime) {
  std::vector<ports::LedgerEntry> entries;
  for (const int second : {40, 10, 30, 20, 50}) {
    auto event = xp_event(second, second % 20 == 0 ? "a" : "b", 1);
    event.received_at = at(second);
    entries.push_back(std::move(event));
  }
  apply(std::move(entries));
  std::vector<core::Timestamp> received;
  read([&received](Reader& reader) -> ports::Task<void> {
    while (true) {
      const auto rows = co_await reader.history(at(20), at(50), 2);
      if (!rows) co_return std::unexpected(rows.error());
      if (rows->empty()) co_return core::Status();
      EXPECT_LE(rows->size(), 2U);
      for (const auto& row : *rows) received.push_back(row.received_at);
    }
  });
  EXPECT_THAT(received, ElementsAre(at(20), at(30), at(40)));
}

TEST_P(ProgressBooksContract, ShowOneMomentWhileOthersWrite) {
  apply({xp_event(1, "a", 1)});
  read([this](Reader& reader) -> ports::Task<void> {
    EXPECT_EQ((co_await reader.players(1)).value().size(), 1U);
    const auto applied =
        co_await stores->progress().apply({xp_event(2, "a", 1), xp_event(3, "b", 1)}, thresholds({}), at(6000));
    EXPECT_TRUE(applied.has_value());
    EXPECT_EQ((co_await reader.ledger(kAll)).value().size(), 1U);
    EXPECT_THAT((co_await reader.players(kAll)).value(), IsEmpty());
    co_return core::Status();
  });
  EXPECT_EQ(ledger(kAll).size(), 3U) << "the next reading is of a later moment";
}

TEST_P(ProgressBooksContract, TheErrorOfTheWorkIsTheResult) {
  const auto done = run(stores->progress_books().read(
      [](Reader&) -> ports::Task<void> { co_return core::fail(core::Errc::conflict, "enough"); }));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, core::Errc::conflict);
  EXPECT_THAT(ledger(kAll), IsEmpty()) << "and the books can be read again";
}

INSTANTIATE_TEST_SUITE_P(Stores, ProgressBooksContract, testing::ValuesIn(all_book_stores()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace liveops::test
