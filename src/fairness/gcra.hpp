#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace liveops::fairness {

/// Generic cell rate algorithm, virtual scheduling form (ITU-T I.371): `per_second` on average, `burst` at once.
///
/// With increment T and tolerance tau = (burst - 1) T: TAT' = max(now, TAT) + T, refused when TAT' - now > tau + T, and
/// then not stored. State is one integer, the theoretical arrival time.
class Gcra {
 public:
  Gcra(double per_second, double burst)
      : increment_us_(std::max<std::int64_t>(1, std::llround(1e6 / std::max(per_second, 1e-6)))),
        tolerance_us_(std::llround((std::max(burst, 1.0) - 1) * static_cast<double>(increment_us_))) {}

  [[nodiscard]] std::int64_t next(std::int64_t tat_us, std::int64_t now_us) const {
    return std::max(now_us, tat_us) + increment_us_;
  }
  [[nodiscard]] bool conforms(std::int64_t next_tat_us, std::int64_t now_us) const {
    return next_tat_us - now_us <= tolerance_us_ + increment_us_;
  }
  /// The first instant at which one more conforms.
  [[nodiscard]] std::int64_t retry_at(std::int64_t tat_us) const { return tat_us - tolerance_us_; }
  /// How many events the bucket holds at `now`.
  [[nodiscard]] double fill(std::int64_t tat_us, std::int64_t now_us) const {
    return static_cast<double>(std::max<std::int64_t>(0, tat_us - now_us)) / static_cast<double>(increment_us_);
  }
  [[nodiscard]] double size() const {
    return static_cast<double>(tolerance_us_) / static_cast<double>(increment_us_) + 1;
  }

 private:
  std::int64_t increment_us_;
  std::int64_t tolerance_us_;
};

}  // namespace liveops::fairness
