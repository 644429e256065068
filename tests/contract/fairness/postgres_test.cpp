#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <set>
#include <stdexcept>
#include <thread>

#include "adapters/postgres/pool.hpp"
#include "adapters/store_postgres/fairness/verdict_store.hpp"
#include "audit/chain/chain_check.hpp"
#include "tests/contract/fairness/postgres_fixture.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/servers/postgres_server.hpp"

namespace liveops::test {
namespace {

namespace postgres = adapters::postgres;
namespace store = adapters::store_postgres::fairness;
using core::VerdictAction;
using ports::PendingChange;
using ports::StandingRequest;

const core::Timestamp kNow{std::chrono::seconds(1'790'000'000)};

using Replica = FairnessReplica;

StandingRequest order(const std::string& player, VerdictAction state) {
  return {.wanted = {.player_id = core::PlayerId::trusted(player),
                     .state = state,
                     .reason = "because",
                     .rule = "operator",
                     .policy_version = "7",
                     .at = kNow},
          .actor = "admin",
          .action = state == VerdictAction::allow ? "unblock" : "block"};
}

/// Null when the feed says nothing of the player.
const ports::StandingNews* news_of(const ports::StandingFeed& feed, std::string_view player) {
  const auto found =
      std::ranges::find_if(feed.news, [player](const auto& news) { return news.standing.player_id.str() == player; });
  return found == feed.news.end() ? nullptr : &*found;
}

/// Several replicas on one database.
class FairnessReplicas : public ::testing::Test {
 protected:
  static constexpr int kReplicas = 4;
  static constexpr int kPlayers = 5;
  static constexpr int kOrders = 40;

  /// Orders of one replica: several players each, in an order of its own. Gives the versions by player.
  static std::map<std::string, std::vector<std::int64_t>> give_orders(Replica& replica, unsigned seed) {
    std::mt19937 random(seed);
    std::map<std::string, std::vector<std::int64_t>> versions;
    for (int n = 0; n < kOrders; ++n) {
      std::vector<StandingRequest> requests;
      for (int i = 0; i < 3; ++i) {
        const auto state = random() % 2 == 0 ? VerdictAction::block : VerdictAction::allow;
        requests.push_back(order("p" + std::to_string(random() % kPlayers), state));
      }
      const auto put = run(replica.verdicts().put(std::move(requests)));
      if (!put) throw std::runtime_error(put.error().message + ": " + put.error().detail);
      for (const auto& standing : *put) versions[standing.player_id.str()].push_back(standing.version);
    }
    return versions;
  }

  std::string database_ = shared_postgres().make_database();
};

TEST_F(FairnessReplicas, OpenAtTheSameTime) {
  std::vector<std::jthread> threads;
  for (int n = 0; n < kReplicas; ++n) threads.emplace_back([this] { const Replica opened(database_); });
}

TEST_F(FairnessReplicas, VersionsOfAPlayerAscendWhateverTheInterleaving) {
  std::vector<std::unique_ptr<Replica>> replicas;
  for (int n = 0; n < kReplicas; ++n) replicas.push_back(std::make_unique<Replica>(database_));
  std::vector<std::map<std::string, std::vector<std::int64_t>>> given(kReplicas);
  {
    std::vector<std::jthread> threads;
    for (std::size_t n = 0; n < kReplicas; ++n) {
      threads.emplace_back([&, n] { given[n] = give_orders(*replicas[n], static_cast<unsigned>(n)); });
    }
  }
  std::map<std::string, std::set<std::int64_t>> all;
  std::size_t orders = 0;
  for (const auto& of_replica : given) {
    for (const auto& [player, versions] : of_replica) {
      EXPECT_TRUE(std::ranges::is_sorted(versions)) << player;
      orders += versions.size();
      all[player].insert(versions.begin(), versions.end());
    }
  }
  std::size_t distinct = 0;
  for (const auto& [player, versions] : all) {
    distinct += versions.size();
    const auto history = run(replicas[0]->verdicts().history(core::PlayerId::trusted(player), 1000));
    ASSERT_TRUE(history);
    EXPECT_EQ(history->standing->version, *versions.rbegin());
    EXPECT_EQ(history->audit.size(), versions.size());
    EXPECT_EQ(history->audit.front().action == "block", history->standing->state == VerdictAction::block)
        << "the newest line of audit is the order in force";
  }
  EXPECT_EQ(distinct, orders) << "no version was given twice";
  EXPECT_EQ(distinct, static_cast<std::size_t>(kReplicas * kOrders * 3));
}

TEST_F(FairnessReplicas, PublishEachChangeAtLeastOnceAndFirstInOrder) {
  Replica first(database_);
  Replica second(database_);
  (void)give_orders(first, 7);
  const auto all = run(first.verdicts().pending(10'000));
  ASSERT_TRUE(all);
  std::vector<PendingChange> published;
  while (true) {  // two publishers that look at the same time and remove one after the other
    const auto one = run(first.verdicts().pending(7));
    const auto two = run(second.verdicts().pending(11));
    ASSERT_TRUE(one && two);
    if (one->empty() && two->empty()) break;
    for (const auto* seen : {&*one, &*two}) {
      std::vector<std::int64_t> numbers;
      for (const PendingChange& change : *seen) {
        published.push_back(change);
        numbers.push_back(change.number);
      }
      ASSERT_TRUE(run((seen == &*one ? first : second).verdicts().published(std::move(numbers))));
    }
  }
  std::map<std::string, std::int64_t> newest;
  std::set<std::int64_t> numbers;
  for (const PendingChange& change : published) {
    if (!numbers.insert(change.number).second) continue;  // a repeat
    EXPECT_GT(change.change.version, newest[change.change.player_id.str()]);
    newest[change.change.player_id.str()] = change.change.version;
  }
  EXPECT_EQ(numbers.size(), all->size());
}

TEST_F(FairnessReplicas, LearnOfEachOther) {
  Replica here(database_);
  Replica there(database_);
  ASSERT_TRUE(run(there.verdicts().put({order("early", VerdictAction::block)})));
  const auto start = run(here.verdicts().changes(0));
  ASSERT_TRUE(start);
  EXPECT_TRUE(start->news.empty());
  const auto put = run(there.verdicts().put({order("p", VerdictAction::block)}));
  const auto feed = run(here.verdicts().changes(start->position));
  ASSERT_TRUE(put && feed);
  EXPECT_GE(feed->position, start->position);
  const ports::StandingNews* news = news_of(*feed, "p");
  ASSERT_NE(news, nullptr);
  EXPECT_EQ(news->standing, put->front());
  EXPECT_EQ(news->action, "block");
}

/// Within the transaction of one replica: it has written, but not committed, when the other looks.
ports::Task<void> look_before_commit(postgres::Session& session, ports::VerdictStore& other,
                                     ports::StandingFeed& feed) {
  // Not by `put`: its end, the line of audit, would make the other wait for this transaction.
  const auto late = co_await session.run_text(
      "INSERT INTO fairness.standings(player, state, version, reason, rule, policy, decision, at, action, written_by) "
      "VALUES('late', 'block', 1, '', '', '', '', 0, 'block', pg_current_xact_id())");
  if (!late) co_return std::unexpected(late.error());
  if (const auto put = co_await other.put({order("early", VerdictAction::block)}); !put) {
    co_return std::unexpected(put.error());
  }
  auto seen = co_await other.changes(feed.position);
  if (!seen) co_return std::unexpected(seen.error());
  feed = std::move(*seen);
  co_return core::Status{};
}

TEST_F(FairnessReplicas, AChangeThatCommitsLateIsNotMissed) {
  Replica here(database_);
  Replica there(database_);
  ports::StandingFeed feed = run(here.verdicts().changes(0)).value();
  ASSERT_TRUE(run(there.pool().transaction<void>(
      [&](postgres::Session& session) { return look_before_commit(session, here.verdicts(), feed); })));
  EXPECT_NE(news_of(feed, "early"), nullptr);
  EXPECT_EQ(news_of(feed, "late"), nullptr);
  const auto later = run(here.verdicts().changes(feed.position));
  ASSERT_TRUE(later);
  EXPECT_NE(news_of(*later, "late"), nullptr);
}

TEST_F(FairnessReplicas, RecordTheSameDecisionOnce) {
  Replica first(database_);
  Replica second(database_);
  std::vector<ports::DecisionRecord> decisions;
  for (int n = 0; n < 20; ++n) {
    decisions.push_back({.id = "d-" + std::to_string(n), .player_id = core::PlayerId::trusted("p"), .at = kNow});
  }
  {
    std::jthread there([&] { ASSERT_TRUE(run(second.verdicts().record(decisions))); });
    ASSERT_TRUE(run(first.verdicts().record(decisions)));
  }
  EXPECT_EQ(run(first.verdicts().history(core::PlayerId::trusted("p"), 100))->decisions.size(), 20U);
  EXPECT_EQ(run(first.verdicts().flagged(10, std::nullopt))->at(0).count, 20);
}

TEST_F(FairnessReplicas, ChainTheirLinesOfAuditOneAfterTheOther) {
  std::vector<std::unique_ptr<Replica>> replicas;
  for (int i = 0; i < kReplicas; ++i) replicas.push_back(std::make_unique<Replica>(database_));
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kReplicas; ++i) {
      threads.emplace_back([&, i] { (void)give_orders(*replicas[static_cast<std::size_t>(i)], 100U + i); });
    }
  }
  audit::ChainCheck check(replicas[0]->audit(), {std::string(kAuditSecret)});
  const auto report = run(check.run());
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->findings.empty()) << report->findings.front().what;
  EXPECT_EQ(report->head.lines, kReplicas * kOrders * 3);
}

TEST_F(FairnessReplicas, GiveACaseToOneOfSeveralWorkersWhoAskAtOnce) {
  Replica first(database_);
  Replica second(database_);
  std::vector<ports::Suspicion> suspicions;
  for (int n = 0; n < 40; ++n) {
    suspicions.push_back({.player_id = core::PlayerId::trusted("p" + std::to_string(n)),
                          .rule = "tempo",
                          .action = "flag",
                          .decision_id = "d-" + std::to_string(n),
                          .at = kNow});
  }
  ASSERT_TRUE(run(first.reviews().open(suspicions)));
  const auto cases = run(first.reviews().list({}, kNow, 100, std::nullopt));
  ASSERT_TRUE(cases);
  std::array<std::set<std::int64_t>, 2> got;
  const auto claim_all = [&cases](Replica& replica, const std::string& worker, std::set<std::int64_t>& mine) {
    for (const ports::ReviewCase& one : *cases) {
      if (run(replica.reviews().claim(one.id, worker, kNow, std::chrono::minutes(10)))) mine.insert(one.id);
    }
  };
  {
    std::jthread there([&] { claim_all(second, "bob", got[1]); });
    claim_all(first, "ann", got[0]);
  }
  EXPECT_EQ(got[0].size() + got[1].size(), cases->size());
  for (const std::int64_t id : got[0]) EXPECT_FALSE(got[1].contains(id)) << id;
}

TEST_F(FairnessReplicas, NobodyChangesTheAudit) {
  Replica replica(database_);
  ASSERT_TRUE(run(replica.verdicts().put({order("p", VerdictAction::block)})));
  for (const char* sql :
       {"UPDATE fairness.audit SET reason = ''", "DELETE FROM fairness.audit", "TRUNCATE fairness.audit"}) {
    EXPECT_THROW((void)shared_postgres().execute(database_, sql), std::runtime_error) << sql;
  }
}

}  // namespace
}  // namespace liveops::test
