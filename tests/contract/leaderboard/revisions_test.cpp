#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "core/crypto/digest.hpp"
#include "core/crypto/encoding.hpp"
#include "tests/contract/leaderboard/service.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::test {
namespace {

constexpr const char* kDayAfter = "2026-11-23T12:00:00Z";
constexpr const char* kSecret = "a secret of snapshots, 32 bytes.";

/// What a sealed day of three players becomes.
class Revisions : public ::testing::TestWithParam<contract::StoresAdapter> {
 protected:
  static void play(Service& service) {
    service.take_in({played(1, "a", 5, "2026-11-22T10:00:00Z"), played(2, "b", 9, "2026-11-22T10:00:01Z"),
                     played(3, "c", 7, "2026-11-22T10:00:02Z")});
  }
  static ports::Snapshot revision(Service& service, int number) {
    return run(service.snapshots.find("score:daily:2026-11-22:r" + std::to_string(number))).value();
  }
  /// Until nothing is left to do; how many there were.
  static std::uint64_t revise_all(Service& service) {
    std::uint64_t all = 0;
    for (auto some = service.revise().value(); some > 0; some = service.revise().value()) all += some;
    return all;
  }
  static std::string day(Service& service) { return service.top("period=2026-11-22"); }

  std::unique_ptr<contract::StoresFixture> stores_ = GetParam().make();
};

TEST_P(Revisions, ADisqualifiedPlayerLeavesOpenWindowsAtOnceAndReturnsWithHisStanding) {
  Service service(*stores_, sample_rules(), "2026-11-22T12:00:00Z");
  play(service);
  service.judge({disqualification("b", 1, "2026-11-22T11:00:00Z")});
  EXPECT_EQ(service.top(), "1c=7 2a=5 ");
  EXPECT_EQ(service.top("window=weekly"), "1c=7 2a=5 ");
  service.take_in({played(4, "b", 90, "2026-11-22T11:30:00Z")});
  EXPECT_EQ(service.top(), "1c=7 2a=5 ") << "what he does meanwhile counts, but is not shown";
  service.judge({disqualification("b", 2)});
  EXPECT_EQ(service.top(), "1b=90 2c=7 3a=5 ");
}

TEST_P(Revisions, DisqualifyAndReinstateBringBackTheOriginalStandingsAndTheOriginalHash) {
  Service service(*stores_, sample_rules(), kDayAfter);
  play(service);
  service.seal().value();
  const auto original = revision(service, 1);
  service.judge({disqualification("b", 1, "2026-11-22T11:00:00Z")});
  EXPECT_EQ(revise_all(service), 4U) << "the day and the week of two boards";
  EXPECT_EQ(day(service), "1c=7 2a=5 ");
  const auto second = revision(service, 2);
  EXPECT_EQ(second.sha256, core::crypto::to_hex(core::crypto::as_bytes(core::crypto::sha256(
                               "score,daily,2026-11-22,1\n1,c,7,2026-11-22T10:00:02Z\n2,a,5,2026-11-22T10:00:00Z\n"))));
  EXPECT_NE(second.sha256, original.sha256);
  service.judge({disqualification("b", 2)});
  EXPECT_EQ(revise_all(service), 4U);
  const auto third = revision(service, 3);
  EXPECT_EQ(third.sha256, original.sha256);
  EXPECT_EQ(third.total, 3U);
  EXPECT_NE(third.signature, original.signature) << "it says which revision it is";
  EXPECT_EQ(third.signature, core::crypto::to_hex(core::crypto::as_bytes(core::crypto::hmac_sha256(
                                 kSecret, "liveops-snapshot-v1\nscore\ndaily\n2026-11-22\n3\n" + third.sha256))));
  EXPECT_EQ(day(service), "1b=9 2c=7 3a=5 ");
  EXPECT_EQ(revision(service, 1), original) << "earlier revisions stay as they are";
  EXPECT_EQ(run(service.snapshots.rows(second.id, 0, 10))->size(), 2U);
  EXPECT_EQ(revise_all(service), 0U);
}

TEST_P(Revisions, APeriodThatClosedBeforeTheStartIsLeftAlone) {
  Service service(*stores_, sample_rules(), kDayAfter);
  play(service);
  service.seal().value();
  service.judge({disqualification("b", 1, "2026-11-23T00:00:00Z")});
  EXPECT_EQ(revise_all(service), 0U) << "day and week closed at that very moment";
  EXPECT_EQ(day(service), "1b=9 2c=7 3a=5 ");
  EXPECT_EQ(service.top("window=seasonal"), "1c=7 2a=5 ") << "the season has not";
  service.judge({disqualification("b", 2, "2026-11-22T23:59:59Z")});
  EXPECT_EQ(revise_all(service), 4U) << "an earlier start";
  service.judge({disqualification("b", 3, "2026-11-23T00:00:00Z")});
  EXPECT_EQ(revise_all(service), 4U) << "and a later one again";
  EXPECT_EQ(revision(service, 3).sha256, revision(service, 1).sha256);
}

TEST_P(Revisions, WhoIsNotRankedChangesNothing) {
  Service service(*stores_, sample_rules(), kDayAfter);
  play(service);
  service.seal().value();
  service.judge({disqualification("nobody", 1, "2026-11-01T00:00:00Z")});
  EXPECT_EQ(revise_all(service), 0U);
  service.judge({disqualification("b", 1, "2026-11-01T00:00:00Z")});
  service.judge({disqualification("b", 2)});
  EXPECT_EQ(revise_all(service), 0U) << "taken back before anything was written";
}

TEST_P(Revisions, SeveralChangesAreOneRevision) {
  Service service(*stores_, sample_rules(), kDayAfter);
  play(service);
  service.seal().value();
  service.judge({disqualification("b", 1, "2026-11-01T00:00:00Z")});
  revise_all(service);
  service.judge({disqualification("b", 2), disqualification("c", 1, "2026-11-01T00:00:00Z")});
  EXPECT_EQ(revise_all(service), 4U);
  EXPECT_EQ(day(service), "1b=9 2a=5 ");
}

TEST_P(Revisions, WhoWasDisqualifiedWhenAPeriodWasSealedComesIntoItWhenReinstated) {
  Service service(*stores_, sample_rules(), "2026-11-22T12:00:00Z");
  play(service);
  service.judge({disqualification("b", 1, "2026-11-22T11:00:00Z")});
  service.clock.set(time(kDayAfter));
  service.seal().value();
  EXPECT_EQ(day(service), "1c=7 2a=5 ");
  while (run(service.standings.purge_sealed(1000)).value() > 0) {
  }
  EXPECT_EQ(revise_all(service), 0U);
  service.judge({disqualification("b", 2)});
  EXPECT_EQ(revise_all(service), 4U);
  EXPECT_EQ(day(service), "1b=9 2c=7 3a=5 ");
}

TEST_P(Revisions, OverturningABlockGivesThePlacesBackThatItCost) {
  Service service(*stores_, sample_rules(), "2026-11-22T12:00:00Z");
  play(service);
  service.judge({verdict("b", true, 10)});
  service.clock.set(time(kDayAfter));
  service.seal().value();
  service.judge({verdict("b", false, 11)});
  EXPECT_EQ(revise_all(service), 0U) << "a block that ends was right while it lasted";
  service.judge({overturning("b", 12, "2026-11-23T12:00:00.000001Z")});
  EXPECT_EQ(revise_all(service), 0U) << "overturned only since after the sealing";
  service.judge({overturning("b", 9, "2026-11-22T12:00:00Z")});
  EXPECT_EQ(revise_all(service), 0U) << "older than the block";
  service.judge({overturning("b", 13, "2026-11-22T12:00:00Z")});
  EXPECT_EQ(revise_all(service), 4U);
  EXPECT_EQ(day(service), "1b=9 2c=7 3a=5 ");
}

TEST_P(Revisions, TheirChangesNameReasonsAndThePromoted) {
  Service service(*stores_, sample_rules(), kDayAfter);
  play(service);
  service.seal().value();
  service.judge({disqualification("b", 1, "2026-11-22T11:00:00Z")});
  revise_all(service);
  const auto second = revision(service, 2);
  const auto changes =
      boost::json::parse(service.get("/leaderboard/snapshots/{id}/changes", {}, second.id).body).as_object();
  EXPECT_EQ(changes.at("reason").as_string(), "bot");
  EXPECT_EQ(changes.at("previous").at("sha256").as_string(), revision(service, 1).sha256);
  EXPECT_EQ(changes.at("removed").at(0).at("player_id").as_string(), "b");
  EXPECT_EQ(changes.at("removed").at(0).at("previous_rank").as_int64(), 1);
  ASSERT_EQ(changes.at("promoted").as_array().size(), 2U);
  EXPECT_EQ(changes.at("promoted_total").as_int64(), 2);
  EXPECT_EQ(changes.at("promoted").at(0).at("player_id").as_string(), "c");
  EXPECT_EQ(changes.at("promoted").at(0).at("rank").as_int64(), 1);
  EXPECT_EQ(changes.at("promoted").at(0).at("previous_rank").as_int64(), 2);
  const std::string signed_text = "liveops-revision-v1\n" + second.id + "\n" + second.sha256 + "\n" +
                                  revision(service, 1).sha256 + "\n2\nout,b,1,9," +
                                  core::crypto::to_hex(core::crypto::as_bytes(core::crypto::sha256("bot")));
  EXPECT_EQ(changes.at("changes_signature").as_string(),
            core::crypto::to_hex(core::crypto::as_bytes(core::crypto::hmac_sha256(kSecret, signed_text))));
  const auto page =
      boost::json::parse(service.get("/leaderboard/snapshots/{id}/changes", "limit=1&after=1", second.id).body);
  EXPECT_EQ(page.at("promoted").at(0).at("player_id").as_string(), "a");
  EXPECT_EQ(service.get("/leaderboard/snapshots/{id}/changes", {}, revision(service, 1).id).status, 404);
}

TEST_P(Revisions, AreListedNewestFirstWithTheirHashes) {
  Service service(*stores_, sample_rules(), kDayAfter);
  play(service);
  service.seal().value();
  EXPECT_EQ(service.get("/leaderboard/revisions").status, 404) << "today is not sealed";
  service.judge({disqualification("b", 1, "2026-11-22T11:00:00Z")});
  revise_all(service);
  service.judge({disqualification("b", 2)});
  revise_all(service);
  const auto list = boost::json::parse(service.get("/leaderboard/revisions", "period=2026-11-22").body);
  const auto& revisions = list.at("revisions").as_array();
  ASSERT_EQ(revisions.size(), 3U);
  EXPECT_EQ(revisions[0].at("revision").as_int64(), 3);
  EXPECT_EQ(revisions[0].at("returned_total").as_int64(), 1);
  EXPECT_EQ(revisions[1].at("removed_total").as_int64(), 1);
  EXPECT_EQ(revisions[0].at("sha256"), revisions[2].at("sha256"));
}

TEST_P(Revisions, KilledAtAnyStepItIsFinishedOnRestartOnceWithTheSameHash) {
  Service reference(*stores_, sample_rules(), kDayAfter);
  play(reference);
  reference.seal().value();
  reference.judge({disqualification("b", 1, "2026-11-22T11:00:00Z")});
  revise_all(reference);
  const auto expected = revision(reference, 2);
  for (const bool after_effect : {false, true}) {
    bool died = true;
    for (int step = 0; died && step < 200; ++step) {
      const auto stores = GetParam().make();
      {
        Service service(*stores, sample_rules(), kDayAfter);
        play(service);
        service.seal().value();
        service.judge({disqualification("b", 1, "2026-11-22T11:00:00Z")});
        service.trouble.plan(step, after_effect);
        const auto result = service.revise();
        died = service.trouble.happened();
        ASSERT_EQ(result.has_value(), !died) << "step " << step;
      }
      stores->pass(leaderboard::Duty::kTerm);
      Service service(*stores, sample_rules(), "2026-11-24T00:00:00Z");
      revise_all(service);
      const auto second = revision(service, 2);
      EXPECT_EQ(second.sha256, expected.sha256) << "step " << step;
      EXPECT_EQ(second.signature, expected.signature) << "step " << step;
      EXPECT_FALSE(run(service.snapshots.find("score:daily:2026-11-22:r3"))) << "step " << step;
      EXPECT_EQ(run(service.revisions.note_of(second.table, 2))->promoted, 2U) << "step " << step;
    }
    EXPECT_FALSE(died) << "there was a run in which nothing failed";
  }
}

TEST_P(Revisions, WhatChangesWhileOneIsWrittenComesWithTheNext) {
  Service service(*stores_, sample_rules(), kDayAfter);
  play(service);
  service.seal().value();
  service.judge({disqualification("b", 1, "2026-11-22T11:00:00Z")});
  while (run(service.revisions.look_on()).value()) {
  }
  const auto plan = run(service.revisions.begin()).value().value();
  service.judge({disqualification("c", 1, "2026-11-22T11:00:00Z")});
  EXPECT_EQ(run(service.revisions.begin()).value().value().players, plan.players);
  EXPECT_EQ(revise_all(service), 5U) << "the one that was planned, and then all four tables";
  const auto id = [&](int number) {
    return plan.spec.id.board.str() + ":" + std::string(to_string(plan.spec.id.window)) + ":" + plan.spec.id.period +
           ":r" + std::to_string(number);
  };
  EXPECT_EQ(run(service.snapshots.find(id(2)))->total, 2U);
  EXPECT_EQ(run(service.snapshots.find(id(3)))->total, 1U);
}

TEST_P(Revisions, AReplicaThatLostTheDutyHalfWayDoesNoHarm) {
  constexpr int kFind = 6;  // of the first table: find, find, begin, rows, append, rows, note, complete, finish
  constexpr int kFinish = 14;
  for (int step = kFind; step <= kFinish; ++step) {
    const auto stores = GetParam().make();
    Service slow(*stores, sample_rules(), kDayAfter);
    play(slow);
    slow.seal().value();
    slow.judge({disqualification("b", 1, "2026-11-22T11:00:00Z")});
    bool overtaken = false;
    slow.trouble.interrupt(step, [&] {
      overtaken = true;
      stores->pass(leaderboard::Duty::kTerm);
      Service fast(*stores, sample_rules(), kDayAfter);
      EXPECT_EQ(revise_all(fast), 4U) << "step " << step;
    });
    (void)slow.revise();  // whether it notices at once depends on the step
    EXPECT_TRUE(overtaken);
    stores->pass(leaderboard::Duty::kTerm);
    Service after(*stores, sample_rules(), kDayAfter);
    EXPECT_EQ(revise_all(after), 0U) << "step " << step;
    EXPECT_EQ(day(after), "1c=7 2a=5 ") << "step " << step;
    EXPECT_EQ(revision(after, 2).rows, 2U);
    EXPECT_EQ(run(after.snapshots.find("score:daily:2026-11-22:r3")).error().code, core::Errc::not_found);
  }
}

INSTANTIATE_TEST_SUITE_P(Adapters, Revisions, ::testing::ValuesIn(contract::stores_adapters()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace liveops::test
