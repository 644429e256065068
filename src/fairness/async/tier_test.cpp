#include "fairness/async/tier.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/envelope.hpp"
#include "fairness/async/json.hpp"
#include "fairness/async/test_kept.hpp"
#include "fairness/async/test_play.hpp"
#include "fairness/test_doubles.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/recording_metrics.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::fairness::async {
namespace {

using liveops::test::run;

/// The tier over stores in memory, and a stream in which player p-3 begins to cheat.
class AsyncTier : public ::testing::Test {
 protected:
  AsyncTier() : tier_(make()) {}

  std::unique_ptr<Tier> make() {
    return std::make_unique<Tier>(
        core::AsyncRules{}, test::plain_key, [] { return std::string("p-7"); },
        Tier::With{verdicts_, [this](auto requests) { return verdicts_.put(std::move(requests)); }, reviews_, ahead_,
                   clock_, metrics_, log_});
  }

  /// As a gateway would have made them.
  static void make_sendable(std::vector<core::Event>& events) {
    for (core::Event& event : events) {
      event.key_id = core::KeyId::trusted("k");
      boost::json::object payload;
      if (const auto* play = std::get_if<core::Progression>(&event.payload)) {
        payload = {{"xp", play->xp}, {"score", *play->score}};
      } else {
        const auto& kill = std::get<core::BossKill>(event.payload);
        payload = {{"boss_id", kill.boss_id.str()}, {"score", *kill.score}, {"xp", *kill.xp}};
      }
      event.payload_json = boost::json::serialize(payload);
    }
  }

  static std::vector<core::Event> stream(int days_of_cheating = 1) {
    std::vector<core::Event> events;
    test::Play play(41, 90);
    play.log = &events;
    play.days(4);
    play.actors[3].award = 6;
    play.days(days_of_cheating);
    make_sendable(events);
    return events;
  }

  static std::vector<ports::Delivery> deliveries(const std::vector<core::Event>& events, std::size_t from,
                                                 std::size_t count) {
    std::vector<ports::Delivery> batch;
    for (std::size_t i = from; i < std::min(events.size(), from + count); ++i) {
      batch.push_back({.envelope = core::encode_event(events[i]), .tag = std::to_string(i)});
    }
    return batch;
  }

  core::Status feed(const std::vector<core::Event>& events) {
    for (std::size_t i = 0; i < events.size(); i += 1000) {
      clock_.set(events[i].received_at);
      const auto batch = deliveries(events, i, 1000);
      if (const auto handled = run(tier_->handle(batch)); !handled) return std::unexpected(handled.error());
    }
    return {};
  }

  /// The process is killed, and another starts.
  void crash() {
    tier_ = make();
    run(tier_->load(kept_));
  }

  std::uint64_t events_of_all() {
    std::uint64_t sum = 0;
    for (int player = 0; player < 90; ++player) {
      const auto dossier = run(tier_->of(core::PlayerId::trusted("p-" + std::to_string(player))));
      if (dossier && *dossier) sum += (*dossier)->events;
    }
    return sum;
  }

  bool has_flag(const std::string& player) const {
    return std::ranges::any_of(verdicts_.decisions, [&](const ports::DecisionRecord& decision) {
      return decision.player_id.str() == player && decision.action == "flag";
    });
  }

