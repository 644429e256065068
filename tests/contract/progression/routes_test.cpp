#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/contract/progression/entries.hpp"
#include "tests/contract/progression/service.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::test {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kProgress = "/players/{id}/progress";
constexpr const char* kInventory = "/players/{id}/inventory";
constexpr const char* kRewards = "/players/{id}/rewards";
constexpr const char* kClaim = "/rewards/claim";
constexpr const char* kVerify = "/rewards/receipts/verify";
constexpr const char* kRedeem = "/rewards/receipts/redeem";

json::object body_of(const core::http::Response& response) {
  return json::parse(response.body).as_object();
}

std::vector<std::string> pointers(const core::http::Response& response) {
  std::vector<std::string> found;
  for (const auto& fault : body_of(response).at("errors").as_array()) {
    found.emplace_back(fault.at("pointer").as_string());
  }
  return found;
}

class ProgressionRoutes : public ::testing::TestWithParam<StoresCase> {
 protected:
  void earn_xp(std::int64_t xp) { service_.take_in({delivery(next_++, "a", core::Progression{xp, {}}, at(10))}); }
  static std::string claim_body(const std::string& reward) {
    return R"({"player_id":"a","reward_id":")" + reward + R"("})";
  }
  std::string claimed_token() {
    earn_xp(100);
    return std::string(body_of(service_.post(kClaim, claim_body("level2"))).at("token").as_string());
  }
  static std::string token_body(const std::string& token) { return R"({"token":")" + token + R"("})"; }

  int next_ = 1;
  Service service_{GetParam().make()};
};

TEST_P(ProgressionRoutes, ProgressHasTheShapeOfTheContract) {
  service_.take_in({delivery(100, "a", core::BossKill{.boss_id = core::BossId::trusted("dragon")}, at(5))});
  earn_xp(80);
  const auto response = service_.get(kProgress, "a");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(json::parse(response.body), json::parse(R"({"player_id":"a","xp":120,"level":2,"next_level_xp":250,
      "season":{"id":"s1","xp":120},"boss_kills":{"dragon":1},"version":2,"updated_at":")" +
                                                    core::format_rfc3339(at(3600)) + R"("})"));
}

TEST_P(ProgressionRoutes, ProgressBetweenSeasonsHasNoSeason) {
  earn_xp(300);
  service_.clock.advance(std::chrono::days(10));
  const auto body = body_of(service_.get(kProgress, "a"));
  EXPECT_TRUE(body.at("season").is_null());
  EXPECT_TRUE(body.at("next_level_xp").is_null());
}

TEST_P(ProgressionRoutes, UnknownPlayerIs404AndABadIdIs400) {
  for (const char* route : {kProgress, kInventory, kRewards}) {
    EXPECT_EQ(service_.get(route, "nobody").status, 404) << route;
    EXPECT_EQ(service_.get(route, "no body").status, 400) << route;
  }
}

TEST_P(ProgressionRoutes, StoreThatIsAwayIs503) {
  service_.progress_store.away = true;
  EXPECT_EQ(service_.get(kProgress, "a").status, 503);
}

TEST_P(ProgressionRoutes, InventoryListsItems) {
  const core::DropClaimed drop{core::DropId::trusted("d1"), core::ItemId::trusted("sword"), 2, {}};
  service_.take_in({delivery(1, "a", drop, at(1))});
  EXPECT_EQ(service_.get(kInventory, "a").body, R"({"player_id":"a","items":[{"item_id":"sword","quantity":2}]})");
}

TEST_P(ProgressionRoutes, RewardsShowLockedEarnedAndClaimed) {
  earn_xp(100);
  service_.post(kClaim, claim_body("level2"));
  const auto body = body_of(service_.get(kRewards, "a"));
  const auto& rewards = body.at("rewards").as_array();
  ASSERT_EQ(rewards.size(), 3U);
  EXPECT_EQ(rewards[0].at("state").as_string(), "claimed");
  EXPECT_TRUE(rewards[0].as_object().contains("receipt_id"));
  EXPECT_EQ(rewards[1].at("state").as_string(), "locked");
  EXPECT_EQ(rewards[1].at("progress"), json::parse(R"({"current":0,"required":2})"));
  EXPECT_EQ(rewards[2].at("state").as_string(), "earned");
  EXPECT_EQ(rewards[2].at("season").as_string(), "s1");
}

