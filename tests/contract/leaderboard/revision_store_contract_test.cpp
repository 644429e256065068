#include <gtest/gtest.h>

#include "tests/contract/leaderboard/adapters.hpp"
#include "tests/support/run_task.hpp"

namespace liveops {
namespace {

using core::Errc;
using core::Timestamp;
using ports::RevisedPlayer;
using ports::RevisionNote;

Timestamp at(std::int64_t us) {
  return Timestamp(std::chrono::microseconds(us));
}

core::PlayerId player(const std::string& name) {
  return core::PlayerId::trusted(name);
}

ports::StandingsSpec table(const std::string& board, std::int64_t closes_us) {
  return {{core::BoardId::trusted(board), core::Window::daily, "d1"},
          {core::BoardOperator::best, core::BoardOrder::highest, 1000},
          at(0),
          at(closes_us)};
}

/// `since_us`: disqualified from then on; absent: not any more.
core::StandingChange judged(const std::string& name, std::int64_t version, std::optional<std::int64_t> since_us) {
  core::StandingChange change{.player_id = player(name), .version = version, .at = at(50), .reason = "why"};
  if (since_us) change.disqualified = {.since = at(*since_us), .reason = "bot"};
  return change;
}

core::StandingChange blocked(const std::string& name, std::int64_t version) {
  return {.player_id = player(name), .blocked = true, .version = version, .at = at(50), .reason = "flood"};
}

RevisionNote note(const std::string& signature) {
  return {.previous_sha256 = "aa",
          .promoted = 1,
          .signature = signature,
          .players = {{.player = player("b"), .returned = false, .rank = 1, .score = 9, .reason = "bot"}}};
}

class RevisionStoreContract : public ::testing::TestWithParam<contract::StoresAdapter> {
 protected:
  /// A table of a = 5, b = 9 and c = 7, sealed at 200 without those who are hidden.
  void seal(const ports::StandingsSpec& spec) {
    ports::StandingBatch batch{{spec}, {}, {}, at(5)};
    for (const auto& [name, score] : {std::pair("a", 5), std::pair("b", 9), std::pair("c", 7)}) {
      const auto id = core::EventId::derive(core::KeyId::trusted(spec.id.board.str()), name);
      batch.contributions.push_back(
          {static_cast<std::uint32_t>(batch.events.size()), 0, score, at(score), std::nullopt});
      batch.events.push_back({id, player(name)});
    }
    auto& standings = fixture_->standings();
    ASSERT_TRUE(test::run(standings.apply(std::move(batch))));
    ASSERT_TRUE(test::run(standings.begin_seal(spec.id, at(200))));
    write_first(spec);
    ASSERT_TRUE(test::run(standings.finish_seal(spec.id)));
  }
  void judge(std::vector<core::StandingChange> changes) {
    ASSERT_TRUE(test::run(fixture_->visibility().apply(std::move(changes))));
  }
  std::optional<ports::RevisionPlan> next() {
    while (test::run(revisions().look_on()).value()) {
    }
    return test::run(revisions().begin()).value();
  }
  ports::RevisionStore& revisions() { return fixture_->revisions(); }

  const ports::StandingsSpec day_ = table("score", 100);
  std::unique_ptr<contract::StoresFixture> fixture_ = GetParam().make();

