#include "tests/contract/bus/bus_contract.hpp"

#include <atomic>
#include <set>
#include <thread>

namespace liveops::test {

using core::Errc;
using ports::PublishOutcome;
using std::chrono::milliseconds;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;
using testing::UnorderedElementsAreArray;

TEST_P(BusContract, EveryGroupReceivesEveryMessage) {
  const auto first = open("progression");
  const auto second = open("leaderboard");
  publish(envelopes(1, 20));
  std::vector<std::uint32_t> all;
  for (std::uint32_t n = 1; n <= 20; ++n) all.push_back(n);
  EXPECT_THAT(numbers_of(receive(*first)), UnorderedElementsAreArray(all));
  EXPECT_THAT(numbers_of(receive(*second)), UnorderedElementsAreArray(all));
}

TEST_P(BusContract, EnvelopesArriveAsTheyWereSent) {
  const auto consumer = open("g");
  publish({envelope(1), envelope(2, 10'000)});
  std::vector<core::Envelope> received;
  for (auto& delivery : receive(*consumer)) received.push_back(delivery.envelope);
  EXPECT_THAT(received, UnorderedElementsAre(envelope(1), envelope(2, 10'000)));
}

TEST_P(BusContract, TopicsAreIndependent) {
  const auto events = open("g", ports::Topic::events);
  const auto verdicts = open("g", ports::Topic::verdicts);
  publish({envelope(1)}, ports::Topic::events);
  publish({envelope(2)}, ports::Topic::verdicts);
  EXPECT_THAT(numbers_of(receive(*events)), UnorderedElementsAre(1));
  EXPECT_THAT(numbers_of(receive(*verdicts)), UnorderedElementsAre(2));
}

TEST_P(BusContract, MembersOfOneGroupShareTheMessages) {
  const auto first = open("g");
  const auto second = open("g");
  publish(envelopes(1, 10));
  const auto some = receive(*first, 4);
  const auto rest = receive(*second);
  ASSERT_THAT(some, SizeIs(4));
  auto numbers = numbers_of(some);
  for (const auto n : numbers_of(rest)) numbers.push_back(n);
  EXPECT_THAT(numbers, UnorderedElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
}

TEST_P(BusContract, ReceiveGivesAtMostWhatWasAskedFor) {
  const auto consumer = open("g");
  publish(envelopes(1, 10));
  EXPECT_THAT(*run(consumer->receive(3, milliseconds(0))), SizeIs(testing::Le(3)));
}

TEST_P(BusContract, AnAckedMessageDoesNotComeAgain) {
  const auto consumer = open("g");
  publish(envelopes(1, 3));
  ack(*consumer, receive(*consumer));
  advance(kVisibility * 2);
  EXPECT_THAT(receive(*consumer), IsEmpty());
}

TEST_P(BusContract, ANackedMessageComesAgainAfterItsDelayAsTheNextAttempt) {
  const auto consumer = open("g");
  publish({envelope(1)});
  const auto first = receive(*consumer);
  ASSERT_THAT(first, SizeIs(1));
  EXPECT_EQ(first[0].attempt, 1U);
  nack(*consumer, first, milliseconds(20'000));
  EXPECT_THAT(receive(*consumer), IsEmpty());
  advance(milliseconds(20'001));
  const auto second = receive(*consumer);
  ASSERT_THAT(second, SizeIs(1));
  EXPECT_EQ(second[0].attempt, 2U);
  EXPECT_EQ(second[0].envelope, envelope(1));
}

TEST_P(BusContract, AMessageThatNobodyFinishesComesAgainWhenItsVisibilityEnds) {
  const auto consumer = open("g");
  const auto other = open("g");
  publish({envelope(1)});
  ASSERT_THAT(receive(*consumer), SizeIs(1));
  EXPECT_THAT(receive(*other), IsEmpty());
  advance(kVisibility + milliseconds(1));
  const auto again = receive(*other);
  ASSERT_THAT(again, SizeIs(1));
  EXPECT_EQ(again[0].attempt, 2U);
}

TEST_P(BusContract, ExtendRestartsTheVisibility) {
  const auto consumer = open("g");
  publish({envelope(1)});
  const auto held = receive(*consumer);
  advance(kVisibility * 2 / 3);
  ASSERT_TRUE(run(consumer->extend(tags_of(held))).has_value());
  advance(kVisibility / 2);
  EXPECT_THAT(receive(*consumer), IsEmpty());
  advance(kVisibility);
  EXPECT_THAT(receive(*consumer), SizeIs(1));
}

TEST_P(BusContract, UnknownTagsAreIgnored) {
  const auto consumer = open("g");
  publish({envelope(1)});
  EXPECT_TRUE(run(consumer->ack({"never-heard-of", ""})).has_value());
  EXPECT_TRUE(run(consumer->nack({"never-heard-of"}, milliseconds(0))).has_value());
  EXPECT_TRUE(run(consumer->extend({"never-heard-of"})).has_value());
  EXPECT_THAT(receive(*consumer), SizeIs(1));
}

TEST_P(BusContract, ADeadLetterIsListedWithItsReasonAndDoesNotComeAgain) {
  const auto consumer = open("progression");
  publish({envelope(1)});
  const auto held = receive(*consumer);
  ASSERT_TRUE(run(consumer->dead_letter(held.at(0), "cannot be read")).has_value());
  advance(kVisibility * 2);
  EXPECT_THAT(receive(*consumer), IsEmpty());
  const auto listed = run(dead_letters().list(10, ""));
  ASSERT_TRUE(listed.has_value());
  ASSERT_THAT(*listed, SizeIs(1));
  const auto shown = run(dead_letters().show(listed->at(0).id));
  ASSERT_TRUE(shown.has_value());
  EXPECT_EQ(shown->topic, ports::Topic::events);
  EXPECT_EQ(shown->group, "progression");
  EXPECT_EQ(shown->reason, "cannot be read");
  EXPECT_EQ(shown->attempts, 1U);
  EXPECT_EQ(shown->envelope, envelope(1));
}

TEST_P(BusContract, DeadLettersAreListedInPagesOldestFirst) {
  const auto consumer = open("g");
  publish(envelopes(1, 5));
  std::vector<std::uint32_t> order;
  for (auto& delivery : receive(*consumer)) {
    order.push_back(number_of(delivery.envelope));
    ASSERT_TRUE(run(consumer->dead_letter(std::move(delivery), "poison")).has_value());
  }
  std::vector<std::uint32_t> listed;
  std::string after;
  while (true) {
    const auto page = run(dead_letters().list(2, after));
    ASSERT_TRUE(page.has_value());
    if (page->empty()) break;
    EXPECT_LE(page->size(), 2U);
    for (const auto& letter : *page) listed.push_back(number_of(letter.envelope));
    after = page->back().id;
  }
  EXPECT_EQ(listed, order);
}

TEST_P(BusContract, ARedrivenLetterGoesToItsGroupOnlyAsAFirstAttempt) {
  const auto progression = open("progression");
  const auto leaderboard = open("leaderboard");
  publish({envelope(1)});
  ack(*leaderboard, receive(*leaderboard));
  nack(*progression, receive(*progression), milliseconds(0));
  ASSERT_TRUE(run(progression->dead_letter(receive(*progression).at(0), "poison")).has_value());
  const auto id = run(dead_letters().list(1, ""))->at(0).id;

  ASSERT_TRUE(run(dead_letters().redrive(id)).has_value());

  EXPECT_THAT(*run(dead_letters().list(10, "")), IsEmpty());
  const auto again = receive(*progression);
  ASSERT_THAT(again, SizeIs(1));
  EXPECT_EQ(again[0].envelope, envelope(1));
  EXPECT_EQ(again[0].attempt, 1U);
  EXPECT_THAT(receive(*leaderboard), IsEmpty());
  EXPECT_EQ(run(leaderboard->backlog())->messages, 0U);
}

TEST_P(BusContract, ManyLettersAreRedrivenAtOnceAndAnUnknownOneIsSaid) {
  const auto consumer = open("g");
  std::vector<core::Envelope> sent;
  for (std::uint32_t n = 0; n < 25; ++n) sent.push_back(envelope(n));
  publish(sent);
  while (true) {
    auto batch = receive(*consumer);
    if (batch.empty()) break;
    for (auto& delivery : batch) ASSERT_TRUE(run(consumer->dead_letter(std::move(delivery), "poison")).has_value());
  }
  std::vector<std::string> ids;
  for (const auto& letter : *run(dead_letters().list(20, ""))) ids.push_back(letter.id);
  ASSERT_THAT(ids, SizeIs(20));

  ASSERT_TRUE(run(dead_letters().redrive_each(ids)).has_value());

  EXPECT_THAT(*run(dead_letters().list(100, "")), SizeIs(5));
  std::set<std::uint32_t> again;
  while (again.size() < 20) {
    const auto batch = receive(*consumer);
    ASSERT_FALSE(batch.empty());
    for (const auto n : numbers_of(batch)) again.insert(n);
    ack(*consumer, batch);
  }
  EXPECT_EQ(run(dead_letters().redrive_each({"987654321"})).error().code, Errc::not_found);
}

TEST_P(BusContract, UnknownDeadLettersAreNotFound) {
  EXPECT_EQ(run(dead_letters().show("987654321")).error().code, Errc::not_found);
  EXPECT_EQ(run(dead_letters().show("no number")).error().code, Errc::not_found);
  EXPECT_EQ(run(dead_letters().redrive("987654321")).error().code, Errc::not_found);
}

TEST_P(BusContract, CloseReleasesWhatIsInFlight) {
  const auto first = open("g");
  const auto second = open("g");
  publish({envelope(1)});
  ASSERT_THAT(receive(*first), SizeIs(1));
  first->close();
  first->close();
  EXPECT_THAT(receive(*second), SizeIs(1));
  EXPECT_THAT(receive(*first), IsEmpty());
}

TEST_P(BusContract, CloseEndsAWaitingReceive) {
  const auto consumer = open("g");
  std::atomic<bool> started{false};
  std::thread closer([&] {
    while (!started.load()) std::this_thread::yield();
    consumer->close();
  });
  started.store(true);
  const auto batch = run(consumer->receive(10, std::chrono::hours(1)));
  closer.join();
  ASSERT_TRUE(batch.has_value());
  EXPECT_THAT(*batch, IsEmpty());
}

TEST_P(BusContract, PublishWakesAWaitingReceive) {
  const auto consumer = open("g");
  std::atomic<bool> started{false};
  std::thread publisher([&] {
    while (!started.load()) std::this_thread::yield();
    publish({envelope(1)});
  });
  started.store(true);
  const auto batch = run(consumer->receive(10, std::chrono::hours(1)));
  publisher.join();
  ASSERT_TRUE(batch.has_value());
  EXPECT_THAT(numbers_of(*batch), UnorderedElementsAre(1));
}

TEST_P(BusContract, WhatIsTooLargeIsRefusedAndTheRestStored) {
  const auto consumer = open("g");
  const auto outcomes =
      run(bus().publish(ports::Topic::events, {envelope(1), envelope(2, bus().max_body_bytes()), envelope(3)}));
  ASSERT_TRUE(outcomes.has_value());
  EXPECT_EQ(*outcomes, (std::vector{PublishOutcome::stored, PublishOutcome::refused, PublishOutcome::stored}));
  EXPECT_THAT(numbers_of(receive(*consumer)), UnorderedElementsAre(1, 3));
}

TEST_P(BusContract, PublishingNothingIsInvalid) {
  EXPECT_EQ(run(bus().publish(ports::Topic::events, {})).error().code, Errc::invalid_argument);
}

TEST_P(BusContract, AWorkingBusSaysSo) {
  EXPECT_TRUE(run(bus().check()).has_value());
}

TEST_P(BusContract, TheBacklogCountsWhatIsNotAckedAndItsAge) {
  const auto consumer = open("g");
  EXPECT_EQ(run(consumer->backlog())->messages, 0U);
  EXPECT_EQ(run(consumer->backlog())->oldest_age, milliseconds(0));
  publish(envelopes(1, 3));
  advance(milliseconds(2000));
  EXPECT_EQ(run(consumer->backlog())->messages, 3U);
  const auto unseen_age = run(consumer->backlog())->oldest_age;
  const auto held = receive(*consumer);
  const auto age_in_hand = run(consumer->backlog())->oldest_age;
  EXPECT_GE(knows_age_unseen() ? unseen_age : age_in_hand, paced(milliseconds(2000)));
  EXPECT_EQ(run(consumer->backlog())->messages, 3U);
  ack(*consumer, held);
  EXPECT_EQ(run(consumer->backlog())->messages, 0U);
  EXPECT_EQ(run(consumer->backlog())->oldest_age, milliseconds(0));
}

TEST_P(BusContract, ConcurrentPublishersAllGetThrough) {
  constexpr std::uint32_t kThreads = 4;
  constexpr std::uint32_t kEach = 50;
  const auto consumer = open("g");
  std::vector<std::thread> threads;
  for (std::uint32_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([this, t] {
      for (std::uint32_t n = 0; n < kEach; n += 2) publish(envelopes(t * kEach + n, 2));
    });
  }
  for (auto& thread : threads) thread.join();
  const auto numbers = numbers_of(receive(*consumer, kThreads * kEach));
  EXPECT_EQ(std::set(numbers.begin(), numbers.end()).size(), kThreads * kEach);
}

}  // namespace liveops::test