TEST_P(ProgressionRoutes, RewardsCanBeSeenInAnotherSeason) {
  earn_xp(100);
  const auto body = body_of(service_.get(kRewards, "a", "season=s2"));
  EXPECT_EQ(body.at("rewards").as_array()[2].at("state").as_string(), "locked");
  EXPECT_EQ(service_.get(kRewards, "a", "season=nope").status, 404);
}

TEST_P(ProgressionRoutes, ClaimGivesReceiptAndTokenAndTheSameBytesAgain) {
  earn_xp(100);
  const auto first = service_.post(kClaim, claim_body("level2"));
  EXPECT_EQ(first.status, 200);
  service_.clock.advance(std::chrono::hours(1));
  EXPECT_EQ(service_.post(kClaim, claim_body("level2")).body, first.body);
  const auto body = body_of(first);
  const auto receipt = service_.signer.verify(std::string(body.at("token").as_string())).value();
  EXPECT_EQ(receipt.id.str(), body.at("receipt").at("receipt_id").as_string());
  EXPECT_EQ(receipt.player_id, player("a"));
  EXPECT_EQ(service_.get(kInventory, "a").body, R"({"player_id":"a","items":[{"item_id":"gem","quantity":3}]})");
  EXPECT_EQ(body_of(service_.get(kProgress, "a")).at("version").as_int64(), 2);
  EXPECT_EQ(service_.metrics.value("liveops_progression_reward_claims_total{outcome=repeated}"), 1);
}

TEST_P(ProgressionRoutes, ClaimOfWhatIsNotEarnedIs409AndOfWhatIsNotThere404) {
  EXPECT_EQ(service_.post(kClaim, claim_body("level2")).status, 404);  // no such player
  earn_xp(10);
  EXPECT_EQ(service_.post(kClaim, claim_body("level2")).status, 409);
  const auto unknown = service_.post(kClaim, claim_body("crown"));
  EXPECT_EQ(unknown.status, 404);
  EXPECT_THAT(unknown.body, HasSubstr("level2, slayer, season"));
}

TEST_P(ProgressionRoutes, SeasonalRewardIsClaimedInItsSeasonAlsoAfterwards) {
  earn_xp(60);
  service_.clock.advance(std::chrono::hours(24));
  EXPECT_EQ(service_.post(kClaim, claim_body("season")).status, 409);  // s2 runs, nothing earned there
  const auto claimed = service_.post(kClaim, R"({"player_id":"a","reward_id":"season","season":"s1"})");
  EXPECT_EQ(claimed.status, 200);
  EXPECT_EQ(body_of(claimed).at("receipt").at("season").as_string(), "s1");
  EXPECT_EQ(service_.post(kClaim, R"({"player_id":"a","reward_id":"season","season":"s9"})").status, 404);
  const auto misplaced = service_.post(kClaim, R"({"player_id":"a","reward_id":"level2","season":"s1"})");
  EXPECT_EQ(misplaced.status, 400);
  EXPECT_THAT(pointers(misplaced), ElementsAre("#/season"));
}

TEST_P(ProgressionRoutes, SeasonalClaimBetweenSeasonsMustNameOne) {
  earn_xp(60);
  service_.clock.advance(std::chrono::days(10));
  EXPECT_EQ(service_.post(kClaim, claim_body("season")).status, 409);
}

TEST_P(ProgressionRoutes, EveryFaultOfAClaimIsNamed) {
  EXPECT_THAT(pointers(service_.post(kClaim, R"({"player_id":7,"rewardid":"x"})")),
              ::testing::UnorderedElementsAre("#/rewardid", "#/player_id", "#/reward_id"));
  EXPECT_THAT(pointers(service_.post(kClaim, R"({"player_id":"a b","reward_id":""})")),
              ElementsAre("#/player_id", "#/reward_id"));
  for (const char* body : {"", "[]", "{", "null", R"({"player_id":"a","reward_id":"level2"} x)"}) {
    const auto refused = service_.post(kClaim, body);
    EXPECT_EQ(refused.status, 400) << body;
    EXPECT_THAT(pointers(refused), ElementsAre("#")) << body;
  }
  EXPECT_EQ(service_.post(kClaim, R"({"player_id":"a","player_id":"b","reward_id":"level2"})").status, 400);
}

