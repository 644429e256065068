#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "simulation/stream.hpp"

namespace liveops::simulation {
namespace {

/// What 14 days of a cohort look like. How many events there are in a round matters to none of the figures, so that
/// rounds of few events will do.
class Cohort {
 public:
  static constexpr std::uint32_t kPlayers = 10'000;
  static constexpr std::size_t kDays = 14;

  Cohort() {
    Parameters parameters;
    for (double Parameters::* interval : {&Parameters::combo_s, &Parameters::usual_s, &Parameters::slow_s}) {
      parameters.*interval = 25;
    }
    Stream stream(parameters, {.seed = 11, .players = kPlayers, .days = kDays, .cohort = true});
    std::vector<std::vector<bool>> active(kPlayers, std::vector<bool>(kDays + 1));
    while (const auto event = stream.next()) active[event->player][static_cast<std::size_t>(event->at / kDay)] = true;
    for (std::uint32_t i = 0; i < kPlayers; ++i) {
      rounds_.push_back(stream.rounds(i));
      for (std::size_t day = 0; day < kDays; ++day) back_[day] += active[i][day] ? 1.0 / kPlayers : 0;
    }
    std::ranges::sort(rounds_);
  }

  [[nodiscard]] double rounds(double quantile) const {
    return rounds_[static_cast<std::size_t>(quantile * (kPlayers - 1))];
  }
  /// Share of players who play on this day after the one of their installation.
  [[nodiscard]] double back_on(std::size_t day) const { return back_[day]; }

 private:
  std::vector<double> rounds_;
  std::array<double, kDays> back_{};
};

const Cohort& cohort() {
  static const Cohort kCohort;
  return kCohort;
}

void expect_within(double got, double wanted, double tolerance) {
  EXPECT_NEAR(got, wanted, tolerance * wanted);
}

// The figures are those of 90,189 accounts of a mobile puzzle game in their first 14 days.
TEST(SimulationCalibration, RoundsArePlayedAsByRealAccounts) {
  expect_within(cohort().rounds(0.50), 16, 0.15);
  expect_within(cohort().rounds(0.75), 51, 0.10);
  expect_within(cohort().rounds(0.90), 134, 0.10);
  expect_within(cohort().rounds(0.95), 221, 0.10);
  expect_within(cohort().rounds(0.99), 493, 0.20);
  expect_within(cohort().rounds(0.999), 1074, 0.20);
}

TEST(SimulationCalibration, PlayersComeBackAsRealOnesDo) {
  expect_within(cohort().back_on(1), 0.445, 0.06);
  expect_within(cohort().back_on(7), 0.186, 0.10);
}

}  // namespace
}  // namespace liveops::simulation
