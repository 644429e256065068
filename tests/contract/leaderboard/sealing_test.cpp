#include <gtest/gtest.h>

#include "core/crypto/digest.hpp"
#include "core/crypto/encoding.hpp"
#include "tests/contract/leaderboard/service.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::test {
namespace {

constexpr const char* kDayAfter = "2026-11-23T12:00:00Z";

class Sealing : public ::testing::TestWithParam<contract::StoresAdapter> {
 protected:
  static std::vector<ports::Delivery> a_day_of_play() {
    std::vector<ports::Delivery> events;
    for (int i = 0; i < 200; ++i) {
      events.push_back(played(i, "p" + std::to_string(i * 7 % 60), i * 37 % 11,
                              "2026-11-22T1" + std::to_string(i % 10) + ":00:00.00000" + std::to_string(i % 7) + "Z"));
    }
    return events;
  }
  static ports::Snapshot sealed(Service& service, const std::string& id = "score:daily:2026-11-22:r1") {
    return run(service.snapshots.find(id)).value();
  }

  std::unique_ptr<contract::StoresFixture> stores_ = GetParam().make();
};

TEST_P(Sealing, SealedPeriodIsServedFromItsSnapshotAndLeavesTheIndexAndTheStore) {
  Service service(*stores_, sample_rules(), "2026-11-22T23:00:00Z");
  service.take_in(a_day_of_play());
  const auto before = service.top("limit=1000");
  service.clock.set(time("2026-11-23T00:10:10Z"));
  EXPECT_EQ(service.seal().value(), 0U) << "the grace and the settling time are not over";
  service.clock.set(time("2026-11-23T00:10:10.000001Z"));
  EXPECT_EQ(service.seal().value(), 4U) << "the day and the week (it ends on Sunday) of two boards";
  EXPECT_EQ(service.seal().value(), 0U);
  EXPECT_EQ(service.top("limit=1000&period=2026-11-22"), before);
  EXPECT_EQ(
      service.top("limit=3&offset=2&period=2026-11-22"),
      service.top("limit=1000&period=2026-11-22").substr(before.find("3p"), before.find("6p") - before.find("3p")));
  EXPECT_EQ(run(service.index.top(sealed(service).table, 0, 1)).value().total, 0U);
  EXPECT_GT(run(service.standings.purge_sealed(1000)).value(), 0U);
  EXPECT_EQ(service.top("limit=1000&period=2026-11-22"), before);
}

TEST_P(Sealing, HashIsThatOfTheDocumentedTextAndDoesNotDependOnTheOrderOfArrival) {
  Service service(*stores_, sample_rules(), kDayAfter);
  service.take_in({played(1, "b", 5, "2026-11-22T10:00:00.123456Z"), played(2, "a", 7, "2026-11-22T11:00:00Z")});
  service.seal().value();
  EXPECT_EQ(sealed(service).sha256,
            core::crypto::to_hex(core::crypto::as_bytes(core::crypto::sha256(
                "score,daily,2026-11-22,1\n1,a,7,2026-11-22T11:00:00Z\n2,b,5,2026-11-22T10:00:00.123456Z\n"))));
  const std::string signed_text = "liveops-snapshot-v1\nscore\ndaily\n2026-11-22\n1\n" + sealed(service).sha256;
  EXPECT_EQ(sealed(service).signature, core::crypto::to_hex(core::crypto::as_bytes(core::crypto::hmac_sha256(
                                           "a secret of snapshots, 32 bytes.", signed_text))));
  const auto other = GetParam().make();
  Service again(*other, sample_rules(), kDayAfter);
  for (int i = 0; i < 2; ++i) {
    again.take_in({played(2, "a", 7, "2026-11-22T11:00:00Z")});
    again.take_in({played(1, "b", 5, "2026-11-22T10:00:00.123456Z")});
  }
  again.seal().value();
  EXPECT_EQ(sealed(again).sha256, sealed(service).sha256);
}

TEST_P(Sealing, FiveMissedBoundariesGiveFiveRightSnapshotsInOrder) {
  {
    Service service(*stores_, sample_rules(), "2026-11-17T12:00:00Z");
    for (int day = 17; day <= 21; ++day) {
      const auto stamp = "2026-11-" + std::to_string(day) + "T10:00:00Z";
      service.take_in({played(day, "a", day, stamp), played(day + 100, "b", 41 - day, stamp)});
    }
  }
  stores_->reopen();
  Service service(*stores_, sample_rules(), "2026-11-22T12:00:00Z");
  EXPECT_EQ(service.seal().value(), 10U) << "five days of two boards";
  for (int day = 17; day <= 21; ++day) {
    const bool a_leads = day > 41 - day;
    EXPECT_EQ(service.top("period=2026-11-" + std::to_string(day)),
              (a_leads ? "1a=" + std::to_string(day) + " 2b=" + std::to_string(41 - day)
                       : "1b=" + std::to_string(41 - day) + " 2a=" + std::to_string(day)) +
                  " ");
  }
  EXPECT_EQ(service.top("window=weekly"), "1b=24 2a=21 ");
}

TEST_P(Sealing, WaitsUntilTheConsumerHasCaughtUp) {
  Service service(*stores_, sample_rules(), kDayAfter);
  service.take_in({played(1, "a", 5, "2026-11-22T10:00:00Z")});
  EXPECT_EQ(run(service.service.sealer().run(nothing_left(false))).value(), 0U);
  service.take_in({played(2, "a", 9, "2026-11-22T10:00:00Z", "2026-11-23T00:10:00Z")});
  EXPECT_EQ(service.seal().value(), 4U);
  EXPECT_EQ(service.top("period=2026-11-22"), "1a=9 ");
}

TEST_P(Sealing, LateEventCountsWithinTheGraceAndNotAfterItNorOnceSealed) {
  Service service(*stores_, sample_rules(), kDayAfter);
  service.take_in({played(1, "a", 5, "2026-11-22T10:00:00Z", "2026-11-23T00:10:00Z"),
                   played(2, "a", 9, "2026-11-22T10:00:00Z", "2026-11-23T00:10:00.000001Z")});
  EXPECT_EQ(service.top("period=2026-11-22"), "1a=5 ");
  EXPECT_EQ(service.metrics.value("liveops_leaderboard_late_contributions_total{outcome=dropped}"), 4);
  service.seal().value();
  service.take_in({played(3, "a", 8, "2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z")});
  EXPECT_EQ(service.top("period=2026-11-22"), "1a=5 ");
  EXPECT_EQ(service.metrics.value("liveops_leaderboard_late_contributions_total{outcome=dropped}"), 8);
  EXPECT_EQ(service.top("window=seasonal"), "1a=9 ") << "the season is open: nothing was late there";
}

TEST_P(Sealing, LateRuleCurrentCountsALateEventWhereItWasReceived) {
  auto rules = sample_rules();
  rules.windows.late = core::LateRule::current;
  Service service(*stores_, rules, kDayAfter);
  service.take_in({played(1, "a", 5, "2026-11-22T10:00:00Z")});
  service.seal().value();
  service.take_in({played(2, "a", 9, "2026-11-22T10:00:00Z", "2026-11-23T00:05:00Z"),
                   played(3, "b", 8, "2026-11-22T10:00:00Z", "2026-11-23T09:00:00Z")});
  EXPECT_EQ(service.top("period=2026-11-22"), "1a=5 ");
  EXPECT_EQ(service.top(), "1a=9 2b=8 ");
}

TEST_P(Sealing, KilledAtAnyStepItIsFinishedOnRestartWithTheSameHash) {
  Service reference(*stores_, sample_rules(), kDayAfter);
  reference.take_in(a_day_of_play());
  reference.seal().value();
  const auto expected = sealed(reference);
  for (const bool after_effect : {false, true}) {
    bool died = true;
    for (int step = 0; died; ++step) {
      const auto stores = GetParam().make();
      {
        Service service(*stores, sample_rules(), kDayAfter);
        service.take_in(a_day_of_play());
        service.trouble.plan(step, after_effect);
        const auto result = service.seal();
        died = service.trouble.happened();
        ASSERT_EQ(result.has_value(), !died) << "step " << step;
      }
      stores->pass(leaderboard::Duty::kTerm);
      Service service(*stores, sample_rules(), "2026-11-24T00:00:00Z");
      service.judge({verdict("p1", true, 1)});
      service.seal().value();
      if (died && step < 2) continue;  // died before sealing began: p1 is rightly left out
      const auto snapshot = sealed(service);
      EXPECT_EQ(snapshot.rows, expected.rows) << "step " << step;
      EXPECT_EQ(snapshot.sha256, expected.sha256) << "step " << step;
      EXPECT_EQ(snapshot.signature, expected.signature);
      EXPECT_TRUE(run(service.standings.tables(true)).value().size() == 2U) << "only the seasons are left";
    }
  }
}

TEST_P(Sealing, BlockedPlayersAreLeftOutOfTheSealedRows) {
  Service service(*stores_, sample_rules(), kDayAfter);
  service.take_in({played(1, "a", 5, "2026-11-22T10:00:00Z"), played(2, "b", 7, "2026-11-22T10:00:00Z")});
  service.judge({verdict("b", true, 1)});
  service.seal().value();
  service.judge({verdict("b", false, 2)});
  EXPECT_EQ(service.top("period=2026-11-22"), "1a=5 ");
  EXPECT_EQ(service.top("window=seasonal"), "1b=7 2a=5 ");
}

TEST_P(Sealing, OpenPeriodsAreWrittenDownNowAndThenAndTheLast24AreKept) {
  Service service(*stores_, sample_rules(), "2026-11-22T12:00:00Z");
  service.take_in({played(1, "a", 5, "2026-11-22T10:00:00Z")});
  auto& snapshotter = service.service.snapshotter();
  EXPECT_EQ(run(snapshotter.run()).value(), 6U);
  EXPECT_EQ(run(snapshotter.run()).value(), 0U) << "not yet due again";
  for (int i = 0; i < 30; ++i) {
    service.clock.advance(std::chrono::seconds(300));
    EXPECT_EQ(run(snapshotter.run()).value(), 6U);
  }
  const ports::SnapshotFilter daily{.board = core::BoardId::trusted("score"), .window = core::Window::daily};
  const auto kept = run(service.snapshots.list(daily, 0, 100)).value();
  ASSERT_EQ(kept.size(), 24U);
  EXPECT_EQ(kept[0].id,
            "score:daily:2026-11-22:t" +
                std::to_string(
                    std::chrono::duration_cast<std::chrono::seconds>(service.clock.now().time_since_epoch()).count()));
  EXPECT_FALSE(kept[0].sealed);
  EXPECT_EQ(run(service.snapshots.rows(kept[0].id, 0, 10)).value().front().score, 5);
}

INSTANTIATE_TEST_SUITE_P(Adapters, Sealing, ::testing::ValuesIn(contract::stores_adapters()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace liveops::test
