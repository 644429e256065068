#include <chrono>

#include "audit/chain/chain_check.hpp"
#include "tests/contract/fairness/verdict_store_contract.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::test {
namespace {

using core::VerdictAction;

const core::Timestamp kNow{std::chrono::seconds(1'790'000'000)};

/// An order of which the audit has a line; the reason says which.
ports::StandingRequest order(int number) {
  return {.wanted = {.player_id = core::PlayerId::trusted("p" + std::to_string(number)),
                     .state = VerdictAction::block,
                     .until = number % 2 == 0 ? std::optional(kNow + std::chrono::hours(1)) : std::nullopt,
                     .reason = "order " + std::to_string(number) + ", \"quoted\"\nin two lines",
                     .rule = "operator",
                     .policy_version = "7",
                     .at = kNow + std::chrono::microseconds(number)},
          .actor = "admin",
          .action = "block"};
}

class Tampering : public FairnessContract {
 protected:
  void SetUp() override {
    FairnessContract::SetUp();
    for (int number = 1; number <= 6; ++number) {
      ASSERT_TRUE(run(store().put({order(number)})));
    }
  }
  audit::ChainReport check(std::optional<audit::KnownHead> known = {}) {
    return run(audit::ChainCheck(audit(), {std::string(kAuditSecret)}, std::move(known)).run()).value();
  }
  /// "2: line 2 ... | 0: ...": what is found, in order.
  std::string found() {
    std::string text;
    for (const auto& finding : check().findings) text += std::to_string(finding.position) + ": " + finding.what + " | ";
    return text;
  }
};

TEST_P(Tampering, AnUntouchedChainIsWholeAlsoAfterARestart) {
  EXPECT_EQ(found(), "");
  restart();
  ASSERT_TRUE(run(store().put({order(7), order(8)})));
  EXPECT_EQ(found(), "");
  EXPECT_EQ(check().head.lines, 8);
}

TEST_P(Tampering, AnEditedLineIsNamed) {
  for (const char* change :
       {"reason = 'else'", "player = 'x'", "actor = 'x'", "action = 'x'", "at = at + 1", "until = 5", "since = 5"}) {
    const auto fixture = GetParam().make();
    const auto stores = fixture->reopen();
    for (int number = 1; number <= 3; ++number) ASSERT_TRUE(run(stores.verdicts->put({order(number)})));
    fixture->tamper("UPDATE fairness.audit SET " + std::string(change) + " WHERE position = 2");
    const auto report = run(audit::ChainCheck(*stores.audit, {std::string(kAuditSecret)}).run()).value();
    ASSERT_EQ(report.findings.size(), 1U) << change;
    EXPECT_EQ(report.findings[0].position, 2) << change;
  }
}

TEST_P(Tampering, AMissingLineIsNamedAtTheStartInTheMiddleAndAtTheEnd) {
  tamper("DELETE FROM fairness.audit WHERE position = 1");
  EXPECT_EQ(found(), "1: line 1 is missing | ");
  tamper("DELETE FROM fairness.audit WHERE position IN (3, 4)");
  EXPECT_EQ(found(), "1: line 1 is missing | 3: lines 3 to 4 are missing | ");
  tamper("DELETE FROM fairness.audit WHERE position = 6");
  EXPECT_TRUE(found().ends_with("0: the signed end is line 6, the last one found is 5: the end was cut off | "))
      << found();
}

TEST_P(Tampering, LinesThatChangedPlacesAreNamed) {
  tamper("UPDATE fairness.audit SET position = 100 WHERE position = 2");
  tamper("UPDATE fairness.audit SET position = 2 WHERE position = 3");
  tamper("UPDATE fairness.audit SET position = 3 WHERE position = 100");
  const std::string text = found();
  EXPECT_NE(text.find("2: line 2"), std::string::npos) << text;
  EXPECT_NE(text.find("3: line 3"), std::string::npos) << text;
  EXPECT_EQ(text.find("5: line 5"), std::string::npos) << text;
}

TEST_P(Tampering, AForgedEndIsFoundAsItTakesTheSecretToSignIt) {
  const auto line = run(audit().lines(4, 1)).value().front();
  tamper("DELETE FROM fairness.audit WHERE position = 6");
  tamper("UPDATE fairness.audit_head SET lines = 5, hash = '" + line.link.hash + "'");
  EXPECT_EQ(found(), "0: the end is not signed by a key that is known here | ");
}

TEST_P(Tampering, AnEndThatIsGoneIsFound) {
  tamper("DELETE FROM fairness.audit_head");
  EXPECT_EQ(found(), "0: the signed end is gone | ");
}

TEST_P(Tampering, AChainSetBackAsAWholeIsFoundByWhoeverKnowsALaterEnd) {
  const auto old = run(audit().head()).value().value();
  ASSERT_TRUE(run(store().put({order(7)})));
  const auto later = run(audit().head()).value().value();
  EXPECT_TRUE(check(audit::KnownHead{later.lines, later.hash}).findings.empty());
  tamper("DELETE FROM fairness.audit WHERE position = 7");
  tamper("UPDATE fairness.audit_head SET lines = 6, hash = '" + old.hash + "', signature = '" + old.signature + "'");
  EXPECT_EQ(found(), "") << "it is a chain that there was";
  ASSERT_EQ(check(audit::KnownHead{later.lines, later.hash}).findings.size(), 1U);
}

TEST_P(Tampering, ALineAddedAroundTheChainIsNamed) {
  tamper("INSERT INTO fairness.audit(player, actor, action, reason, at) VALUES('p', 'nobody', 'clear', 'so', 5)");
  EXPECT_NE(found().find("(clear of p) is not in the chain"), std::string::npos) << found();
  restart();
  EXPECT_NE(found(), "") << "a start does not take it in";
}

TEST_P(Tampering, LinesFromBeforeThereWasAChainAreTakenInOnce) {
  tamper("UPDATE fairness.audit SET position = NULL, previous = NULL, hash = NULL");
  tamper("UPDATE fairness.audit_head SET lines = 0, hash = '" + std::string(ports::kNoLine) + "', signature = ''");
  restart();
  EXPECT_EQ(found(), "");
  EXPECT_EQ(check().head.lines, 7);
  ASSERT_TRUE(run(store().put({order(7)})));
  restart();
  EXPECT_EQ(found(), "");
  const auto report = check();
  EXPECT_EQ(report.head.lines, 8);
  ASSERT_EQ(report.adoptions.size(), 1U) << "whoever makes this happen again, after an edit, leaves another one";
  EXPECT_TRUE(report.adoptions[0].starts_with("line 7, ")) << report.adoptions[0];
  EXPECT_TRUE(report.adoptions[0].ends_with(": 6 lines from before there was a chain were taken into it"));
}

/// Every read of it comes just after another line was added.
class GrowingTrail final : public ports::AuditTrail {
 public:
  GrowingTrail(ports::AuditTrail& trail, ports::VerdictStore& store) : trail_(trail), store_(store) {}

  ports::Task<std::optional<ports::AuditHead>> head() override {
    if (auto grown = co_await grow(); !grown) co_return std::unexpected(grown.error());
    co_return co_await trail_.head();
  }
  ports::Task<std::vector<ports::AuditLine>> lines(std::int64_t after, std::size_t limit) override {
    if (reads_ < kReads) {
      if (auto grown = co_await grow(); !grown) co_return std::unexpected(grown.error());
    }
    co_return co_await trail_.lines(after, limit);
  }
  ports::Task<std::vector<ports::AuditEntry>> loose(std::size_t limit) override { return trail_.loose(limit); }

 private:
  ports::Task<void> grow() {
    const auto put = co_await store_.put({order(100 + reads_++)});
    if (!put) co_return std::unexpected(put.error());
    co_return core::Status{};
  }

  static constexpr int kReads = 5;
  ports::AuditTrail& trail_;
  ports::VerdictStore& store_;
  int reads_ = 0;
};

TEST_P(Tampering, LinesThatAreAddedMeanwhileAreNoFindings) {
  GrowingTrail growing(audit(), store());
  const auto report = run(audit::ChainCheck(growing, {std::string(kAuditSecret)}).run()).value();
  EXPECT_TRUE(report.findings.empty()) << report.findings.front().what;
  EXPECT_GT(report.head.lines, 8);
}

TEST_P(Tampering, ALastLineWithAHashOfItsOwnIsNotTheOneThatWasSigned) {
  const auto lines = run(audit().lines(4, 2)).value();
  ports::AuditEntry edited = lines[1].entry;
  edited.reason = "else";
  const ports::AuditHead before{.lines = 5, .hash = lines[0].link.hash, .signature = {}};
  tamper("UPDATE fairness.audit SET reason = 'else', hash = '" + ports::link_after(before, edited).hash +
         "' WHERE position = 6");
  EXPECT_EQ(found(), "0: the last line is not the one that was signed | ");
}

TEST_P(Tampering, AnUpheldReviewIsALineOfItsOwnAndAnOverturnedOneIsTheOrders) {
  const auto suspect = [](const std::string& player) {
    return ports::Suspicion{.player_id = core::PlayerId::trusted(player),
                            .rule = "tempo",
                            .action = "flag",
                            .summary = "words",
                            .decision_id = "d-" + player,
                            .at = kNow};
  };
  ASSERT_TRUE(run(reviews().open({suspect("a"), suspect("b")})));
  for (const auto& one : run(reviews().list({}, kNow, 10, std::nullopt)).value()) {
    ASSERT_TRUE(run(reviews().claim(one.id, "ann", kNow, std::chrono::minutes(10))));
    const auto outcome =
        one.latest.player_id.str() == "a" ? ports::ReviewOutcome::uphold : ports::ReviewOutcome::overturn;
    const ports::ReviewCase::Decision decision{.outcome = outcome, .worker = "ann", .reason = "seen it", .at = kNow};
    ASSERT_TRUE(run(reviews().decide(one.id, decision)));
    ASSERT_TRUE(run(reviews().decide(one.id, decision))) << "the same again";
  }
  EXPECT_EQ(found(), "");
  EXPECT_EQ(check().head.lines, 7);
  const auto history = run(store().history(core::PlayerId::trusted("a"), 10)).value();
  ASSERT_EQ(history.audit.size(), 1U);
  EXPECT_EQ(history.audit[0].action, "uphold");
  EXPECT_EQ(history.audit[0].reason, "seen it");
  EXPECT_TRUE(history.audit[0].actor.ends_with(" by ann")) << history.audit[0].actor;
  tamper("UPDATE fairness.audit SET actor = 'bob' WHERE position = 7");
  EXPECT_NE(found(), "");
}

TEST_P(Tampering, AnotherKeyDoesNotPass) {
  const auto report = run(audit::ChainCheck(audit(), {"another secret"}).run()).value();
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_TRUE(run(audit::ChainCheck(audit(), {"another secret", std::string(kAuditSecret)}).run())->findings.empty());
}

INSTANTIATE_TEST_SUITE_P(Adapters, Tampering, ::testing::ValuesIn(fairness_adapters()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace liveops::test
