#include <gtest/gtest.h>

#include "leaderboard/snapshot_seal.hpp"
#include "tests/contract/leaderboard/postgres_stores.hpp"
#include "tests/contract/leaderboard/service.hpp"
#include "tests/support/run_task.hpp"

/// Several leaderboards on one database.
namespace liveops::test {
namespace {

constexpr const char* kDayAfter = "2026-11-23T12:00:00Z";
constexpr const char* kDay = "score:daily:2026-11-22:r1";
constexpr std::chrono::seconds kLonger = leaderboard::Duty::kTerm + std::chrono::seconds(1);

core::GameRules one_board() {
  auto rules = sample_rules();
  rules.boards.resize(1);
  return rules;
}

std::vector<ports::Delivery> a_day_of_play() {
  std::vector<ports::Delivery> events;
  for (int i = 0; i < 60; ++i) {
    events.push_back(played(i, "p" + std::to_string(i * 7 % 40), i * 37 % 11,
                            "2026-11-22T1" + std::to_string(i % 10) + ":00:00.00000" + std::to_string(i % 7) + "Z"));
  }
  return events;
}

void upkeep(Service& service, bool caught_up = true) {
  boost::asio::io_context io(1);
  boost::asio::co_spawn(io, service.service.upkeep(nothing_left(caught_up)), boost::asio::use_future);
  io.run();
}

double on_duty(const Service& service) {
  return service.metrics.value("liveops_leaderboard_on_duty{}");
}

/// The hash of the rows that are kept, made anew.
std::string hash_of_rows(Service& service, const ports::Snapshot& snapshot) {
  leaderboard::CanonicalHash hash(snapshot.table, snapshot.revision);
  hash.add(run(service.snapshots.rows(snapshot.id, 0, 1000)).value());
  return hash.finish();
}

class Replicas : public ::testing::Test {
 protected:
  contract::PostgresStores one_;
  contract::PostgresStores other_{one_.database()};
};

TEST_F(Replicas, OneHasTheDutyAndTheOtherTakesOverWhenItIsGone) {
  Service one(one_, one_board(), "2026-11-22T12:00:00Z");
  Service other(other_, one_board(), "2026-11-22T12:00:00Z");
  one.take_in({played(1, "a", 5, "2026-11-22T10:00:00Z")});
  upkeep(one);
  upkeep(other);
  EXPECT_EQ(on_duty(one), 1);
  EXPECT_EQ(on_duty(other), 0);
  EXPECT_EQ(run(other.snapshots.list({}, 0, 10)).value().size(), 3U) << "taken once";
  one_.pass(kLonger);
  upkeep(other);
  EXPECT_EQ(on_duty(other), 1);
  one.clock.advance(kLonger);
  upkeep(one);
  EXPECT_EQ(on_duty(one), 0) << "it was away for too long";
}

TEST_F(Replicas, WhoResignsIsReplacedAtOnce) {
  Service one(one_, one_board(), kDayAfter);
  Service other(other_, one_board(), kDayAfter);
  upkeep(one);
  boost::asio::io_context io(1);
  boost::asio::co_spawn(io, one.service.resign(), boost::asio::use_future);
  io.run();
  upkeep(other);
  EXPECT_EQ(on_duty(one), 0);
  EXPECT_EQ(on_duty(other), 1);
}

TEST_F(Replicas, WhoDoesNotHaveTheDutySealsNothing) {
  Service one(one_, one_board(), kDayAfter);
  Service other(other_, one_board(), kDayAfter);
  one.take_in(a_day_of_play());
  upkeep(other, false);
  const auto sealed = one.seal();
  ASSERT_FALSE(sealed);
  EXPECT_EQ(sealed.error().code, core::Errc::unavailable);
  for (const auto& table : run(one.standings.tables(true)).value()) {
    EXPECT_EQ(table.state, ports::StandingsState::open);
  }
}

TEST_F(Replicas, WhoeverTakesOverAtWhateverStepOneRightSnapshotResults) {
  Service reference(one_, one_board(), kDayAfter);
  reference.take_in(a_day_of_play());
  const int before = reference.trouble.calls();
  reference.seal().value();
  const int steps = reference.trouble.calls() - before;
  const auto expected = run(reference.snapshots.find(kDay)).value();
  for (int step = 0; step < steps; ++step) {
    contract::PostgresStores first_stores;
    contract::PostgresStores second_stores(first_stores.database());
    Service first(first_stores, one_board(), kDayAfter);
    Service second(second_stores, one_board(), kDayAfter);
    first.take_in(a_day_of_play());
    // Frozen before this step until the second one has taken over and finished; then it goes on, none the wiser.
    first.trouble.interrupt(step, [&] {
      first_stores.pass(kLonger);
      upkeep(second);
    });
    const auto went_on = first.seal();
    EXPECT_TRUE(went_on || went_on.error().code == core::Errc::conflict ||
                went_on.error().code == core::Errc::unavailable)
        << "step " << step << ": " << went_on.error().message;
    upkeep(second);
    EXPECT_EQ(run(second.standings.tables(true)).value().size(), 1U) << "step " << step << ": only the season is open";
    const auto sealed = run(second.snapshots.list({.sealed = true}, 0, 10)).value();
    EXPECT_EQ(sealed.size(), 2U) << "step " << step;
    for (const auto& snapshot : sealed) {
      EXPECT_EQ(hash_of_rows(second, snapshot), snapshot.sha256) << "step " << step;
    }
    const auto snapshot = run(second.snapshots.find(kDay)).value();
    EXPECT_EQ(snapshot.sha256, expected.sha256) << "step " << step;
    EXPECT_EQ(snapshot.signature, expected.signature);
  }
}

TEST_F(Replicas, TwoThatSealAtTheSameTimeMakeOneRightSnapshot) {
  Service reference(one_, one_board(), kDayAfter);
  reference.take_in(a_day_of_play());
  contract::PostgresStores stores;
  contract::PostgresStores more_stores(stores.database());
  Service first(stores, one_board(), kDayAfter);
  Service second(more_stores, one_board(), kDayAfter);
  first.take_in(a_day_of_play());
  // Each believes that it has the duty: the first does not know yet that it was away for too long.
  upkeep(first, false);
  stores.pass(kLonger);
  upkeep(second, false);
  ASSERT_EQ(on_duty(first) + on_duty(second), 2);
  std::vector<std::future<void>> sealers;
  for (Service* service : {&first, &second}) {
    sealers.push_back(std::async(std::launch::async, [service] { upkeep(*service); }));
  }
  for (auto& sealer : sealers) sealer.get();
  upkeep(first);
  upkeep(second);
  reference.seal().value();
  EXPECT_EQ(run(first.snapshots.find(kDay)).value().sha256, run(reference.snapshots.find(kDay)).value().sha256);
  EXPECT_EQ(run(first.standings.tables(true)).value().size(), 1U);
}

}  // namespace
}  // namespace liveops::test
