#include "leaderboard/composite_score.hpp"

#include <algorithm>
#include <bit>

namespace liveops::leaderboard {

namespace {

constexpr int kExactBits = 53;  // of an IEEE 754 double, which is what a ZSET keeps

int bits_of(std::int64_t value) {
  return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(value)));
}

}  // namespace

CompositeScore::CompositeScore(core::BoardOrder order, std::int64_t max_score, core::Timestamp opens_at,
                               core::Timestamp closes_at)
    : order_(order), max_score_(max_score), opens_at_(opens_at), slot_bits_(kExactBits - bits_of(max_score)) {
  const std::int64_t slots = std::int64_t{1} << slot_bits_;
  const std::int64_t length_us = std::max<std::int64_t>(1, (closes_at - opens_at).count());
  last_slot_ = slots - 1;
  step_us_ = (length_us - 1) / slots + 1;
}

CompositeScore::CompositeScore(const ports::StandingsSpec& spec)
    : CompositeScore(spec.operation.order, spec.operation.max_score, spec.opens_at, spec.closes_at) {}

std::int64_t CompositeScore::pack(std::int64_t score, core::Timestamp achieved_at) const {
  const std::int64_t within = std::clamp<std::int64_t>(score, 0, max_score_);
  const std::int64_t merit = order_ == core::BoardOrder::highest ? within : max_score_ - within;
  const std::int64_t elapsed_us = std::max<std::int64_t>(0, (achieved_at - opens_at_).count());
  const std::int64_t slot = std::min(elapsed_us / step_us_, last_slot_);
  return (merit << slot_bits_) | (last_slot_ - slot);
}

std::int64_t CompositeScore::score_of(std::int64_t packed) const {
  const std::int64_t merit = packed >> slot_bits_;
  return order_ == core::BoardOrder::highest ? merit : max_score_ - merit;
}

}  // namespace liveops::leaderboard
