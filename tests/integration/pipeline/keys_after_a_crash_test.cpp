#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/bus_local/event_bus.hpp"
#include "adapters/store_sqlite/gateway/idempotency_store.hpp"
#include "core/envelope.hpp"
#include "gateway/fingerprint.hpp"
#include "gateway/key_keeper.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/recording_metrics.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/temp_dir.hpp"

/// The idempotency keys of accepted events, when the process dies between the answer and the journal of the keys.
namespace liveops::gateway {
namespace {

using adapters::store_sqlite::IdempotencyStore;
using ports::IdempotencyState;
using ports::Topic;
using test::run;
using LocalBus = adapters::bus_local::EventBus;

constexpr core::Timestamp kNow{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)};

core::Event event(const std::string& key, bool with_time) {
  core::Event event;
  event.key_id = core::KeyId::trusted("default");
  event.id = core::EventId::derive(event.key_id, key);
  event.player_id = core::PlayerId::trusted("p-1");
  event.occurred_at = event.received_at = kNow;
  event.occurred_at_given = with_time;
  event.payload = core::Progression{.xp = 5};
  event.payload_json = R"({"xp":5, "own":[1.50]})";
  return event;
}

class KeysAfterACrash : public testing::Test {
 protected:
  void SetUp() override {
    bus = LocalBus::open(directory.path() / "bus", {}, clock, log).value();
    consumer = run(bus->open_consumer(Topic::events, std::string(KeyKeeper::kGroup))).value();
  }

  void publish(core::Envelope envelope) {
    ASSERT_EQ(run(bus->publish(Topic::events, {std::move(envelope)})).value().front(), ports::PublishOutcome::stored);
  }
  [[nodiscard]] std::unique_ptr<IdempotencyStore> open_keys() const {
    return IdempotencyStore::open(directory.path(), {}).value();
  }
  static IdempotencyState ask(IdempotencyStore& store, const core::Event& event) {
    Fingerprinter fingerprint;
    return run(store.begin({{event.id, fingerprint(event)}}, kNow)).value().front();
  }
  std::uint64_t waiting() { return run(consumer->backlog()).value().messages; }

  test::TempDir directory;
  test::ManualClock clock{kNow};
  test::SilentLog log;
  std::unique_ptr<LocalBus> bus;
  std::unique_ptr<ports::EventConsumer> consumer;
};

TEST_F(KeysAfterACrash, ComeBackFromTheBusWithTheirFingerprints) {
  publish(core::encode_event(event("timed", true)));
  publish(core::encode_event(event("untimed", false)));
  const auto store = open_keys();
  KeyKeeper keeper(*store);
  ASSERT_TRUE(run(keeper.catch_up(*consumer)));
  EXPECT_EQ(ask(*store, event("timed", true)), IdempotencyState::done);
  EXPECT_EQ(ask(*store, event("untimed", false)), IdempotencyState::done);
  auto other = event("timed", true);
  other.payload_json = R"({"xp":6})";
  EXPECT_EQ(ask(*store, other), IdempotencyState::mismatch);
  EXPECT_EQ(ask(*store, event("untimed", true)), IdempotencyState::mismatch);
  EXPECT_EQ(waiting(), 0U);
}

TEST_F(KeysAfterACrash, AreOnDiskWhenTheBusMayForgetTheirEvents) {
  publish(core::encode_event(event("a", true)));
  const auto store = open_keys();
  ASSERT_TRUE(run(KeyKeeper(*store).catch_up(*consumer)));
  const test::TempDir copy(directory.path());
  const auto after_another_crash = IdempotencyStore::open(copy.path(), {}).value();
  EXPECT_EQ(ask(*after_another_crash, event("a", true)), IdempotencyState::done);
}

TEST_F(KeysAfterACrash, WaitOnTheBusWhileTheJournalCannotBeWritten) {
  publish(core::encode_event(event("a", true)));
  const auto store = open_keys();
  auto other = adapters::sqlite::Database::open(directory.path() / "gateway.db", {}).value();
  ASSERT_TRUE(other.exec(
      "CREATE TRIGGER full BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'no more room in this test'); END"));
  KeyKeeper keeper(*store);
  const auto refused = run(keeper.catch_up(*consumer));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, core::Errc::unavailable);
  EXPECT_EQ(waiting(), 1U);
}

TEST_F(KeysAfterACrash, AnUnreadableMessageIsADeadLetterAndHoldsUpNoOther) {
  auto broken = core::encode_event(event("broken", true));
  broken.body = "{";
  publish(broken);
  publish(core::encode_event(event("good", true)));
  const auto store = open_keys();
  ASSERT_TRUE(run(KeyKeeper(*store).catch_up(*consumer)));
  EXPECT_EQ(ask(*store, event("good", true)), IdempotencyState::done);
  const auto letters = run(bus->list(10, "")).value();
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters.front().group, KeyKeeper::kGroup);
  EXPECT_THAT(letters.front().reason, testing::HasSubstr("cannot be read"));
  EXPECT_EQ(waiting(), 0U);
}

}  // namespace
}  // namespace liveops::gateway
