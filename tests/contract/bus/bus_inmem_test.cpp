#include <set>

#include "adapters/bus_inmem/event_bus.hpp"
#include "tests/contract/bus/bus_contract.hpp"

namespace liveops::test {

namespace bus_inmem = adapters::bus_inmem;
using ports::PublishOutcome;
using ports::Topic;
using std::chrono::milliseconds;
using testing::IsEmpty;
using testing::SizeIs;

namespace {

const core::Timestamp kStart{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)};

class InmemBus final : public BusUnderTest {
 public:
  explicit InmemBus(bus_inmem::Options options = {}) : bus_(clock_, options) {}
  bus_inmem::EventBus& bus() override { return bus_; }
  ports::DeadLetters& dead_letters() override { return bus_; }
  void advance(milliseconds by) override { clock_.advance(by); }

 private:
  ManualClock clock_{kStart};
  bus_inmem::EventBus bus_;
};

std::vector<ports::Delivery> receive(ports::EventConsumer& consumer, std::size_t max = 100) {
  return *run(consumer.receive(max, milliseconds(0)));
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(
    Inmem, BusContract,
    testing::Values(BusAdapter{"plain", [] { return std::make_unique<InmemBus>(); }},
                    BusAdapter{"shuffled",
                               [] { return std::make_unique<InmemBus>(bus_inmem::Options{.shuffle_seed = 1}); }}),
    testing::PrintToStringParamName());

TEST(InmemEventBus, PublishIsToBeRetriedWhenAGroupIsFull) {
  InmemBus test({.max_messages = 2});
  const auto consumer = *run(test.bus().open_consumer(Topic::events, "g"));
  const auto outcomes = run(test.bus().publish(Topic::events, envelopes(1, 3)));
  EXPECT_EQ(*outcomes, (std::vector{PublishOutcome::stored, PublishOutcome::stored, PublishOutcome::retry}));
  ASSERT_TRUE(run(consumer->ack(tags_of(receive(*consumer)))).has_value());
  EXPECT_EQ(*run(test.bus().publish(Topic::events, {envelope(3)})), std::vector{PublishOutcome::stored});
}

TEST(InmemEventBus, NoMoreIsHandedOutThanMayBeInFlight) {
  InmemBus test({.max_in_flight = 3});
  const auto consumer = *run(test.bus().open_consumer(Topic::events, "g"));
  ASSERT_TRUE(run(test.bus().publish(Topic::events, envelopes(1, 5))).has_value());
  const auto held = receive(*consumer);
  EXPECT_THAT(held, SizeIs(3));
  EXPECT_THAT(receive(*consumer), IsEmpty());
  ASSERT_TRUE(run(consumer->ack(tags_of(held))).has_value());
  EXPECT_THAT(receive(*consumer), SizeIs(2));
}

TEST(InmemEventBus, FailuresComeAsOrdered) {
  InmemBus test;
  const auto consumer = *run(test.bus().open_consumer(Topic::events, "g"));
  test.bus().fail_next_publish(1);
  EXPECT_EQ(run(test.bus().publish(Topic::events, {envelope(1)})).error().code, core::Errc::unavailable);
  ASSERT_TRUE(run(test.bus().publish(Topic::events, {envelope(1)})).has_value());
  const auto held = receive(*consumer);
  test.bus().fail_next_ack(1);
  EXPECT_EQ(run(consumer->ack(tags_of(held))).error().code, core::Errc::unavailable);
  EXPECT_TRUE(run(consumer->ack(tags_of(held))).has_value());
  EXPECT_EQ(run(consumer->backlog())->messages, 0U);
}

TEST(InmemEventBus, DeliversEachMessageAsOftenAsItIsTold) {
  InmemBus test({.deliver_times = 5, .shuffle_seed = 3});
  const auto consumer = *run(test.bus().open_consumer(Topic::events, "g"));
  ASSERT_TRUE(run(test.bus().publish(Topic::events, envelopes(0, 20))).has_value());
  std::multiset<std::uint32_t> seen;
  while (run(consumer->backlog())->messages > 0) {
    const auto batch = receive(*consumer, 7);
    for (const auto n : numbers_of(batch)) seen.insert(n);
    ASSERT_TRUE(run(consumer->ack(tags_of(batch))).has_value());
  }
  for (std::uint32_t n = 0; n < 20; ++n) EXPECT_EQ(seen.count(n), 5U) << n;
}

TEST(InmemEventBus, LosesEachNthAckWhenTold) {
  InmemBus test({.redeliver_every = 4});
  const auto consumer = *run(test.bus().open_consumer(Topic::events, "g"));
  ASSERT_TRUE(run(test.bus().publish(Topic::events, envelopes(0, 8))).has_value());
  ASSERT_TRUE(run(consumer->ack(tags_of(receive(*consumer)))).has_value());
  EXPECT_THAT(receive(*consumer), SizeIs(2));
}

TEST(InmemEventBus, TheDeadLetterStoreIsBounded) {
  InmemBus test({.max_dead_letters = 1});
  const auto consumer = *run(test.bus().open_consumer(Topic::events, "g"));
  ASSERT_TRUE(run(test.bus().publish(Topic::events, envelopes(0, 2))).has_value());
  const auto held = receive(*consumer);
  EXPECT_TRUE(run(consumer->dead_letter(held.at(0), "poison")).has_value());
  EXPECT_EQ(run(consumer->dead_letter(held.at(1), "poison")).error().code, core::Errc::unavailable);
  EXPECT_EQ(run(consumer->backlog())->messages, 1U);
}

}  // namespace liveops::test
