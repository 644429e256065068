#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stdexcept>

#include "adapters/store_sqlite/fairness/verdict_store.hpp"
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
    auto opened = sqlite_store::VerdictStore::open(directory_.path());
    if (!opened) throw std::runtime_error(opened.error().message);
    store_ = std::move(*opened);
    service_ = std::make_unique<fairness::Service>(rules_, fairness::Service::random_seed(), *store_, bus_, clock_,
                                                   metrics_, log_);
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

  TempDir directory_;
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