TEST_P(ProgressionRoutes, AReceiptOfADisqualifiedPlayerIsRevokedUntilHeIsReinstated) {
  const auto token = token_body(claimed_token());
  const auto judge = [&](std::int64_t version, bool disqualified) {
    core::StandingChange change{.player_id = player("a"), .version = version, .at = at(3600), .reason = "why"};
    if (disqualified) change.disqualified = {.since = at(3600), .reason = "bot"};
    const std::vector<ports::Delivery> deliveries{{core::encode_standing_change(change), "t", 1}};
    EXPECT_TRUE(run(service_.service.revocations().handle(deliveries))->empty());
  };
  judge(1, true);
  const auto revoked = body_of(service_.post(kVerify, token));
  EXPECT_FALSE(revoked.at("valid").as_bool());
  EXPECT_THAT(std::string(revoked.at("reason").as_string()), HasSubstr("disqualified"));
  EXPECT_EQ(revoked.at("revoked_at").as_string(), core::format_rfc3339(at(3600)));
  const auto refused = service_.post(kRedeem, token);
  EXPECT_EQ(refused.status, 409);
  EXPECT_THAT(std::string(body_of(refused).at("type").as_string()), HasSubstr("receipt-revoked"));
  EXPECT_EQ(service_.post(kClaim, claim_body("slayer")).status, 403);
  EXPECT_EQ(service_.metrics.value("liveops_progression_receipts_judged_total{outcome=revoked}"), 1);
  judge(2, false);
  EXPECT_TRUE(body_of(service_.post(kVerify, token)).at("valid").as_bool());
  EXPECT_EQ(service_.post(kRedeem, token).status, 200);
}

TEST_P(ProgressionRoutes, ReceiptIsVerifiedThenRedeemedOnce) {
  const auto token = token_body(claimed_token());
  const auto fresh = body_of(service_.post(kVerify, token));
  EXPECT_TRUE(fresh.at("valid").as_bool());
  EXPECT_FALSE(fresh.contains("redeemed_at"));
  const auto redeemed = service_.post(kRedeem, token);
  EXPECT_EQ(redeemed.status, 200);
  EXPECT_EQ(body_of(redeemed).at("redeemed_at").as_string(), core::format_rfc3339(at(3600)));
  EXPECT_EQ(body_of(redeemed).at("receipt"), fresh.at("receipt"));
  service_.clock.advance(std::chrono::hours(1));
  const auto again = service_.post(kRedeem, token);
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(body_of(again).at("redeemed_at").as_string(), core::format_rfc3339(at(3600)));
  EXPECT_EQ(body_of(service_.post(kVerify, token)).at("redeemed_at").as_string(), core::format_rfc3339(at(3600)));
}

TEST_P(ProgressionRoutes, TokenThatIsNotOursIsNotValidAndCannotBeRedeemed) {
  auto forged = claimed_token();
  forged[forged.size() - 5] = forged[forged.size() - 5] == 'A' ? 'B' : 'A';
  for (const auto& token : {forged, std::string("x.y.z"), std::string()}) {
    const auto verified = body_of(service_.post(kVerify, token_body(token)));
    EXPECT_FALSE(verified.at("valid").as_bool());
    EXPECT_FALSE(verified.at("reason").as_string().empty());
    const auto refused = service_.post(kRedeem, token_body(token));
    EXPECT_EQ(refused.status, 400);
    EXPECT_THAT(pointers(refused), ElementsAre("#/token"));
  }
}

TEST_P(ProgressionRoutes, ReceiptThatIsNotOnRecordIsNotValid) {
  const core::Receipt receipt{.id = core::ReceiptId::trusted("r-lost"),
                              .issuer = "liveops",
                              .player_id = player("a"),
                              .reward_id = reward("level2"),
                              .items = {},
                              .season = {},
                              .issued_at = at(0)};
  const auto token = token_body(service_.signer.sign(receipt).token);
  EXPECT_FALSE(body_of(service_.post(kVerify, token)).at("valid").as_bool());
  EXPECT_EQ(service_.post(kRedeem, token).status, 404);
}

TEST_P(ProgressionRoutes, JwksIsASetOfKeys) {
  EXPECT_TRUE(body_of(service_.get("/.well-known/jwks.json")).at("keys").is_array());
}

INSTANTIATE_TEST_SUITE_P(Adapters, ProgressionRoutes, ::testing::ValuesIn(all_stores()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace liveops::test
