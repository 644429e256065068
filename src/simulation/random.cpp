#include "simulation/random.hpp"

#include <cmath>
#include <numbers>

namespace liveops::simulation {
namespace {

constexpr std::uint64_t kGamma = 0x9e3779b97f4a7c15U;

std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

}  // namespace

Random::Random(std::uint64_t seed, std::uint64_t stream) : state_(mix(mix(seed + kGamma) ^ (stream * kGamma + 1))) {}

std::uint64_t Random::bits() {
  state_ += kGamma;
  return mix(state_);
}

double Random::normal() {
  const double radius = std::sqrt(2 * exponential());
  return radius * std::cos(2 * std::numbers::pi * uniform());
}

double Random::exponential() {
  return -std::log1p(-uniform());
}

double Random::pareto(double alpha) {
  return std::exp(exponential() / alpha);
}

double Random::log_uniform(double low, double high) {
  return low * std::exp(uniform() * std::log(high / low));
}

}  // namespace liveops::simulation
