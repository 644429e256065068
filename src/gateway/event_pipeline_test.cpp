#include "gateway/event_pipeline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/json.hpp>

#include "core/envelope.hpp"
#include "core/event_parser.hpp"
#include "gateway/fingerprint.hpp"
#include "gateway/test_gateway.hpp"

namespace liveops::gateway {
namespace {

using test::gzip;
using test::Harness;
using test::header;
using test::kNow;
using test::progression;
using test::TestRequest;
using testing::HasSubstr;

std::string slug(const core::http::Response& response) {
  const auto type = boost::json::parse(response.body).at("type").as_string();
  return std::string(type.begin() + static_cast<std::ptrdiff_t>(type.find_last_of("/#")) + 1, type.end());
}

TEST(EventPipeline, AnAcceptedEventIsOnTheBusAsItWasSent) {
  Harness harness;
  const auto response = harness.send_event(
      R"({"type":"boss_kill","player_id":"p-42","occurred_at":"2026-11-21T23:59:59.5+01:00","seq":3,)"
      R"("payload":{"boss_id":"hydra","mood":"angry"}})",
      "key-1");
  ASSERT_EQ(response.status, 202) << response.body;
  const auto id = core::EventId::derive(core::KeyId::trusted("k1"), "key-1");
  EXPECT_EQ(response.body, R"({"event_id":")" + id.str() + R"(","status":"accepted"})");
  ASSERT_EQ(harness.bus.published.size(), 1U);
  const auto event = core::decode_event(harness.bus.published.front()).value();
  EXPECT_EQ(event.id, id);
  EXPECT_EQ(event.key_id.str(), "k1");
  EXPECT_EQ(event.player_id.str(), "p-42");
  EXPECT_EQ(event.seq, 3);
  EXPECT_EQ(core::format_rfc3339(event.occurred_at), "2026-11-21T22:59:59.500Z");
  EXPECT_EQ(event.received_at, kNow);
  EXPECT_EQ(event.payload_json, R"({"boss_id":"hydra","mood":"angry"})");
  EXPECT_EQ(event.traceparent, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  EXPECT_EQ(harness.counted("accepted"), 1);
}

TEST(EventPipeline, ARetryGetsTheSameAnswerAndPublishesNothing) {
  Harness harness;
  const auto first = harness.send_event(progression("p", 5), "key-1");
  harness.clock.advance(std::chrono::hours(23));
  const auto second = harness.send_event(progression("p", 5), "\"key-1\"");
  EXPECT_EQ(second.status, 202);
  EXPECT_EQ(second.body, first.body);
  EXPECT_EQ(header(first, "Idempotent-Replayed"), "");
  EXPECT_EQ(header(second, "Idempotent-Replayed"), "true");
  EXPECT_EQ(harness.bus.calls, 1);
  EXPECT_EQ(harness.fairness.calls, 1) << "a retry is never evidence";
  EXPECT_EQ(harness.counted("duplicate"), 1);
}

TEST(EventPipeline, AKeyForAnotherEventIsRefused) {
  Harness harness;
  ASSERT_EQ(harness.send_event(progression("p", 5), "key-1").status, 202);
  for (const auto& other :
       {progression("p", 6), progression("q", 5),
        std::string(R"({"type":"progression","player_id":"p","seq":1,"payload":{"xp":5}})"),
        std::string(
            R"({"type":"progression","player_id":"p","occurred_at":"2026-11-22T00:00:00Z","payload":{"xp":5}})")}) {
    const auto response = harness.send_event(other, "key-1");
    EXPECT_EQ(response.status, 422) << other;
    EXPECT_EQ(slug(response), "idempotency-key-reused");
  }
  EXPECT_EQ(harness.bus.published.size(), 1U);
}

TEST(EventPipeline, KeysOfDifferentSignersAreDifferent) {
  Harness harness;
  ASSERT_EQ(harness.send_event(progression("p", 5), "key-1").status, 202);
  const auto other =
      harness.send(TestRequest("/events", progression("p", 6)).with("Idempotency-Key", "key-1").from("k2"));
  EXPECT_EQ(other.status, 202);
  EXPECT_EQ(harness.bus.published.size(), 2U);
}

TEST(EventPipeline, ARequestWhoseTwinIsStillRunningIsAskedToWait) {
  Harness harness;
  const auto event = core::parse_event(progression("p", 5), kNow, {}).value();
  const auto id = core::EventId::derive(core::KeyId::trusted("k1"), "key-1");
  ASSERT_EQ(harness.keys.table.begin(id, Fingerprinter()(event), kNow), core::KeyState::fresh);
  const auto response = harness.send_event(progression("p", 5), "key-1");
  EXPECT_EQ(response.status, 409);
  EXPECT_EQ(slug(response), "request-in-progress");
  EXPECT_EQ(header(response, "Retry-After"), "1");
  EXPECT_EQ(harness.counted("retry"), 1);
}

TEST(EventPipeline, AMissingOrMalformedKeyIsRefused) {
  Harness harness;
  EXPECT_EQ(harness.send(TestRequest("/events", progression("p", 5))).status, 400);
  EXPECT_EQ(harness.send_event(progression("p", 5), "").status, 400);
  EXPECT_EQ(harness.send_event(progression("p", 5), "\"open").status, 400);
  const auto response = harness.send_event(progression("p", 5), std::string(256, 'x'));
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(slug(response), "idempotency-key");
  EXPECT_EQ(harness.keys.begins, 0);
  EXPECT_EQ(harness.counted("rejected"), 4);
}

TEST(EventPipeline, AStandardWebhookIsKnownByItsId) {
  Harness harness;
  const auto webhook = [] {
    return TestRequest("/events", progression("p", 5)).with("webhook-id", "msg_1").with("webhook-signature", "v1,x");
  };
  EXPECT_EQ(harness.send(webhook()).status, 202);
  EXPECT_EQ(header(harness.send(webhook()), "Idempotent-Replayed"), "true");
  EXPECT_EQ(harness.bus.published.front().id, core::EventId::derive(core::KeyId::trusted("k1"), "msg_1"));
}

TEST(EventPipeline, AKeyThatTheSignatureDoesNotCoverIsNotTaken) {
  Harness harness;
  const auto changed = harness.send(TestRequest("/events", progression("p", 5))
                                        .with("webhook-id", "msg_1")
                                        .with("webhook-signature", "v1,x")
                                        .with("Idempotency-Key", "another"));
  EXPECT_EQ(changed.status, 400);
  const auto added = harness.send(
      TestRequest("/events", progression("p", 5)).with("X-Signature", "sha256=x").with("webhook-id", "msg_1"));
  EXPECT_EQ(added.status, 400);
  EXPECT_TRUE(harness.bus.published.empty());
}

TEST(EventPipeline, EveryFaultIsNamedInOneAnswer) {
  Harness harness;
  const auto response =
      harness.send_event(R"({"type":"progression","player_id":"no spaces","extra":1,"payload":{"xp":-1}})", "key-1");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.content_type, "application/problem+json");
  for (const auto* pointer : {"#/player_id", "#/extra", "#/payload/xp"}) EXPECT_THAT(response.body, HasSubstr(pointer));
  EXPECT_EQ(harness.keys.begins, 0);
  EXPECT_EQ(harness.counted("rejected"), 1);
}

TEST(EventPipeline, AThrottledEventIsRefusedForAWhileAndFreesItsKey) {
  Harness harness;
  harness.fairness.verdict = [](const core::Event&) {
    return core::Verdict{.action = core::VerdictAction::throttle,
                         .reason = "too many events",
                         .decision_id = "d-7",
                         .until = kNow + std::chrono::milliseconds(2500)};
  };
  const auto response = harness.send_event(progression("p", 5), "key-1");
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(slug(response), "abnormal-usage-detected");
  EXPECT_EQ(header(response, "Retry-After"), "3");
  EXPECT_EQ(boost::json::parse(response.body).at("decision_id").as_string(), "d-7");
  EXPECT_EQ(boost::json::parse(response.body).at("detail").as_string(), "too many events");
  EXPECT_EQ(harness.bus.calls, 0);
  harness.fairness.verdict = {};
  EXPECT_EQ(harness.send_event(progression("p", 5), "key-1").status, 202);
  EXPECT_EQ(harness.counted("throttled"), 1);
}

TEST(EventPipeline, ABlockedPlayersEventIsForbidden) {
  Harness harness;
  harness.fairness.verdict = [](const core::Event&) {
    return core::Verdict{.action = core::VerdictAction::block, .reason = "blocked", .decision_id = "d-8"};
  };
  const auto response = harness.send_event(progression("p", 5), "key-1");
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(slug(response), "player-blocked");
  EXPECT_EQ(header(response, "Retry-After"), "");
  EXPECT_EQ(harness.keys.table.size(), 0U);
  EXPECT_EQ(harness.counted("blocked"), 1);
}

TEST(EventPipeline, ABusThatIsAwayMeansTryAgain) {
  Harness harness;
  harness.bus.error = core::Errc::unavailable;
  const auto response = harness.send_event(progression("p", 5), "key-1");
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(slug(response), "temporary-reduced-capacity");
  EXPECT_NE(header(response, "Retry-After"), "");
  harness.bus.error.reset();
  harness.bus.outcome = [](const core::Envelope&) { return ports::PublishOutcome::retry; };
  EXPECT_EQ(harness.send_event(progression("p", 5), "key-1").status, 503);
  harness.bus.outcome = {};
  EXPECT_EQ(harness.send_event(progression("p", 5), "key-1").status, 202);
  EXPECT_EQ(harness.counted("retry"), 2);
}

TEST(EventPipeline, AnEventThatTheBusCannotHoldIsTooLarge) {
  Harness harness;
  harness.bus.outcome = [](const core::Envelope&) { return ports::PublishOutcome::refused; };
  EXPECT_EQ(harness.send_event(progression("p", 5), "key-1").status, 413);
  EXPECT_EQ(harness.keys.table.size(), 0U);
  EXPECT_EQ(harness.counted("rejected"), 1);
}

TEST(EventPipeline, AFailureOnTheWayFreesTheKeyAndKeepsTheBooks) {
  Harness harness;
  harness.bus.throws = true;
  EXPECT_THROW(harness.send_event(progression("p", 5), "key-1"), std::runtime_error);
  EXPECT_EQ(harness.keys.table.size(), 0U);
  EXPECT_EQ(harness.counted("retry"), 1);
  EXPECT_TRUE(harness.books_balance());
}

TEST(EventPipeline, ACancelledRequestFreesItsKeyAndKeepsTheBooks) {
  Harness harness;
  boost::asio::io_context io(1);
  harness.fairness.hold = std::make_unique<boost::asio::steady_timer>(io, boost::asio::steady_timer::time_point::max());
  TestRequest request("/events", progression("p", 5));
  request.with("Idempotency-Key", "key-1");
  const auto view = request.view();
  boost::asio::cancellation_signal cancel;
  bool failed = false;
  boost::asio::co_spawn(io, harness.gateway.events().handle(view),
                        boost::asio::bind_cancellation_slot(
                            cancel.slot(), [&](const std::exception_ptr& failure, const core::http::Response&) {
                              failed = failure != nullptr;
                              harness.fairness.hold->cancel();
                            }));
  boost::asio::post(io, [&] {
    EXPECT_EQ(harness.keys.table.size(), 1U);
    cancel.emit(boost::asio::cancellation_type::terminal);
  });
  io.run();
  harness.fairness.hold.reset();  // before the io_context it belongs to
  EXPECT_TRUE(failed);
  EXPECT_EQ(harness.bus.calls, 0);
  EXPECT_EQ(harness.keys.table.size(), 0U);
  EXPECT_EQ(harness.counted("retry"), 1);
  EXPECT_TRUE(harness.books_balance());
}

TEST(EventPipeline, WithoutItsKeyStoreItTakesNothing) {
  Harness harness;
  harness.keys.begin_fails = true;
  EXPECT_EQ(harness.send_event(progression("p", 5), "key-1").status, 503);
  EXPECT_EQ(harness.bus.calls, 0);
}

TEST(EventPipeline, AnEventWhoseKeyCouldNotBeKeptIsAcceptedAllTheSame) {
  Harness harness;
  harness.keys.complete_fails = true;
  EXPECT_EQ(harness.send_event(progression("p", 5), "key-1").status, 202);
  EXPECT_EQ(harness.metrics.value("liveops_idempotency_failures_total"), 1);
}

TEST(EventPipeline, AGzippedEventIsUnpackedWithinTheLimit) {
  Harness harness;
  const auto send = [&](const std::string& body, const std::string& key) {
    return harness.send(TestRequest("/events", body).with("Content-Encoding", "gzip").with("Idempotency-Key", key));
  };
  EXPECT_EQ(send(gzip(progression("p", 5)), "a").status, 202);
  EXPECT_EQ(header(harness.send_event(progression("p", 5), "a"), "Idempotent-Replayed"), "true")
      << "packed or not, it is the same event";
  EXPECT_EQ(send(gzip(std::string(1'000'000, ' ')), "b").status, 413);
  EXPECT_EQ(send("no gzip", "c").status, 400);
  const auto unknown =
      harness.send(TestRequest("/events", "x").with("Content-Encoding", "br").with("Idempotency-Key", "d"));
  EXPECT_EQ(unknown.status, 415);
  EXPECT_EQ(header(unknown, "Accept-Encoding"), "gzip");
  EXPECT_EQ(harness.counted("rejected"), 3);
}

TEST(EventPipeline, TheQuotaOfAKeyIsToldWithEveryAnswerAndKept) {
  Harness harness({.rate = {.events_per_second = 1, .burst = 2}});
  const auto accepted = harness.send_event(progression("p", 5), "a");
  EXPECT_EQ(header(accepted, "RateLimit-Policy"), R"("events";q=2;w=2)");
  EXPECT_EQ(header(accepted, "RateLimit"), R"("events";r=1;t=1)");
  EXPECT_EQ(header(harness.send_event("not json", "b"), "RateLimit"), R"("events";r=0;t=1)");
  const auto refused = harness.send_event(progression("p", 5), "c");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(slug(refused), "quota-exceeded");
  EXPECT_GE(std::stoi(header(refused, "Retry-After")), 1);
  EXPECT_EQ(header(refused, "RateLimit"), R"("events";r=0;t=1)");
  EXPECT_EQ(boost::json::parse(refused.body).at("violated-policies"), boost::json::array({"events"}));
  EXPECT_EQ(harness.counted("rate_limited"), 1);
  EXPECT_TRUE(harness.books_balance());
}

}  // namespace
}  // namespace liveops::gateway
