#include "fairness/explanation.hpp"

#include <gtest/gtest.h>

namespace liveops::fairness {
namespace {

TEST(Explanation, OfAwardsComparesWithThePlayersOwnPastAndWithPeers) {
  const Finding finding{.detector = Detector::award_level,
                        .action = core::VerdictAction::throttle,
                        .channel = Channel::progression_score,
                        .observed = 41'000,
                        .expected = 10'000,
                        .evidence = 91.5,
                        .threshold = 90,
                        .peer_quantile = 1};
  EXPECT_EQ(explain(finding),
            "progression score of 41000 is 4.1x the player's own usual 10000 and above the usual of 99.9 % of peers; "
            "evidence 91.5 reached 90");
}

TEST(Explanation, ToPlayersNamesNoLimit) {
  for (const Detector detector : {Detector::hard_bound, Detector::burst, Detector::sustained, Detector::award_level}) {
    const std::string_view text = player_safe_reason(detector);
    EXPECT_FALSE(text.empty());
    EXPECT_EQ(text.find_first_of("0123456789"), std::string_view::npos);
  }
}

}  // namespace
}  // namespace liveops::fairness
