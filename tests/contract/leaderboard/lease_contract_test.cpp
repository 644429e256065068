#include <gtest/gtest.h>

#include "tests/contract/leaderboard/adapters.hpp"
#include "tests/support/run_task.hpp"

namespace liveops {
namespace {

using std::chrono::milliseconds;

class LeasesContract : public ::testing::TestWithParam<contract::StoresAdapter> {
 protected:
  bool acquire(const char* holder, const char* name = "n") {
    return test::run(fixture_->leases().acquire({name, holder, kTerm})).value();
  }
  bool renew(const char* holder, const char* name = "n") {
    return test::run(fixture_->leases().renew({name, holder, kTerm})).value();
  }
  void release(const char* holder, const char* name = "n") {
    ASSERT_TRUE(test::run(fixture_->leases().release(name, holder)));
  }

  static constexpr milliseconds kTerm{600'000};
  std::unique_ptr<contract::StoresFixture> fixture_ = GetParam().make();
};

TEST_P(LeasesContract, OneHolderHasItAndAnotherGetsItWhenItsTermHasEnded) {
  EXPECT_TRUE(acquire("a"));
  EXPECT_TRUE(acquire("a")) << "again: it is prolonged";
  EXPECT_FALSE(acquire("b"));
  fixture_->pass(kTerm / 2);
  EXPECT_FALSE(acquire("b"));
  fixture_->pass(kTerm);
  EXPECT_TRUE(acquire("b"));
  EXPECT_FALSE(acquire("a"));
}

TEST_P(LeasesContract, RenewingKeepsItAndDoesNotTakeWhatIsLost) {
  EXPECT_FALSE(renew("a")) << "nobody holds it";
  EXPECT_TRUE(acquire("a"));
  fixture_->pass(kTerm / 2);
  EXPECT_TRUE(renew("a"));
  fixture_->pass(kTerm / 2 + milliseconds(1000));
  EXPECT_FALSE(acquire("b")) << "the term counts from the renewal";
  fixture_->pass(kTerm);
  EXPECT_TRUE(acquire("b"));
  EXPECT_FALSE(renew("a"));
  EXPECT_TRUE(renew("b"));
}

TEST_P(LeasesContract, ReleasedByItsHolderItIsFreeAtOnce) {
  EXPECT_TRUE(acquire("a"));
  release("b");
  EXPECT_FALSE(acquire("b")) << "it was not b's to release";
  release("a");
  EXPECT_TRUE(acquire("b"));
  release("b");
  release("b");
}

TEST_P(LeasesContract, DutiesOfDifferentNamesAreIndependent) {
  EXPECT_TRUE(acquire("a", "one"));
  EXPECT_TRUE(acquire("b", "two"));
  release("a", "one");
  EXPECT_FALSE(acquire("a", "two"));
}

INSTANTIATE_TEST_SUITE_P(Adapters, LeasesContract, ::testing::ValuesIn(contract::stores_adapters()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace liveops
