#include "fairness/async/shift_step.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace liveops::fairness::async {
namespace {

constexpr float kLeastBefore = 30;  // values to compare with
constexpr std::size_t kLeastUnitsBefore = 2;
constexpr std::size_t kLeastForSlope = 4;
constexpr float kSlopeErrors = 1.5F;  // standard errors from which a player is taken to have been rising
constexpr float kLeastError = 1e-6F;

/// A unit on the way: x is the values so far, to its middle.
struct Point {
  float x = 0;
  float y = 0;
  float n = 0;
  float weight = 0;
};

struct Points {
  std::array<Point, kUnits + 1> all{};
  std::size_t count = 0;
  bool has_base = false;

  [[nodiscard]] std::span<const Point> before(std::size_t span) const { return {all.data(), count - span}; }
  [[nodiscard]] std::span<const Point> latest(std::size_t span) const { return {all.data() + (count - span), span}; }
};

Points points_of(const StreamState& stream, const StepScales& scales) {
  Points points;
  float x = 0;
  const auto add = [&](float mean, float n, float units) {
    const float weight = 1 / (scales.mood / units + scales.variance / n);
    points.all[points.count++] = {.x = x + n / 2, .y = mean, .n = n, .weight = weight};
    x += n;
  };
  points.has_base = stream.base_n > 0;
  if (points.has_base) add(stream.base, stream.base_n, kUnits);
  for (std::size_t back = stream.kept; back > 0; --back) {
    const Part unit = part_of(stream, back - 1, 1);
    add(unit.mean(), unit.n, 1);
  }
  return points;
}

/// Weighted means, and what a slope is made of.
struct Moments {
  float weight = 0;
  float n = 0;
  float x = 0;
  float y = 0;
  float xx = 0;
  float xy = 0;
};
Moments moments_of(std::span<const Point> points) {
  Moments moments;
  for (const Point& point : points) {
    moments.weight += point.weight;
    moments.n += point.n;
    moments.x += point.weight * point.x;
    moments.y += point.weight * point.y;
  }
  moments.x /= moments.weight;
  moments.y /= moments.weight;
  for (const Point& point : points) {
    moments.xx += point.weight * (point.x - moments.x) * (point.x - moments.x);
    moments.xy += point.weight * (point.x - moments.x) * (point.y - moments.y);
  }
  return moments;
}

}  // namespace

Part part_of(const StreamState& stream, std::size_t skip, std::size_t count) {
  Part part;
  for (std::size_t back = skip; back < std::min<std::size_t>(stream.kept, skip + count); ++back) {
    const std::size_t at = (stream.next + 2 * kUnits - 1 - back) % kUnits;
    const auto n = static_cast<float>(stream.sizes[at]);
    part.sum += n * static_cast<float>(stream.means[at]) / kMeanSteps;
    part.n += n;
    ++part.units;
  }
  return part;
}

Step step_of(const StreamState& stream, std::size_t span, const StepScales& scales) {
  const Points points = points_of(stream, scales);
  if (stream.kept < span || points.count < span + (points.has_base ? 1 : kLeastUnitsBefore)) return {};
  const Moments before = moments_of(points.before(span));
  const Moments latest = moments_of(points.latest(span));
  if (before.n < kLeastBefore) return {};
  Step step{.size = scales.sign * (latest.y - before.y),
            .error = std::max(kLeastError, 1 / before.weight + 1 / latest.weight),
            .samples = static_cast<std::uint32_t>(latest.n),
            .streams = 1};
  const float xx = before.xx + latest.xx;
  if (points.count < kLeastForSlope || xx <= 0) return step;
  const float slope = scales.sign * (before.xy + latest.xy) / xx;
  if (slope < kSlopeErrors / std::sqrt(xx)) return step;
  const float way = latest.x - before.x;
  step.size -= way * std::min(slope, scales.most_slope);
  if (slope < scales.most_slope) step.error += way * way / xx;
  return step;
}

bool slope_of(const StreamState& stream, const StepScales& scales, float& slope) {
  const Points points = points_of(stream, scales);
  if (points.count < kLeastForSlope) return false;
  const Moments all = moments_of(points.latest(points.count));
  if (all.xx <= 0) return false;
  slope = scales.sign * all.xy / all.xx;
  return true;
}

}  // namespace liveops::fairness::async