 private:
  void write_first(const ports::StandingsSpec& spec) {
    ports::Snapshot snapshot{.id = spec.id.board.str() + ":daily:d1:r1",
                             .table = spec.id,
                             .opens_at = spec.opens_at,
                             .closes_at = spec.closes_at,
                             .taken_at = at(200),
                             .sealed = true,
                             .revision = 1,
                             .sha256 = "aa",
                             .signature = "bb"};
    auto rows = test::run(fixture_->standings().ranked(spec.id, {core::BoardOrder::highest, spec.opens_at, 1})).value();
    std::vector<ports::SnapshotRow> list;
    for (const auto& row : test::run(rows->next(10)).value()) {
      list.push_back({list.size() + 1, row.player, row.score, row.achieved_at});
    }
    snapshot.rows = snapshot.total = list.size();
    ASSERT_TRUE(test::run(fixture_->snapshots().begin(snapshot.id)));
    ASSERT_TRUE(test::run(fixture_->snapshots().append(snapshot.id, std::move(list))));
    ASSERT_TRUE(test::run(fixture_->snapshots().complete(std::move(snapshot))));
  }
};

TEST_P(RevisionStoreContract, NothingIsToBeRevisedWhereNobodyIsJudged) {
  EXPECT_FALSE(next());
  seal(day_);
  EXPECT_FALSE(next());
}

TEST_P(RevisionStoreContract, WhoIsDisqualifiedSinceBeforeTheCloseIsToLeave) {
  seal(day_);
  judge({judged("b", 1, 99), judged("c", 1, 100)});
  const auto plan = next();
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->spec, day_);
  EXPECT_EQ(plan->revision, 2);
  const std::vector<RevisedPlayer> expected{{.player = player("b"),
                                             .score = 9,
                                             .achieved_at = at(9),
                                             .in_first = true,
                                             .before = true,
                                             .now = false,
                                             .reason = "bot"}};
  EXPECT_EQ(plan->players, expected) << "c is disqualified only since the close";
}

TEST_P(RevisionStoreContract, WhoWasLeftOutComesBackWithWhatHeHeldThen) {
  judge({judged("b", 1, 10), blocked("c", 1)});
  seal(day_);
  EXPECT_FALSE(next());
  while (test::run(fixture_->standings().purge_sealed(1000)).value() > 0) {
  }
  core::StandingChange overturned{.player_id = player("c"), .version = 2, .at = at(60), .reason = "a mistake"};
  overturned.overturned_since = at(0);
  judge({judged("b", 2, std::nullopt), overturned});
  const auto plan = next();
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->players.size(), 2U);
  for (const RevisedPlayer& one : plan->players) {
    EXPECT_FALSE(one.in_first);
    EXPECT_FALSE(one.before);
    EXPECT_TRUE(one.now);
  }
  EXPECT_EQ(plan->players[0].score, 9);
  EXPECT_EQ(plan->players[0].reason, "why");
  EXPECT_EQ(plan->players[1].score, 7);
  EXPECT_EQ(plan->players[1].reason, "a mistake");
}

TEST_P(RevisionStoreContract, APlanStaysAsItIsUntilItIsFinishedAlsoOverARestart) {
  seal(day_);
  judge({judged("b", 1, 10)});
  const auto plan = next();
  ASSERT_TRUE(plan);
  judge({judged("b", 2, std::nullopt), judged("a", 1, 10)});
  fixture_->reopen();
  const auto again = next();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->players, plan->players);
  ASSERT_TRUE(test::run(revisions().finish(day_.id, 2)));
  ASSERT_TRUE(test::run(revisions().finish(day_.id, 2))) << "again: nothing happens";
  const auto third = next();
  ASSERT_TRUE(third);
  EXPECT_EQ(third->revision, 3);
  ASSERT_EQ(third->players.size(), 2U) << "a leaves, b returns";
  EXPECT_FALSE(third->players[0].now);
  EXPECT_TRUE(third->players[1].now);
  EXPECT_FALSE(third->players[1].before);
  ASSERT_TRUE(test::run(revisions().finish(day_.id, 3)));
  EXPECT_FALSE(next());
}

TEST_P(RevisionStoreContract, ForgivenBeforeThereWasAPlanThereIsNone) {
  seal(day_);
  judge({judged("b", 1, 10)});
  judge({judged("b", 2, std::nullopt)});
  EXPECT_FALSE(next());
}

TEST_P(RevisionStoreContract, TheTableThatClosedFirstComesFirst) {
  const auto late = table("late", 150);
  const auto early = table("early", 50);
  for (const auto& spec : {late, day_, early}) seal(spec);
  judge({judged("b", 1, 10)});
  for (const auto& spec : {early, day_, late}) {
    const auto plan = next();
    ASSERT_TRUE(plan);
    EXPECT_EQ(plan->spec, spec);
    ASSERT_TRUE(test::run(revisions().finish(spec.id, 2)));
  }
  EXPECT_FALSE(next());
}

TEST_P(RevisionStoreContract, ANoteIsReadBackAsTheLastOneThatWasGiven) {
  seal(day_);
  ASSERT_TRUE(test::run(revisions().note(day_.id, 2, note("first"))));
  auto other = note("second");
  other.players.push_back({.player = player("c"), .returned = true, .rank = 2, .score = 7, .reason = "a, \"b\"\nc"});
  ASSERT_TRUE(test::run(revisions().note(day_.id, 2, other)));
  fixture_->reopen();
  EXPECT_EQ(test::run(revisions().note_of(day_.id, 2)).value(), other);
  EXPECT_EQ(test::run(revisions().note_of(day_.id, 1)).error().code, Errc::not_found);
}

TEST_P(RevisionStoreContract, ATableThatIsNotThereIsNotFound) {
  EXPECT_EQ(test::run(revisions().note(day_.id, 2, note("x"))).error().code, Errc::not_found);
  EXPECT_EQ(test::run(revisions().finish(day_.id, 2)).error().code, Errc::not_found);
  EXPECT_EQ(test::run(revisions().note_of(day_.id, 2)).error().code, Errc::not_found);
}

INSTANTIATE_TEST_SUITE_P(Adapters, RevisionStoreContract, ::testing::ValuesIn(contract::stores_adapters()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace liveops
