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
  EXPECT_EQ(check().head.lines, 6);
  ASSERT_TRUE(run(store().put({order(7)})));
  EXPECT_EQ(found(), "");
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
