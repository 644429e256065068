#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <stdexcept>

#include "adapters/checkpoint_file/checkpoint_file.hpp"
#include "adapters/store_sqlite/fairness/verdict_store.hpp"
#include "fairness/checkpoint_keeper.hpp"
#include "fairness/service.hpp"
#include "fairness/test_doubles.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/recording_metrics.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/temp_dir.hpp"

namespace liveops::test {
namespace {

namespace sqlite_store = adapters::store_sqlite::fairness;

/// The service over its real store, in a directory that outlives it.
class FairnessRestart : public ::testing::Test {
 protected:
  FairnessRestart() {
    rules_.max_players = 1000;
    rules_.hard.bounds = {{core::EventType::progression, "xp", 5000}};
    start();
  }

  void start() {
    service_.reset();
    store_.reset();
    auto opened = sqlite_store::VerdictStore::open(directory_.path(), "a secret of the audit, 32 bytes.");
    if (!opened) throw std::runtime_error(opened.error().message);
    store_ = std::move(*opened);
    const auto checkpoint = fairness::load_checkpoint(checkpoints_, rules_.policy_version, log_);
    const auto seed = checkpoint ? checkpoint->info().seed : fairness::Service::random_seed();
    service_ =
        std::make_unique<fairness::Service>(rules_, seed, *store_, store_->reviews(), bus_, clock_, metrics_, log_);
    if (checkpoint) service_->restore(*checkpoint);
    ASSERT_TRUE(run(service_->load()));
  }

  core::Result<std::vector<core::Verdict>> check(int number, std::int64_t xp) {
    core::Event event;
    event.id = core::EventId::derive(core::KeyId::trusted("k"), std::to_string(number));
    event.player_id = core::PlayerId::trusted("p");
    event.received_at = event.occurred_at = clock_.now();
    event.payload = core::Progression{.xp = xp};
    std::vector<core::Event> events;
    events.push_back(std::move(event));
    return run(service_->check().check(std::move(events)));
  }

  /// What a keeper does every 15 s.
  void save() {
    fairness::CheckpointKeeper keeper(*service_, checkpoints_, clock_, metrics_, log_);
    run(keeper.save());
  }

  /// Events of one player within an instant, until one is refused.
  int burst(int first) {
    int passed = 0;
    for (int number = first; passed < 1000; ++number, ++passed) {
      const auto verdicts = check(number, 1);
      if (!verdicts || verdicts->front().action != core::VerdictAction::allow) break;
    }
    return passed;
  }

  TempDir directory_;
  adapters::CheckpointFile checkpoints_{directory_.path() / "fairness.checkpoint"};
  core::FairnessRules rules_;
  fairness::test::FakeBus bus_;
  ManualClock clock_{core::Timestamp(std::chrono::seconds(1'790'000'000))};
  RecordingMetrics metrics_;
  SilentLog log_;
  std::unique_ptr<sqlite_store::VerdictStore> store_;
  std::unique_ptr<fairness::Service> service_;
};

TEST_F(FairnessRestart, KeepsVerdictsAuditAndWhatWasNotYetPublished) {
  const auto before = check(1, 9999);
  ASSERT_TRUE(before);
  start();
  const auto after = check(2, 1);
  ASSERT_TRUE(after);
  EXPECT_EQ(after->front().action, core::VerdictAction::block);
  EXPECT_EQ(after->front().until, before->front().until);
  EXPECT_EQ(after->front().decision_id, before->front().decision_id);
  run(service_->step());
  EXPECT_EQ(bus_.published.size(), 1U);
  EXPECT_EQ(run(store_->history(core::PlayerId::trusted("p"), 10))->audit.size(), 1U);
}

TEST_F(FairnessRestart, KeepsWhatWasLearntUpToTheCheckpoint) {
  const int allowed = burst(1);
  ASSERT_LT(allowed, 1000);
  save();
  start();
  EXPECT_EQ(burst(2000), 0) << "the credit is spent, as before";
  EXPECT_EQ(metrics_.value("liveops_fairness_checkpoint_last_success_timestamp_seconds{}"), 1'790'000'000);
}

TEST_F(FairnessRestart, WithoutACheckpointBeginsAnew) {
  const int allowed = burst(1);
  start();
  EXPECT_EQ(burst(2000), allowed);
}

TEST_F(FairnessRestart, UnderAnotherPolicyBeginsAnew) {
  const int allowed = burst(1);
  save();
  rules_.policy_version = "another";
  start();
  EXPECT_EQ(burst(2000), allowed);
}

TEST_F(FairnessRestart, FromABrokenCheckpointBeginsAnewAndReplacesIt) {
  const int allowed = burst(1);
  save();
  std::filesystem::resize_file(directory_.path() / "fairness.checkpoint", 100);
  start();
  EXPECT_EQ(burst(2000), allowed);
  save();
  start();
  EXPECT_EQ(burst(4000), 0);
}

TEST_F(FairnessRestart, TheKeeperSavesOnceMoreWhenItIsStopped) {
  ASSERT_GT(burst(1), 0);
  fairness::CheckpointKeeper keeper(*service_, checkpoints_, clock_, metrics_, log_, std::chrono::hours(1));
  boost::asio::io_context io(1);
  boost::asio::co_spawn(io, keeper.run(), boost::asio::detached);
  boost::asio::post(io, [&keeper] { keeper.stop(); });
  io.run();
  EXPECT_TRUE(checkpoints_.load());
}

TEST_F(FairnessRestart, AFullDiskRefusesToBlockRatherThanForgetIt) {
  ASSERT_TRUE(run(store_->limit_pages(1)));
  core::Result<std::vector<core::Verdict>> verdicts = check(1, 9999);
  for (int n = 2; verdicts && n < 500; ++n) {
    clock_.advance(std::chrono::seconds(901));
    verdicts = check(n, 9999);
  }
  ASSERT_FALSE(verdicts);
  EXPECT_EQ(verdicts.error().code, core::Errc::unavailable);
}

}  // namespace
}  // namespace liveops::test