  liveops::test::SilentLog log_;
  fairness::test::FakeStore verdicts_;
  fairness::test::FakeReviews reviews_;
  test::KeptAhead ahead_;
  test::KeptCheckpoint kept_;
  liveops::test::ManualClock clock_{test::kMidnight};
  liveops::test::RecordingMetrics metrics_;
  std::unique_ptr<Tier> tier_;
};

TEST_F(AsyncTier, WhatItFindsBecomesADecisionAndACase) {
  ASSERT_TRUE(feed(stream()));
  ASSERT_TRUE(has_flag("p-3"));
  const ports::DecisionRecord& decision = verdicts_.decisions.front();
  EXPECT_EQ(decision.policy_version, "p-7");
  EXPECT_TRUE(decision.rule.starts_with("async."));
  EXPECT_NE(decision.explanation.find("honest players"), std::string::npos);
  EXPECT_NE(decision.detail.find("peer_quantile"), std::string::npos) << "for operators: how far above others";
  const auto cases = run(reviews_.list({}, clock_.now(), 100, std::nullopt));
  ASSERT_TRUE(cases);
  EXPECT_TRUE(std::ranges::any_of(*cases, [](const ports::ReviewCase& one) {
    return one.latest.player_id.str() == "p-3" && one.latest.action == "flag";
  }));
  EXPECT_GT(metrics_.value("liveops_fairness_async_findings_total{check=session_shift,proposal=flag}"), 0);
}

TEST_F(AsyncTier, WhoIsFlaggedOnAnotherDayAgainIsQuarantinedByTheEngine) {
  ASSERT_TRUE(feed(stream()));
  EXPECT_TRUE(verdicts_.standings.empty());
  ASSERT_TRUE(feed(stream(4)));  // the days that it knows come again, and do not count again
  ASSERT_EQ(verdicts_.standings.size(), 1U);
  const ports::PlayerStanding& standing = verdicts_.standings.begin()->second;
  EXPECT_EQ(standing.player_id.str(), "p-3");
  EXPECT_EQ(standing.state, core::VerdictAction::quarantine);
  EXPECT_FALSE(standing.until);
  EXPECT_EQ(standing.policy_version, "p-7");
  const auto decision = run(verdicts_.decision(standing.decision_id));
  ASSERT_TRUE(decision) << "that it rests on";
  EXPECT_EQ(decision->action, "quarantine");
  EXPECT_EQ(decision->rule, standing.rule);
  ASSERT_EQ(verdicts_.audit.size(), 1U);
  EXPECT_EQ(verdicts_.audit.front().actor, "engine");
}

TEST_F(AsyncTier, WhatTheStoreDidNotTakeIsDeliveredLaterAndOnce) {
  const auto events = stream();
  verdicts_.away = true;
  // The bus hands a batch that failed out again.
  bool failed = false;
  for (std::size_t i = 0; i < events.size(); i += 1000) {
    const auto batch = deliveries(events, i, 1000);
    const auto handled = run(tier_->handle(batch));
    if (handled) continue;
    failed = true;
    EXPECT_EQ(handled.error().code, core::Errc::unavailable);
  }
  ASSERT_TRUE(failed);
  verdicts_.away = false;
  const auto last = deliveries(events, events.size() - 500, 500);
  ASSERT_TRUE(run(tier_->handle(last)));
  EXPECT_TRUE(has_flag("p-3"));
  const std::size_t decisions = verdicts_.decisions.size();
  run(tier_->step());
  EXPECT_EQ(verdicts_.decisions.size(), decisions);
  EXPECT_EQ(metrics_.value("liveops_fairness_async_events_total{outcome=counted}"), static_cast<double>(events.size()));
}

TEST_F(AsyncTier, NamesWhatCannotBeRead) {
  auto batch = deliveries(stream(), 0, 3);
  batch[1].envelope.body = "{";
  const auto poison = run(tier_->handle(batch));
  ASSERT_TRUE(poison);
  ASSERT_EQ(poison->size(), 1U);
  EXPECT_EQ(poison->front().index, 1U);
}

TEST_F(AsyncTier, TellsOperatorsWhatItHoldsOfAPlayerAndForgetsOnAPardon) {
  ASSERT_TRUE(feed(stream()));
  const auto player = core::PlayerId::trusted("p-3");
  const auto dossier = run(tier_->of(player));
  ASSERT_TRUE(dossier && *dossier);
  EXPECT_FALSE((*dossier)->checks.empty());
  const auto shown = to_json(**dossier);
  EXPECT_EQ(shown.at("checks").as_array().size(), (*dossier)->checks.size());
  EXPECT_GT(shown.at("evidence").to_number<double>(), 100);
  tier_->pardon(player);
  run(tier_->step());
  EXPECT_TRUE((*run(tier_->of(player)))->checks.empty());
  EXPECT_FALSE(*run(tier_->of(core::PlayerId::trusted("nobody"))));
}

TEST_F(AsyncTier, EndsSessionsWhenTheStreamPauses) {
  test::Play play(42, 70);
  std::vector<core::Event> events;
  play.log = &events;
  play.days(1);
  make_sendable(events);
  ASSERT_TRUE(feed(events));
  const auto playing = [&] {
    int count = 0;
    for (const test::Actor& actor : play.actors) {
      count += (*run(tier_->of(core::PlayerId::trusted(actor.id))))->playing ? 1 : 0;
    }
    return count;
  };
  EXPECT_GT(playing(), 0);
  clock_.set(events.back().received_at + std::chrono::hours(2));
  run(tier_->step());
  EXPECT_EQ(playing(), 0);
  EXPECT_EQ(metrics_.value("liveops_fairness_async_players"), 70);
  EXPECT_GT(metrics_.value("liveops_fairness_async_bytes"), 1e6);
}

TEST_F(AsyncTier, ACheckpointTakesItOver) {
  const auto events = stream();
  ASSERT_TRUE(feed(events));
  ASSERT_TRUE(run(tier_->save(kept_)));
  const std::size_t decisions = verdicts_.decisions.size();
  crash();
  // All that was not acked comes again, and changes nothing.
  const auto again = deliveries(events, events.size() - 1000, 1000);
  ASSERT_TRUE(run(tier_->handle(again)));
  run(tier_->step());
  EXPECT_EQ(verdicts_.decisions.size(), decisions);
  EXPECT_EQ(metrics_.value("liveops_fairness_async_events_total{outcome=duplicate}"), 1000);
  kept_.bytes = "not a checkpoint";
  run(tier_->load(kept_));
  EXPECT_TRUE(*run(tier_->of(core::PlayerId::trusted("p-3")))) << "a broken one changes nothing";
}

TEST_F(AsyncTier, WhatCameAfterTheCheckpointSurvivesACrashToo) {
  const auto events = stream();
  const std::size_t half = events.size() / 2;
  const std::vector<core::Event> first(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(half));
  ASSERT_TRUE(feed(first));
  ASSERT_TRUE(run(tier_->save(kept_)));
  EXPECT_EQ(ahead_.parts.size(), 1U) << "what the checkpoint holds is not kept twice";
  // Acked, and then the process is killed: with no checkpoint since, and once more while it goes on.
  for (std::size_t i = half; i < events.size(); i += 1000) {
    clock_.set(events[i].received_at);
    const auto batch = deliveries(events, i, 1000);
    ASSERT_TRUE(run(tier_->handle(batch)));
    if (i / 20'000 != (i + 1000) / 20'000) {
      crash();
      ASSERT_TRUE(run(tier_->handle(batch))) << "its ack was lost: it comes again";
    }
  }
  EXPECT_EQ(events_of_all(), events.size());
  EXPECT_TRUE(has_flag("p-3"));
}

TEST_F(AsyncTier, ACrashBeforeTheFirstCheckpointCostsNothing) {
  const auto events = stream();
  const std::vector<core::Event> few(events.begin(), events.begin() + 3000);
  ASSERT_TRUE(feed(few));
  crash();
  EXPECT_EQ(events_of_all(), few.size());
}

TEST_F(AsyncTier, WhileTheCheckpointCannotBeKeptTheOneBeforeIsGoodWithWhatCameSince) {
  const auto events = stream();
  const std::vector<core::Event> first(events.begin(), events.begin() + 3000);
  const std::vector<core::Event> second(events.begin() + 3000, events.begin() + 6000);
  ASSERT_TRUE(feed(first));
  ASSERT_TRUE(run(tier_->save(kept_)));
  ASSERT_TRUE(feed(second));
  kept_.away = true;
  EXPECT_FALSE(run(tier_->save(kept_)));
  crash();
  EXPECT_EQ(events_of_all(), 6000U);
}

TEST_F(AsyncTier, WhatItFoundSurvivesACrashAlthoughTheStoreWasAway) {
  const auto events = stream();
  verdicts_.away = true;
  bool failed = false;
  for (std::size_t i = 0; i < events.size() && !failed; i += 1000) {
    const auto batch = deliveries(events, i, 1000);
    failed = !run(tier_->handle(batch));
  }
  ASSERT_TRUE(failed);
  EXPECT_EQ(run(tier_->save(kept_)).error().code, core::Errc::unavailable) << "as if it had been told";
  crash();
  verdicts_.away = false;
  run(tier_->step());
  EXPECT_FALSE(verdicts_.decisions.empty());
}

TEST_F(AsyncTier, ABatchAndAStepAtOnceTellEverythingOnce) {
  const auto events = stream();
  verdicts_.away = true;
  bool failed = false;
  for (std::size_t i = 0; i < events.size(); i += 1000) {
    const auto batch = deliveries(events, i, 1000);
    failed = !run(tier_->handle(batch)) || failed;
  }
  ASSERT_TRUE(failed);
  verdicts_.away = false;
  verdicts_.slow = true;
  const auto last = deliveries(events, events.size() - 10, 10);
  const auto both = [](Tier& tier, const std::vector<ports::Delivery>& batch) -> boost::asio::awaitable<bool> {
    using namespace boost::asio::experimental::awaitable_operators;
    const auto done = co_await (tier.handle(batch) && tier.step() && tier.step());
    co_return done.has_value();
  };
  EXPECT_TRUE(run(both(*tier_, last)));
  std::set<std::string> ids;
  for (const auto& decision : verdicts_.decisions) EXPECT_TRUE(ids.insert(decision.id).second) << decision.id;
  EXPECT_FALSE(ids.empty());
}

TEST_F(AsyncTier, AFullDiskDoesNotHoldUpTheStream) {
  const auto events = stream();
  ahead_.away = true;
  const auto batch = deliveries(events, 0, 1000);
  ASSERT_TRUE(run(tier_->handle(batch)));
  EXPECT_EQ(metrics_.value("liveops_fairness_async_not_written_ahead_total"), 1);
  EXPECT_EQ(run(tier_->save(kept_)).error().code, core::Errc::unavailable);
  ahead_.away = false;
  ASSERT_TRUE(run(tier_->save(kept_)));
  crash();
  EXPECT_EQ(events_of_all(), 1000U);
}

TEST_F(AsyncTier, APardonSurvivesACrash) {
  ASSERT_TRUE(feed(stream()));
  ASSERT_TRUE(run(tier_->save(kept_)));
  const auto player = core::PlayerId::trusted("p-3");
  tier_->pardon(player);
  run(tier_->step());
  crash();
  EXPECT_TRUE((*run(tier_->of(player)))->checks.empty());
}

TEST_F(AsyncTier, SwitchedOffItLetsEventsGoUnread) {
  core::AsyncRules rules;
  rules.enabled = false;
  tier_->use_rules(rules);
  const auto batch = deliveries(stream(), 0, 100);
  ASSERT_TRUE(run(tier_->handle(batch)));
  run(tier_->step());
  EXPECT_EQ(metrics_.value("liveops_fairness_async_events_total{outcome=counted}"), 0);
}

}  // namespace
}  // namespace liveops::fairness::async
