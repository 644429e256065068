#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "backtest/judge.hpp"

namespace liveops::backtest {

/// A rule of thumb that gives each event a score; who exceeds a threshold is flagged and the event refused. What
/// threshold is fair to compare with is found by `threshold_for` (threshold.hpp).
///
/// Threads: one.
class Baseline {
 public:
  virtual ~Baseline() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// The higher the more suspicious. Events come in time order.
  [[nodiscard]] virtual double score(const Item& item) = 0;
  /// A new one that has seen nothing.
  [[nodiscard]] virtual std::unique_ptr<Baseline> fresh() const = 0;
};

/// Fixed limits for everybody: events within a second, and the award of an event. The score is the larger share of
/// its limit; what the limits are does not matter but for their ratio.
class FixedThresholds final : public Baseline {
 public:
  struct Limits {
    double events_per_second = 20;
    double award = 5000;
  };
  explicit FixedThresholds(Limits limits) : limits_(limits) {}
  [[nodiscard]] std::string_view name() const override { return "fixed thresholds"; }
  [[nodiscard]] double score(const Item& item) override;
  [[nodiscard]] std::unique_ptr<Baseline> fresh() const override { return std::make_unique<FixedThresholds>(limits_); }

 private:
  struct Second {
    core::Timestamp began;
    std::uint32_t events = 0;
  };
  Limits limits_;
  std::vector<Second> seconds_;
};

/// One token bucket a player (GCRA) and nothing else. The score is how full the bucket is, in events.
class RateOnly final : public Baseline {
 public:
  explicit RateOnly(double events_per_second) : per_second_(events_per_second) {}
  [[nodiscard]] std::string_view name() const override { return "GCRA only"; }
  [[nodiscard]] double score(const Item& item) override;
  [[nodiscard]] std::unique_ptr<Baseline> fresh() const override { return std::make_unique<RateOnly>(per_second_); }

 private:
  struct Bucket {
    core::Timestamp at;
    double events = 0;
  };
  double per_second_;
  std::vector<Bucket> buckets_;
};

/// How many standard deviations an award lies above the player's own mean (Welford, logarithms, a type at a time).
class PersonalZ final : public Baseline {
 public:
  [[nodiscard]] std::string_view name() const override { return "personal z"; }
  [[nodiscard]] double score(const Item& item) override;
  [[nodiscard]] std::unique_ptr<Baseline> fresh() const override { return std::make_unique<PersonalZ>(); }

 private:
  struct Moments {
    double count = 0;
    double mean = 0;
    double squares = 0;
  };
  std::vector<std::array<Moments, core::kEventTypes>> players_;
};

/// A baseline with its threshold: above it the player is flagged and the event refused.
class BaselineJudge final : public Judge {
 public:
  BaselineJudge(std::unique_ptr<Baseline> baseline, double threshold)
      : baseline_(std::move(baseline)), threshold_(threshold) {}
  void judge(const Item& item, Judgement& judgement) override;

 private:
  std::unique_ptr<Baseline> baseline_;
  double threshold_;
};

/// The score of an event, or else its XP or quantity.
[[nodiscard]] double award_of(const core::Event& event);

}  // namespace liveops::backtest
