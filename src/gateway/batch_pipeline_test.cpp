#include "gateway/batch_pipeline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "gateway/test_gateway.hpp"

namespace liveops::gateway {
namespace {

using test::gzip;
using test::Harness;
using test::header;
using test::kNow;
using test::progression_item;
using test::TestRequest;
using testing::ElementsAre;

std::vector<std::string> members(const core::http::Response& response, const char* name) {
  std::vector<std::string> values;
  const auto answer = boost::json::parse(response.body);
  for (const auto& item : answer.at("results").as_array()) {
    const auto* value = item.as_object().if_contains(name);
    values.emplace_back(value == nullptr ? "" : value->as_string().c_str());
  }
  return values;
}

std::vector<std::string> statuses(const core::http::Response& response) {
  return members(response, "status");
}

std::int64_t count(const core::http::Response& response, const char* status) {
  return boost::json::parse(response.body).at(status).as_int64();
}

TEST(BatchPipeline, ABadItemNeverBlocksAGoodOne) {
  Harness harness;
  const auto response =
      harness.send_batch("[" + progression_item("a", "p", 1) + "," + progression_item("b", "p", -1) +
                         R"(,7,{"idempotency_key":"c","type":"nonsense","player_id":"p","payload":{}},)" +
                         progression_item("d", "q", 2) + "]");
  ASSERT_EQ(response.status, 202) << response.body;
  EXPECT_THAT(statuses(response), ElementsAre("accepted", "rejected", "rejected", "rejected", "accepted"));
  EXPECT_THAT(members(response, "code"), ElementsAre("", "invalid_event", "invalid_event", "invalid_event", ""));
  EXPECT_THAT(members(response, "pointer"), ElementsAre("", "#/1/payload/xp", "#/2", "#/3/type", ""));
  const auto id = [](const char* key) { return core::EventId::derive(core::KeyId::trusted("k1"), key).str(); };
  EXPECT_THAT(members(response, "event_id"), ElementsAre(id("a"), id("b"), "", id("c"), id("d")));
  EXPECT_EQ(count(response, "accepted"), 2);
  EXPECT_EQ(count(response, "rejected"), 3);
  EXPECT_EQ(harness.bus.published.size(), 2U);
  EXPECT_TRUE(harness.books_balance());
}

TEST(BatchPipeline, OneCallEachForAllEvents) {
  Harness harness;
  std::string body;
  for (int n = 0; n < 100; ++n) body += progression_item("k" + std::to_string(n), "p", n) + "\n";
  const auto response = harness.send_batch(body, "application/x-ndjson; charset=utf-8");
  EXPECT_EQ(count(response, "accepted"), 100);
  EXPECT_EQ(harness.keys.begins, 1);
  EXPECT_EQ(harness.fairness.calls, 1);
  EXPECT_EQ(harness.bus.calls, 1);
  EXPECT_EQ(harness.keys.completes, 1);
}

TEST(BatchPipeline, SendingItAgainIsHarmless) {
  Harness harness;
  const auto body = "[" + progression_item("a", "p", 1) + "," + progression_item("b", "p", 2) + "]";
  EXPECT_THAT(statuses(harness.send_batch(body)), ElementsAre("accepted", "accepted"));
  const auto again = harness.send_batch(body);
  EXPECT_THAT(statuses(again), ElementsAre("duplicate", "duplicate"));
  EXPECT_EQ(count(again, "duplicate"), 2);
  EXPECT_EQ(harness.bus.published.size(), 2U);
}

TEST(BatchPipeline, AnEventIsTheSameByItselfAndInABatch) {
  Harness harness;
  ASSERT_EQ(harness.send_event(test::progression("p", 1), "a").status, 202);
  EXPECT_THAT(statuses(harness.send_batch("[" + progression_item("a", "p", 1) + "]")), ElementsAre("duplicate"));
  EXPECT_THAT(members(harness.send_batch("[" + progression_item("a", "p", 2) + "]"), "code"),
              ElementsAre("idempotency_key_reused"));
}

TEST(BatchPipeline, TwoItemsWithOneKeyAreOneEventOrAMistake) {
  Harness harness;
  const auto response = harness.send_batch("[" + progression_item("a", "p", 1) + "," + progression_item("a", "p", 1) +
                                           "," + progression_item("a", "p", 2) + "]");
  EXPECT_THAT(statuses(response), ElementsAre("accepted", "duplicate", "rejected"));
  EXPECT_EQ(harness.bus.published.size(), 1U);
}

TEST(BatchPipeline, ATwinSharesTheFateOfTheFirst) {
  Harness harness;
  harness.bus.error = core::Errc::unavailable;
  const auto body = "[" + progression_item("a", "p", 1) + "," + progression_item("a", "p", 1) + "]";
  const auto response = harness.send_batch(body);
  EXPECT_THAT(statuses(response), ElementsAre("retry", "retry"));
  EXPECT_THAT(members(response, "code"), ElementsAre("unavailable", "unavailable"));
  EXPECT_NE(header(response, "Retry-After"), "");
}

TEST(BatchPipeline, FairnessAndTheBusDecideItemByItem) {
  Harness harness;
  harness.fairness.verdict = [](const core::Event& event) {
    if (event.player_id.str() == "blocked") {
      return core::Verdict{.action = core::VerdictAction::block, .reason = "r", .decision_id = "d-1"};
    }
    if (event.player_id.str() == "hasty") {
      return core::Verdict{.action = core::VerdictAction::throttle,
                           .reason = "r",
                           .decision_id = "d-2",
                           .until = kNow + std::chrono::seconds(40)};
    }
    return core::Verdict{};
  };
  harness.bus.outcome = [](const core::Envelope& envelope) {
    if (envelope.key == "large") return ports::PublishOutcome::refused;
    return envelope.key == "unlucky" ? ports::PublishOutcome::retry : ports::PublishOutcome::stored;
  };
  std::string body;
  for (const auto* player : {"blocked", "good", "hasty", "large", "unlucky", "fine"}) {
    body += progression_item(player, player, 1) + "\n";
  }
  const auto response = harness.send_batch(body, "application/x-ndjson");
  EXPECT_THAT(statuses(response), ElementsAre("rejected", "accepted", "retry", "rejected", "retry", "accepted"));
  EXPECT_THAT(members(response, "code"),
              ElementsAre("player_blocked", "", "throttled", "event_too_large", "unavailable", ""));
  EXPECT_THAT(members(response, "decision_id"), ElementsAre("d-1", "", "d-2", "", "", ""));
  EXPECT_EQ(header(response, "Retry-After"), "40");
  EXPECT_EQ(harness.keys.table.size(), 2U) << "only the keys of the accepted are kept";
  EXPECT_EQ(harness.counted("blocked"), 1);
  EXPECT_EQ(harness.counted("throttled"), 1);
  EXPECT_EQ(harness.counted("rejected"), 1);
  EXPECT_EQ(harness.counted("retry"), 1);
  EXPECT_TRUE(harness.books_balance());
}

TEST(BatchPipeline, QuotaIsChargedPerEventAllOrNothing) {
  Harness harness({.rate = {.events_per_second = 1, .burst = 3}});
  const auto two = [](const std::string& key) {
    return "[" + progression_item(key + "1", "p", 1) + "," + progression_item(key + "2", "p", 1) + "]";
  };
  EXPECT_EQ(harness.send_batch(two("a")).status, 202);
  const auto refused = harness.send_batch(two("b"));
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(header(refused, "RateLimit"), R"("events";r=1;t=1)");
  EXPECT_EQ(harness.counted("rate_limited"), 2);
  EXPECT_EQ(harness.bus.published.size(), 2U);
  EXPECT_TRUE(harness.books_balance());
}

TEST(BatchPipeline, ABatchThatIsNoneIsRefusedAsAWhole) {
  Harness harness({.max_batch_events = 2});
  const auto item = [](const char* key) { return progression_item(key, "p", 1); };
  for (const auto& body : {std::string("{}"), std::string("[1,"), std::string(""), std::string("[]"),
                           "[" + item("a") + "," + item("b") + "," + item("c") + "]"}) {
    const auto response = harness.send_batch(body);
    EXPECT_EQ(response.status, 400) << body;
    EXPECT_NE(header(response, "RateLimit"), "");
  }
  EXPECT_EQ(harness.bus.calls, 0);
  EXPECT_EQ(harness.counted("rejected"), 5) << "one for each body";
  EXPECT_TRUE(harness.books_balance());
}

TEST(BatchPipeline, AGzippedBatchMayUnpackToItsLimit) {
  Harness harness({.max_unpacked_batch_bytes = 1000});
  const auto send = [&](const std::string& body) {
    return harness
        .send(TestRequest("/events/batch", body)
                  .with("Content-Type", "application/json")
                  .with("Content-Encoding", "gzip"))
        .status;
  };
  EXPECT_EQ(send(gzip("[" + progression_item("a", "p", 1) + "]")), 202);
  EXPECT_EQ(send(gzip("[" + std::string(2000, ' ') + "]")), 413);
}

TEST(BatchPipeline, AFailureOnTheWayFreesAllKeysAndKeepsTheBooks) {
  Harness harness;
  harness.bus.throws = true;
  const auto body = "[" + progression_item("a", "p", 1) + "," + progression_item("b", "p", -2) + "]";
  EXPECT_THROW(harness.send_batch(body), std::runtime_error);
  EXPECT_EQ(harness.keys.table.size(), 0U);
  EXPECT_TRUE(harness.books_balance());
}

}  // namespace
}  // namespace liveops::gateway
