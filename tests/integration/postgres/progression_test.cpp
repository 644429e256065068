#include <thread>

#include "adapters/store_postgres/progression/progress_store.hpp"
#include "adapters/store_postgres/progression/progression_database.hpp"
#include "tests/contract/progression/entries.hpp"
#include "tests/integration/postgres/pool_fixture.hpp"
#include "tests/support/servers/pgbouncer.hpp"

namespace liveops::test {
namespace {

namespace pg = adapters::store_postgres::progression;

using core::Errc;
using Rows = std::vector<std::string>;

core::Timestamp day(int year, unsigned month, unsigned number) {
  return std::chrono::sys_days(std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(number));
}

/// What no port shows: how the schema `progression` is kept.
class PostgresProgression : public PoolTest {
 protected:
  PostgresProgression() : store_(open()) {}

  std::unique_ptr<pg::ProgressStore> open() {
    opened_.push_back(run(pg::ProgressionDatabase::open(*pool_)).value());
    return std::make_unique<pg::ProgressStore>(*opened_.back());
  }
  core::Result<ports::ApplyOutcome> apply(std::vector<ports::LedgerEntry> entries, core::Timestamp now) {
    return run(store_->apply(std::move(entries), thresholds({}), now));
  }
  Rows query(const std::string& sql) { return server().execute(database_, sql); }
  Rows partitions() {
    return query(
        "SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'progression.ledger'::regclass ORDER BY 1");
  }

  std::vector<std::unique_ptr<pg::ProgressionDatabase>> opened_;
  std::unique_ptr<pg::ProgressStore> store_;
};

TEST_F(PostgresProgression, LedgerKeepsEveryFreshEventWithAllThatWasMadeOfIt) {
  auto odd = kill_event(1, "a", "dragon");
  odd.payload_json = R"({"boss_id":"dragon","note":"a \"quoted\", {braced} \\ ü"})";
  ASSERT_TRUE(apply({odd, odd, drop_event(2, "a", "d", "gem", 1), drop_event(3, "b", "d", "gem", 1)}, at(1000)));
  EXPECT_EQ(query("SELECT event_id || player_id || type || occurred_at || received_at || applied_at || xp || score || "
                  "drop_refused FROM progression.ledger WHERE type = 1"),
            (Rows{odd.event_id.str() + "a11790000001000000179000000200000017900010000000005" + "10false"}));
  EXPECT_EQ(query("SELECT payload FROM progression.ledger WHERE type = 1"), (Rows{odd.payload_json}));
  EXPECT_EQ(query("SELECT player_id FROM progression.ledger WHERE drop_refused"), (Rows{"b"}));
  EXPECT_EQ(query("SELECT count(*) FROM progression.ledger WHERE score IS NULL"), (Rows{"2"}));
}

TEST_F(PostgresProgression, LedgerHasAPartitionForTheMonthOfApplicationAndForTheNext) {
  ASSERT_TRUE(apply({xp_event(1, "a", 1)}, day(2026, 12, 31)));
  ASSERT_TRUE(apply({xp_event(2, "a", 1)}, day(2027, 1, 1)));
  EXPECT_EQ(partitions(),
            (Rows{"progression.ledger_2026_12", "progression.ledger_2027_01", "progression.ledger_2027_02"}));
  EXPECT_EQ(query("SELECT count(*) FROM progression.ledger_2027_01"), (Rows{"1"}));
  ASSERT_TRUE(apply({xp_event(3, "a", 1)}, day(2020, 2, 29)));  // a clock that is far off loses nothing
  EXPECT_EQ(query("SELECT count(*) FROM progression.ledger_2020_02"), (Rows{"1"}));
}

TEST_F(PostgresProgression, PartitionThatSomebodyTookAwayIsMadeAnew) {
  ASSERT_TRUE(apply({xp_event(1, "a", 1)}, day(2026, 11, 5)));
  query("DROP TABLE progression.ledger_2026_11");
  const auto refused = apply({xp_event(2, "a", 1)}, day(2026, 11, 6));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::unavailable);
  EXPECT_TRUE(apply({xp_event(2, "a", 1)}, day(2026, 11, 6)));
}

TEST_F(PostgresProgression, PlayerWhoseRowSomebodyRemovedIsMadeAnew) {
  ASSERT_TRUE(apply({xp_event(1, "a", 1)}, at(0)));
  query("DELETE FROM progression.player");
  EXPECT_EQ(apply({xp_event(2, "a", 1)}, at(0)).error().code, Errc::unavailable);
  EXPECT_TRUE(apply({xp_event(2, "a", 1)}, at(0)));
}

TEST_F(PostgresProgression, ReplicasMayMakeTheSamePartitionAtOnce) {
  std::vector<std::unique_ptr<pg::ProgressStore>> replicas;
  for (int i = 0; i < 4; ++i) replicas.push_back(open());
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&replica = *replicas[static_cast<std::size_t>(i)], i] {
        EXPECT_TRUE(run(replica.apply({xp_event(i, "a", 1)}, thresholds({}), day(2026, 11, 5))));
      });
    }
  }
  EXPECT_EQ(query("SELECT xp FROM progression.player"), (Rows{"4"}));
}

TEST_F(PostgresProgression, ReplicasThatSweepAtOnceForgetEachEventOnce) {
  constexpr std::size_t kEvents = 200;
  std::vector<ports::LedgerEntry> entries;
  for (std::size_t n = 0; n < kEvents; ++n) entries.push_back(xp_event(static_cast<int>(n), "a", 1));
  ASSERT_TRUE(apply(entries, at(0)));
  std::atomic<std::size_t> forgotten = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([this, &forgotten] {
        for (int step = 0; step < 10; ++step) forgotten += run(store_->forget_events(at(1), 20)).value();
      });
    }
  }
  EXPECT_EQ(forgotten, kEvents);
  EXPECT_EQ(query("SELECT count(*) FROM progression.inbox"), (Rows{"0"}));
}

TEST_F(PostgresProgression, UpdatesOfAPlayerTouchNoIndex) {
  constexpr int kUpdates = 50;
  for (int n = 0; n < kUpdates; ++n) ASSERT_TRUE(apply({kill_event(n, "a", "dragon")}, at(n)));
  pool_.reset();  // a session reports its counts at the latest when it ends
  EXPECT_TRUE(wait_until([&] {
    return query("SELECT n_tup_hot_upd FROM pg_stat_user_tables WHERE relid = 'progression.player'::regclass")[0] ==
           std::to_string(kUpdates);
  }));
}

TEST_F(PostgresProgression, WorksThroughPgBouncer) {
  const PgBouncer bouncer(server());
  auto through = options();
  through.url = bouncer.url(database_);
  through.prepare = false;
  make_pool(through);
  store_ = open();
  EXPECT_TRUE(apply({xp_event(1, "a", 1), drop_event(2, "a", "d", "gem", 2)}, at(0)));
  EXPECT_EQ(run(store_->inventory_of(player("a"))).value().at(0).quantity, 2);
}

}  // namespace
}  // namespace liveops::test
