#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

namespace liveops::fairness {

/// e^x to 2e-7 of its value, for |x| below 60: the same on every machine, and quicker than the library's.
[[nodiscard]] inline float quick_exp(float x) {
  const float scaled = x * 1.44269504F;
  const auto whole = static_cast<std::int32_t>(scaled + (scaled < 0 ? -0.5F : 0.5F));
  const float f = (x - static_cast<float>(whole) * 0.693359375F) + static_cast<float>(whole) * 2.12194440e-4F;
  // Minimax polynomial of e^f on +-ln(2)/2 (Cephes expf).
  float p = 1.9875691500e-4F;
  p = p * f + 1.3981999507e-3F;
  p = p * f + 8.3334519073e-3F;
  p = p * f + 4.1665795894e-2F;
  p = p * f + 1.6666665459e-1F;
  p = p * f + 5.0000001201e-1F;
  p = p * f * f + f + 1.0F;
  return p * std::bit_cast<float>((whole + 127) << 23);
}

/// Shiryaev-Roberts evidence R in 16 bits: the upper half of a float, 0.4 % exact. All bits zero is no evidence.
///
/// R <- (1 + R) L with E[L] <= 1 under honest play makes E[R] grow by at most 1 an event, so that a bar of N is met
/// once in N honest events at most (Pollak 1985; Shiryaev 1963).
class StoredEvidence {
 public:
  [[nodiscard]] float value() const { return std::bit_cast<float>(static_cast<std::uint32_t>(bits_) << 16U); }
  void set(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(std::min(value, kMost));
    bits_ = static_cast<std::uint16_t>((bits + 0x7fffU + ((bits >> 16U) & 1U)) >> 16U);
  }
  void add(float log_ratio) { set((1.0F + value()) * quick_exp(log_ratio)); }
  void scale(float factor) { set(value() * factor); }

 private:
  static constexpr float kMost = 1e30F;
  std::uint16_t bits_;
};

}  // namespace liveops::fairness
