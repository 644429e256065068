#include "fairness/explanation.hpp"

#include <gtest/gtest.h>

namespace liveops::fairness {
namespace {

TEST(Explanation, OfAwardsComparesWithThePlayersOwnPastAndWithPeers) {
  const Finding finding{.detector = Detector::award_tail,
                        .action = core::VerdictAction::throttle,
                        .field = Field::score,
                        .observed = 41'000,
                        .expected = 10'000,
                        .evidence = 2.34e7F,
                        .threshold = 2e7F,
                        .peer_quantile = 0.99987F,
                        .events = 260,
                        .since = 200};
  EXPECT_EQ(explain(finding),
            "score of 41000 is 4.1x the player's own usual 10000 and above that of 99.98 % of peers; expected once in "
            "23.4 million events, the bar is 20000000; it began 60 events ago");
}

TEST(Explanation, SaysWhenABlockBecameAThrottle) {
  const Finding finding{.detector = Detector::hard_bound, .governed = true, .observed = 9, .expected = 5};
  EXPECT_TRUE(explain(finding).ends_with("a throttle in place of a block, since there were too many blocks this hour"));
}

TEST(Explanation, ToPlayersNamesNoLimit) {
  for (std::size_t i = 0; i < kDetectors; ++i) {
    const auto detector = static_cast<Detector>(i);
    EXPECT_FALSE(explain(Finding{.detector = detector}).empty());
    const std::string_view text = player_safe_reason(detector);
    EXPECT_FALSE(text.empty());
    EXPECT_EQ(text.find_first_of("0123456789"), std::string_view::npos);
  }
}

}  // namespace
}  // namespace liveops::fairness
